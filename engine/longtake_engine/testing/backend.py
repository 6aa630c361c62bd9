"""A backend for tests: quick, exact, and wrong only where it is told to be."""

from collections.abc import Iterator
from dataclasses import dataclass

from longtake_engine.ability import ModelInfo
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
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
