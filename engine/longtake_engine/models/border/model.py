"""The backends that make borders."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from longtake_engine.ability import ModelInfo
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
from longtake_engine.models.backend import Cost, VideoBackend
from longtake_engine.models.border.scenery import Scenery
from longtake_engine.models.border.sighting import Sightings, Still
from longtake_engine.models.removal.camera import Camera
from longtake_engine.models.removal.shot import ALIGNED, Shot
from longtake_engine.picture import PictureFormat
from longtake_engine.work import Guidance

THREADS = 2

DESCRIPTIONS = {
    "surround": "Makes a border of what other frames saw there, and a still scene where none did.",
    "standing": "A still scene round the picture, as if the camera stood: for people near by.",
    "living": "As surround, but what no frame saw lives as the picture beside it does.",
}


@dataclass(frozen=True, slots=True)
class Border:
    """Makes the border of a picture."""

    name: str  # of DESCRIPTIONS

    @property
    def info(self) -> ModelInfo:
        """Its name and abilities."""
        return ModelInfo(
            name=self.name,
            description=DESCRIPTIONS[self.name],
            tasks=("outpaint",),
            min_known_frames=1,
        )

    def context_frames(self, new_frames: int) -> int:
        """Frames to either side that a border is made from."""
        return ALIGNED

    def remade_frames(self, new_frames: int, known_frames: int) -> int:
        """None: what is known stays."""
        return 0

    def estimate(self, format: PictureFormat, wanted_frames: int) -> Cost:
        """Measured on two cores, with borders of half the picture."""
        pixels = format.width * format.height
        return Cost(pixels * wanted_frames * 3e-6, pixels * 400 + (400 << 20))

    def complete(
        self, canvas: Canvas, guidance: Guidance, cancel: CancelToken
    ) -> Iterator[Completed]:
        """Each wanted frame, its border made."""
        shot = Shot(canvas)
        with ThreadPoolExecutor(THREADS) as pool:
            camera = Still(shot) if self.name == "standing" else Camera(shot)
            sightings = Sightings(shot, camera, pool, cancel)
            scenery = Scenery(
                shot,
                sightings,
                cancel,
                living=self.name == "living",
                seed=guidance.seed,
            )
            for frame in canvas.wanted:
                cancel.check()
                laid = sightings.laid(frame)
                seen = np.where(laid.blind, np.float32(0), np.float32(1))
                yield Completed(frame, scenery.fill(frame, laid), seen)


def make_borders() -> tuple[VideoBackend, ...]:
    """All of them, the best first."""
    return tuple(Border(name) for name in DESCRIPTIONS)
