"""The mattes of a clip: what is hidden of each frame, kept small on the disk."""

import tempfile
import zlib
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

import numpy as np

HELD = 4  # mattes kept at hand
_FAST = 1  # zlib's level: mattes are mostly flat


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle of a picture, half-open, in pixels."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """What cuts it out of an array H W."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        return self.bottom - self.top, self.right - self.left


@dataclass(frozen=True, slots=True)
class _Record:
    window: Window  # around all that is hidden
    share: float  # of the picture
    offset: int  # where its bytes lie
    length: int


class Mattes:
    """What is hidden of each frame, H W uint8: 255 hidden to 0 known. A context manager.

    However long the clip is, memory holds a few numbers a frame; the mattes lie compressed in a
    file without a name, which goes when this does. Safe across threads.
    """

    def __init__(self, folder: Path, size: tuple[int, int]) -> None:
        """`folder` takes the file; `size` is height and width of every matte."""
        self.size = size
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 # closed on leaving
        self._records: dict[int, _Record] = {}
        self._held: OrderedDict[int, np.ndarray] = OrderedDict()  # by offset
        self._end = 0
        self._lock = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    @property
    def frames(self) -> list[int]:
        """Those of which something is hidden, rising."""
        return sorted(self._records)

    def add(self, frames: Iterable[int], matte: np.ndarray) -> None:
        """Hide on each of `frames` what `matte` (H W uint8) hides, beside what is hidden there."""
        plain: list[int] = []
        for frame in frames:
            if frame in self._records:
                self._put((frame,), np.maximum(matte, self.matte(frame)))
            else:
                plain.append(frame)
        if plain:
            self._put(plain, matte)

    def matte(self, frame: int) -> np.ndarray:
        """What is hidden of a frame, H W uint8; nobody may write into it."""
        record = self._records.get(frame)
        if record is None:
            return np.zeros(self.size, np.uint8)
        with self._lock:
            if record.offset not in self._held:
                self._held[record.offset] = self._read(record)
                if len(self._held) > HELD:
                    self._held.popitem(last=False)
            return self._held[record.offset]

    def window(self, frame: int) -> Window | None:
        """The rectangle around all that is hidden of a frame; None where nothing is."""
        record = self._records.get(frame)
        return record.window if record else None

    def share(self, frame: int) -> float:
        """Of the picture that is hidden, soft edges in part."""
        record = self._records.get(frame)
        return record.share if record else 0.0

    def _put(self, frames: Iterable[int], matte: np.ndarray) -> None:
        rows, columns = (np.flatnonzero(matte.any(axis=axis)) for axis in (1, 0))
        if not len(rows):
            return
        window = Window(int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)
        data = zlib.compress(matte[window.slices].tobytes(), _FAST)
        share = float(matte.sum(dtype=np.int64)) / (255 * matte.size)
        with self._lock:
            record = _Record(window, share, self._end, len(data))
            self._file.seek(self._end)
            self._file.write(data)
            self._end += len(data)
        for frame in frames:
            self._records[frame] = record

    def _read(self, record: _Record) -> np.ndarray:
        self._file.seek(record.offset)
        data = zlib.decompress(self._file.read(record.length))
        matte = np.zeros(self.size, np.uint8)
        part = np.frombuffer(data, np.uint8).reshape(record.window.size)
        matte[record.window.slices] = part
        return matte
