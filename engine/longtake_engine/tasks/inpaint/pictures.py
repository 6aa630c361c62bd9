"""The pictures of a clip, read as they are asked for."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from threading import Lock

from longtake_engine.media.video_reader import VideoReader
from longtake_engine.picture import Picture

HELD_BYTES = 256 << 20
FEWEST_HELD = 12  # however large the pictures are
MOST_HELD = 96
BACK = 16  # frames that are read before one that is gone back to: the next ones asked for
SKIPPED = 48  # frames that are read through rather than sought past


class Pictures(Mapping[int, Picture]):
    """The frames `frames` of a clip, cheap to go through either way.

    Holds as many pictures as fit `HELD_BYTES`, whatever is asked for. They are shared: nobody may
    write into them. Safe across threads.
    """

    def __init__(
        self, reader: VideoReader, frames: range, check: Callable[[], None] = lambda: None
    ) -> None:
        """`check` is called before each picture is read, and raises to stop."""
        self._reader = reader
        self._frames = frames
        self._check = check
        fitting = HELD_BYTES // reader.format.size_bytes
        self._most = min(MOST_HELD, max(FEWEST_HELD, fitting))
        self._held: OrderedDict[int, Picture] = OrderedDict()
        self._run: Iterator[Picture] = iter(())
        self._next = -1  # the frame that the run gives next; below 0 where there is no run
        self._lock = Lock()

    def __getitem__(self, frame: int) -> Picture:
        if frame not in self._frames:
            raise KeyError(frame)
        with self._lock:
            if frame not in self._held:
                self._read_to(frame)
            self._held.move_to_end(frame)
            return self._held[frame]

    def __iter__(self) -> Iterator[int]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)

    def __contains__(self, frame: object) -> bool:
        return frame in self._frames

    def _read_to(self, frame: int) -> None:
        if self._next < 0 or not 0 <= frame - self._next <= SKIPPED:
            back = BACK if frame < self._next else 0
            self._next = max(self._frames.start, frame - min(back, self._most - 1))
            self._run = self._reader.frames(self._next, self._frames.stop)
        while self._next <= frame:
            self._check()
            self._held[self._next] = next(self._run)
            self._held.move_to_end(self._next)
            self._next += 1
            if len(self._held) > self._most:
                self._held.popitem(last=False)
