"""The frames of a shot as backends see them: the old picture in the new one, the rest painted
over."""

from collections.abc import Callable, Iterator, Mapping

from longtake_engine.canvas import Known
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.tasks.inpaint.hiding import hide
from longtake_engine.tasks.inpaint.pictures import Pictures
from longtake_engine.tasks.outpaint.layout import Layout
from longtake_engine.tasks.outpaint.placing import Place, hidden_mask, lay


class LaidFrames(Mapping[int, Known]):
    """Frames of a clip, read as they are asked for, each laid where it belongs."""

    def __init__(
        self,
        reader: VideoReader,
        frames: range,
        layout: Layout,
        places: Mapping[int, Place],
        check: Callable[[], None] = lambda: None,
    ) -> None:
        """`check` is called before each picture is read, and raises to stop."""
        self._pictures = Pictures(reader, frames, check)
        self._layout = layout
        self._places = places
        self._hidden = hidden_mask(layout)

    def __getitem__(self, frame: int) -> Known:
        laid = lay(self._pictures[frame], self._layout, self._places[frame])
        return hide(laid, self._hidden)

    def __iter__(self) -> Iterator[int]:
        return iter(self._pictures)

    def __len__(self) -> int:
        return len(self._pictures)

    def __contains__(self, frame: object) -> bool:
        return frame in self._pictures
