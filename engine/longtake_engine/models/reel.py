"""The known pictures of a canvas laid by on disk, so that any of them can be had at any time.

A video texture jumps about in the clip, each region by itself, while known frames are cheap to read
upward only. They are read once, in that order; memory holds small copies alone.
"""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import IO

import cv2
import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas
from longtake_engine.errors import OutOfSpace
from longtake_engine.luma import luma8
from longtake_engine.models.flow import Array
from longtake_engine.picture import Picture, PictureFormat

SMALL_WIDTH = 320
MAX_BYTES = 4 << 30  # on disk
CUT_RATIO = 8.0  # a step this many times the usual one is a cut
CUT_LEVELS = 12.0  # and at least this many 8-bit levels
BUSTLE = 2.5  # times the change of the last second that is another scene's life
BUSTLE_LEVELS = 0.3  # and so many 8-bit levels more


@dataclass(frozen=True, slots=True)
class Small:
    """A picture made small."""

    luma: Array  # H W uint8
    colors: tuple[Array, ...]  # the other planes but alpha, 8-bit, half the size of `luma`

    @classmethod
    def of(cls, picture: Picture) -> "Small":
        """`picture`, at most SMALL_WIDTH wide."""
        luma = luma8(picture, SMALL_WIDTH)
        half = (max(2, luma.shape[1] // 2), max(2, luma.shape[0] // 2))
        scale = 255 / picture.format.max_value
        count = 1 if picture.format.family == "gray" else 3
        colors = [
            cv2.convertScaleAbs(cv2.resize(plane, half, interpolation=cv2.INTER_AREA), alpha=scale)
            for plane in picture.planes[1:count]
        ]
        return cls(luma, tuple(colors))


@dataclass(slots=True)
class Reel:
    """Pictures numbered from 0, the one nearest the join last, of one shot."""

    format: PictureFormat
    _file: IO[bytes]
    _slots: list[int] = field(default_factory=list)  # where on the file each picture lies
    small: list[Small] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self._slots)

    def plane(self, number: int, plane: int) -> Array:
        """Plane `plane` of picture `number`, H W, not to be written to."""
        height, width = self.format.plane_size(plane)
        size = height * width * self.format.dtype.itemsize
        before = sum(
            h * w * self.format.dtype.itemsize for h, w in map(self.format.plane_size, range(plane))
        )
        at = self._slots[number] * self.format.size_bytes + before
        data = os.pread(self._file.fileno(), size, at)
        return np.frombuffer(data, self.format.dtype).reshape(height, width)

    def picture(self, number: int) -> Picture:
        """Picture `number` whole."""
        planes = (self.plane(number, plane) for plane in range(self.format.plane_count))
        return Picture(tuple(planes), self.format)

    def replace(self, number: int, picture: Picture) -> None:
        """Lay `picture` where picture `number` was."""
        self._write(self._slots[number], picture)
        self.small[number] = Small.of(picture)

    def append(self, picture: Picture) -> None:
        """Lay `picture` by after the others."""
        slot = len(self._slots)
        self._write(slot, picture)
        self._slots.append(slot)
        self.small.append(Small.of(picture))

    def reverse(self) -> None:
        """Turn time round."""
        self._slots.reverse()
        self.small.reverse()

    def drop_before_cut(self) -> None:
        """Forget what lies before the last cut."""
        steps = self._steps()
        if not len(steps):
            return
        cuts = np.flatnonzero(steps > max(CUT_LEVELS, CUT_RATIO * float(np.median(steps))))
        if len(cuts):
            self.drop_before(int(cuts[-1]) + 1)

    def drop_before_bustle(self, second: int) -> None:
        """Forget what was much livelier than the last `second` pictures, and all before it.

        Someone who came and went should not come again. Two seconds are kept in any case.
        """
        steps = self._steps()
        if len(steps) <= 2 * second:
            return
        limit = BUSTLE * float(steps[-second:].mean()) + BUSTLE_LEVELS
        half = max(1, second // 2)
        lively = np.convolve(steps, np.full(half, 1 / half), "valid") > limit
        last = np.flatnonzero(lively[: len(steps) - 2 * second])
        if len(last):
            self.drop_before(min(int(last[-1]) + half, len(self) - 2 * second))

    def _steps(self) -> Array:
        """Mean change from each picture to the next, 8-bit levels."""
        lumas = [small.luma for small in self.small]
        return np.array([cv2.absdiff(a, b).mean() for a, b in pairwise(lumas)])

    def drop_before(self, number: int) -> None:
        """Forget the pictures before `number`, which becomes picture 0."""
        del self._slots[:number], self.small[:number]

    def _write(self, slot: int, picture: Picture) -> None:
        try:
            self._file.seek(slot * self.format.size_bytes)
            for plane in picture.planes:
                self._file.write(np.ascontiguousarray(plane).data)
            self._file.flush()
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            size = self.format.size_bytes >> 20
            raise OutOfSpace(
                f"There is no room in {tempfile.gettempdir()} for the pictures that the loop is"
                f" made of ({size} MB each); free some, or set TMPDIR to a folder that has it."
            ) from error


@contextmanager
def record(canvas: Canvas, cancel: CancelToken) -> Iterator[Reel]:
    """The known pictures beside the join, as many as fit on the reel, from the last cut on.

    They lie in a file without a name, which is gone when the context is left.
    """
    frames = sorted(canvas.known)
    most = max(2, MAX_BYTES // canvas.format.size_bytes)
    frames = frames[-most:] if canvas.forward else frames[:most]
    with tempfile.TemporaryFile(buffering=0) as file:
        reel = Reel(canvas.format, file)
        for frame in frames:
            cancel.check()
            reel.append(canvas.known[frame].picture)
        if not canvas.forward:
            reel.reverse()
        reel.drop_before_cut()
        yield reel
