"""Backends for tests: quick, exact, and wrong only where they are told to be."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from longtake_engine.ability import ModelInfo
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed, Known
from longtake_engine.models.backend import Cost
from longtake_engine.picture import Picture, PictureFormat
from longtake_engine.work import Guidance


@dataclass(frozen=True, slots=True)
class Repeat:
    """Repeats the known frame at the join."""

    color_error: int = 0  # levels added to every plane of what it makes
    remade: int = 0  # known frames at the join that it makes anew

    @property
    def info(self) -> ModelInfo:
        """Its name and abilities."""
        return ModelInfo(
            name="repeat",
            description="Repeats a frame.",
            tasks=("extend",),
            min_known_frames=1,
            remakes_known_frames=self.remade > 0,
        )

    def context_frames(self, new_frames: int) -> int:
        """The frame at the join and the ones it remakes."""
        return 1 + self.remade

    def remade_frames(self, new_frames: int, known_frames: int) -> int:
        """As told."""
        return min(self.remade, known_frames - 1)

    def estimate(self, format: PictureFormat, wanted_frames: int) -> Cost:
        """Nothing."""
        return Cost(0.0, 0)

    def complete(
        self, canvas: Canvas, guidance: Guidance, cancel: CancelToken
    ) -> Iterator[Completed]:
        """The frame at the join, again and again."""
        join = max(canvas.known) if canvas.forward else min(canvas.known)
        picture = canvas.known[join].picture
        planes = tuple((p + self.color_error).astype(p.dtype) for p in picture.planes)
        for frame in canvas.wanted:
            cancel.check()
            yield Completed(frame, Picture(planes, picture.format))


@dataclass(frozen=True, slots=True)
class Uncover:
    """Fills each hidden place with what the nearest frame shows there; right before a camera that
    stands still. What no frame shows stays as it is."""

    name: str = "uncover"
    color_error: int = 0  # levels added to every plane of all that it makes, hidden or not

    @property
    def info(self) -> ModelInfo:
        """Its name and abilities."""
        return ModelInfo(
            name=self.name,
            description="Uncovers.",
            tasks=("inpaint", "outpaint"),
            min_known_frames=1,
        )

    def context_frames(self, new_frames: int) -> int:
        """All there are."""
        return 1 << 30

    def remade_frames(self, new_frames: int, known_frames: int) -> int:
        """None."""
        return 0

    def estimate(self, format: PictureFormat, wanted_frames: int) -> Cost:
        """Something."""
        return Cost(0.001 * wanted_frames, 1)

    def complete(
        self, canvas: Canvas, guidance: Guidance, cancel: CancelToken
    ) -> Iterator[Completed]:
        """Every wanted frame with its hole filled."""
        for frame in canvas.wanted:
            cancel.check()
            known = canvas.known[frame]
            hidden = _hidden(known)
            planes = [plane.copy() for plane in known.picture.planes]
            for other in sorted(canvas.known, key=lambda n: abs(n - frame)):
                if not hidden.any():
                    break
                there = canvas.known[other]
                shown = hidden & ~_hidden(there)
                for plane, source in zip(planes, there.picture.planes, strict=True):
                    where = _at(shown, plane.shape)
                    plane[where] = source[where]
                hidden &= ~shown
            made = tuple((plane + self.color_error).astype(plane.dtype) for plane in planes)
            seen = (~hidden).astype(np.float32)
            yield Completed(frame, Picture(made, canvas.format), seen)


def _hidden(known: Known) -> np.ndarray:
    """H W bool."""
    luma = known.picture.luma
    return np.zeros(luma.shape, bool) if known.mask is None else known.mask < 1


def _at(shown: np.ndarray, size: tuple[int, ...]) -> np.ndarray:
    """What of a plane of this size may be taken: samples all of whose pixels are shown, or some
    where another frame gives the rest."""
    down, across = (-(-a // b) for a, b in zip(shown.shape, size, strict=True))
    return shown[::down, ::across][: size[0], : size[1]]
