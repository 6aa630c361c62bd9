"""A clip that is read as it is asked for, with a hole that crosses it again and again."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from holes import Blob
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed, Known
from longtake_engine.media.probe import probe
from longtake_engine.media.recall import RecallingReader
from longtake_engine.models.removal import make_removals
from longtake_engine.work import Guidance
from measure.footage import IMAGE_RATE
from scene import hide, resized

HELD = 8  # frames, beside what the reader recalls
CROSSING = 100  # frames


class Streamed(Mapping[int, Known]):
    """What is known of each frame; short clips are gone through to and fro, as if longer."""

    def __init__(self, path: Path, height: int, frames: int) -> None:
        """Of the clip at `path`, at most `height` pixels high."""
        self._reader = RecallingReader(probe(path, IMAGE_RATE))
        self._height = height
        self._count = frames
        self._held: OrderedDict[int, Known] = OrderedDict()
        self._run: tuple[int, Iterator] | None = None

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[int]:
        return iter(range(self._count))

    def __getitem__(self, frame: int) -> Known:
        known = self._held.pop(frame, None)
        if known is None:
            picture = resized(self._read(frame), self._height)
            hole = self._hole(frame, *picture.luma.shape)
            known = Known(hide(picture, hole), np.where(hole, np.float32(0), np.float32(1)))
        self._held[frame] = known
        while len(self._held) > HELD:
            self._held.popitem(last=False)
        return known

    def completed(self, name: str) -> Iterator[Completed]:
        """Every frame, filled by the backend `name`."""
        backend = next(one for one in make_removals() if one.info.name == name)
        canvas = Canvas(self[0].picture.format, self._reader.rate, self, range(self._count))
        return backend.complete(canvas, Guidance(), CancelToken())

    def _read(self, frame: int):
        lap, at = divmod(frame, self._reader.frame_count)
        at = self._reader.frame_count - 1 - at if lap % 2 else at
        if self._run and self._run[0] == at:
            picture = next(self._run[1])
        else:
            run = self._reader.frames(at)
            picture = next(run)
            self._run = (at, run)
        self._run = (at + 1, self._run[1])
        return picture

    def _hole(self, frame: int, height: int, width: int) -> np.ndarray:
        blob = Blob(0.1 * width, (1.0, 2.0))
        along = abs((frame / CROSSING) % 2 - 1)
        return blob.drawn(height, width, (0.2 + 0.6 * along) * width, 0.5 * height)
