"""What a backend is: something that completes a canvas as a stream of frames."""

from collections.abc import Iterator, Sequence
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


class SeriesBackend(VideoBackend, Protocol):
    """A backend whose `info.shares_subject`: it can make several shots of one subject together."""

    def complete_together(
        self, canvas: Canvas, guidances: Sequence[Guidance], subject: str, cancel: CancelToken
    ) -> Iterator[Iterator[Completed]]:
        """The canvas completed once for each of `guidances`, shot by shot and frame by frame; what
        `subject` names in every prompt looks the same in all of them.

        Raises:
            WrongCall: A prompt does not say the subject, or the canvas is too long for one run.
            Cancelled: `cancel` was set.
        """
        ...
