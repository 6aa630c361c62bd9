"""The backends that remove: what other frames saw behind a hole comes back."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from longtake_engine.ability import ModelInfo
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
from longtake_engine.models.backend import Cost, VideoBackend
from longtake_engine.models.removal.shot import ALIGNED, RUN, TRAIL, Shot
from longtake_engine.models.removal.work import Work
from longtake_engine.models.synthesis import Synthesis
from longtake_engine.picture import PictureFormat
from longtake_engine.work import Guidance

THREADS = 2

DESCRIPTIONS = {
    "seen": "Brings back what other frames saw there, by the camera's move, then by all motion.",
    "align": "Brings back what other frames saw there, by the camera's move.",
    "flow": "Brings back what other frames saw there, by motion from frame to frame.",
}


@dataclass(frozen=True, slots=True)
class Removal:
    """Fills holes with what other frames of the shot saw there."""

    name: str  # of DESCRIPTIONS

    @property
    def info(self) -> ModelInfo:
        """Its name and abilities."""
        return ModelInfo(
            name=self.name,
            description=DESCRIPTIONS[self.name],
            tasks=("inpaint",),
            min_known_frames=1,
        )

    def context_frames(self, new_frames: int) -> int:
        """Frames to either side that a hole is filled from."""
        return ALIGNED + TRAIL

    def remade_frames(self, new_frames: int, known_frames: int) -> int:
        """None: what is known stays."""
        return 0

    def estimate(self, format: PictureFormat, wanted_frames: int) -> Cost:
        """Measured on two cores, with holes of a twentieth of the picture."""
        pixels = format.width * format.height
        return Cost(pixels * wanted_frames * 6e-7, pixels * 150 + (400 << 20))

    def complete(
        self, canvas: Canvas, guidance: Guidance, cancel: CancelToken
    ) -> Iterator[Completed]:
        """Each wanted frame, its hole filled."""
        shot = Shot(canvas)
        with ThreadPoolExecutor(THREADS) as pool:
            work = Work.begin(
                self.name, shot, pool, Synthesis(cancel, guidance.seed, cautious=True)
            )
            for start in range(canvas.wanted.start, canvas.wanted.stop, RUN):
                run = range(start, min(start + RUN, canvas.wanted.stop))
                yield from work.frames(run, cancel)


def make_removals() -> tuple[VideoBackend, ...]:
    """All of them, the best first."""
    return tuple(Removal(name) for name in DESCRIPTIONS)
