"""The sound of an extended clip: the known samples as they are, ambience before and after them."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from longtake_engine.media.info import SoundFormat
from longtake_engine.media.sound_reader import SoundReader
from longtake_engine.splice.sound import HISTORY_S, continue_sound

SEED = 1


def sample_at(frame: int, sample_rate: int, rate: Fraction) -> int:
    """The first sample of a frame; frame 0 begins with sample 0."""
    return round(Fraction(frame * sample_rate) / rate)


class Soundtrack:
    """One audio stream over the frames `frames` of a source, some of which may lie outside it."""

    def __init__(self, reader: SoundReader, rate: Fraction, frames: range) -> None:
        self._reader = reader
        self._rate = rate
        self._start = sample_at(frames.start, reader.sample_rate, rate)
        self._stop = sample_at(frames.stop, reader.sample_rate, rate)
        self._blocks = self._all()
        self._rest = np.zeros((reader.channel_count, 0), reader.dtype)
        self._written = self._start

    @property
    def format(self) -> SoundFormat:
        """What its samples are."""
        return self._reader.format

    def up_to(self, frame: int) -> Iterator[np.ndarray]:
        """The samples not yet given, up to the first sample of source frame `frame`, in blocks C
        S."""
        target = min(sample_at(frame, self._reader.sample_rate, self._rate), self._stop)
        while self._written < target:
            if not self._rest.shape[1]:
                self._rest = next(self._blocks)
            block = self._rest[:, : target - self._written]
            self._rest = self._rest[:, block.shape[1] :]
            self._written += block.shape[1]
            yield block

    def _all(self) -> Iterator[np.ndarray]:
        reader = self._reader
        known = reader.sample_count
        if self._start < 0:
            yield self._before(-self._start, max(0, -self._stop))
        if self._stop > 0 and self._start < known:
            yield from reader.blocks(max(0, self._start), min(known, self._stop))
        if self._stop > known:
            yield from self._after(max(0, self._start - known), self._stop - known)

    def _before(self, count: int, leave_out: int) -> np.ndarray:
        """The last `count` samples before the first known one, but for the `leave_out` nearest."""
        history = self._float(0, int(HISTORY_S * self._reader.sample_rate))
        made = continue_sound(history[:, ::-1], count, self._reader.sample_rate, SEED)
        whole = np.concatenate([_to_integer(b, self.format) for b in made], axis=1)[:, ::-1]
        return np.ascontiguousarray(whole[:, : count - leave_out])

    def _after(self, start: int, stop: int) -> Iterator[np.ndarray]:
        """Samples `start` to `stop` after the last known one."""
        known = self._reader.sample_count
        history = self._float(known - int(HISTORY_S * self._reader.sample_rate), known)
        passed = 0
        for block in continue_sound(history, stop, self._reader.sample_rate, SEED):
            cut = block[:, max(0, start - passed) :]
            passed += block.shape[1]
            if cut.shape[1]:
                yield _to_integer(cut, self.format)

    def _float(self, start: int, stop: int) -> np.ndarray:
        blocks = list(self._reader.blocks(max(0, start), min(stop, self._reader.sample_count)))
        if not blocks:
            return np.zeros((self._reader.channel_count, 0), np.float32)
        samples = np.concatenate(blocks, axis=1)
        if samples.dtype.kind == "f":
            return samples.astype(np.float32)
        return samples.astype(np.float32) / (np.iinfo(samples.dtype).max + 1.0)


def _to_integer(samples: np.ndarray, format: SoundFormat) -> np.ndarray:
    """Float samples as the stream's own type, with no more bits than its sound has."""
    if format.dtype.kind == "f":
        return samples.astype(format.dtype)
    top = 1 << (format.bit_depth - 1)
    levels = np.clip(np.rint(samples.astype(np.float64) * top), -top, top - 1)
    shift = format.dtype.itemsize * 8 - format.bit_depth
    return (levels.astype(np.int64) << shift).astype(format.dtype)
