"""The frames of a shot as backends see them: the hole painted over."""

from collections.abc import Callable, Iterator, Mapping

from longtake_engine.canvas import Known
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.tasks.inpaint.hiding import hide
from longtake_engine.tasks.inpaint.matte import Mattes
from longtake_engine.tasks.inpaint.pictures import Pictures


class HiddenFrames(Mapping[int, Known]):
    """Frames of a clip, read as they are asked for, with what `mattes` hides painted over."""

    def __init__(
        self,
        reader: VideoReader,
        frames: range,
        mattes: Mattes,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        """`check` is called before each picture is read, and raises to stop."""
        self._pictures = Pictures(reader, frames, check)
        self._mattes = mattes

    def __getitem__(self, frame: int) -> Known:
        picture = self._pictures[frame]
        if self._mattes.window(frame) is None:
            return Known(picture)
        return hide(picture, self._mattes.matte(frame))

    def __iter__(self) -> Iterator[int]:
        return iter(self._pictures)

    def __len__(self) -> int:
        return len(self._pictures)

    def __contains__(self, frame: object) -> bool:
        return frame in self._pictures
