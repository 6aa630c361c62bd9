"""What a backend is: something that completes a canvas as a stream of frames."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from longtake_engine.ability import ModelInfo
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
from longtake_engine.picture import PictureFormat
from longtake_engine.work import Guidance


@dataclass(frozen=True, slots=True)
class Cost:
    """What completing a canvas would take, besides reading and writing."""

    seconds: float
    memory_bytes: int


class VideoBackend(Protocol):
    """Completes canvases. Holds no state between calls; safe to call again with another canvas."""

    @property
    def info(self) -> ModelInfo:
        """Its name and abilities."""
        ...

    def context_frames(self, new_frames: int) -> int:
        """Known frames beside the join that it makes use of for `new_frames` new ones."""
        ...

    def remade_frames(self, new_frames: int, known_frames: int) -> int:
        """Known frames beside the join that it makes anew, 0 for most; fewer than
        `known_frames`."""
        ...

    def estimate(self, format: PictureFormat, wanted_frames: int) -> Cost:
        """What `wanted_frames` frames of this format would cost on two ordinary CPU cores."""
        ...

    def complete(
        self, canvas: Canvas, guidance: Guidance, cancel: CancelToken
    ) -> Iterator[Completed]:
        """Each wanted frame, in time order, as it exists.

        Raises:
            Cancelled: `cancel` was set; noticed between frames.
            BadInput: The known frames cannot be used.
        """
        ...
