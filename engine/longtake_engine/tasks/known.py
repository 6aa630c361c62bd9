"""Known frames of a clip, read as they are asked for."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping

from longtake_engine.canvas import Known
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.picture import Picture

HELD = 4  # pictures kept at hand: a backend looks at neighbours


class KnownFrames(Mapping[int, Known]):
    """The frames `frames` of a clip. Cheap to walk upward; holds a few pictures, however many
    there are.

    `frames` may leave frames out, and may number them anew: a mapping of numbers to frames, both
    rising. `change` is made to each picture.
    """

    def __init__(
        self,
        reader: VideoReader,
        frames: range | Mapping[int, int],
        change: Callable[[int, Picture], Picture] = lambda _, picture: picture,
    ) -> None:
        self._reader = reader
        self._frames = {n: n for n in frames} if isinstance(frames, range) else dict(frames)
        self._sources = frozenset(self._frames.values())
        self._change = change
        self._held: OrderedDict[int, Known] = OrderedDict()
        self._next = -1
        self._run: Iterator[Picture] | None = None

    def __getitem__(self, number: int) -> Known:
        frame = self._frames[number]
        if frame not in self._held:
            self._read_to(frame)
        return self._held[frame]

    def __iter__(self) -> Iterator[int]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)

    def __contains__(self, frame: object) -> bool:
        return frame in self._frames

    def _read_to(self, frame: int) -> None:
        if self._run is None or frame < self._next:
            self._run = self._reader.frames(frame, max(self._sources) + 1)
            self._next = frame
        while self._next <= frame:
            picture = next(self._run)
            if self._next in self._sources:
                self._held[self._next] = Known(self._change(self._next, picture))
            self._next += 1
            if len(self._held) > HELD:
                self._held.popitem(last=False)
