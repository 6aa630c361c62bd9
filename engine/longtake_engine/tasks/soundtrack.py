"""The sound of an extended clip: the known samples as they are, the room before and after them."""

from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction

import numpy as np

from longtake_engine.media.info import MediaInfo, SoundFormat
from longtake_engine.media.sound_reader import SoundReader
from longtake_engine.splice.sound.continuation import (
    HISTORY_S,
    Continuation,
    Music,
    plan_continuation,
)

SEED = 1
# Codecs leave a sound some frames short of the picture, and silence there. Under this no room falls
# silent: the new sound begins where the known one ends.
SHORT_S = 0.1


def sample_at(frame: int, sample_rate: int, rate: Fraction) -> int:
    """The first sample of a frame; frame 0 begins with sample 0."""
    return round(Fraction(frame * sample_rate) / rate)


class Soundtrack:
    """One audio stream over the frames `frames` of a source, some of which may lie outside it.

    Attributes:
        heard: What goes on before and after the clip, as far as it has been come to.
    """

    def __init__(
        self, reader: SoundReader, rate: Fraction, frames: range, music: Music = "fade"
    ) -> None:
        self.heard: list[Continuation] = []
        self._reader = reader
        self._rate = rate
        self._music: Music = music
        self._start = sample_at(frames.start, reader.sample_rate, rate)
        self._stop = sample_at(frames.stop, reader.sample_rate, rate)
        self._blocks = self._all()
        self._rest = np.zeros((reader.channel_count, 0), reader.dtype)
        self._written = self._start

    @property
    def format(self) -> SoundFormat:
        """What its samples are."""
        return self._reader.format

    @property
    def start(self) -> int:
        """Its first sample; sample 0 sounds where frame 0 begins."""
        return self._start

    def rest(self) -> Iterator[np.ndarray]:
        """All the samples not yet given, in blocks C S."""
        while self._written < self._stop:
            yield from self._up_to(min(self._stop, self._written + self._reader.sample_rate // 8))

    def up_to(self, frame: int) -> Iterator[np.ndarray]:
        """The samples not yet given, up to the first sample of source frame `frame`, in blocks C
        S."""
        yield from self._up_to(
            min(sample_at(frame, self._reader.sample_rate, self._rate), self._stop)
        )

    def _up_to(self, target: int) -> Iterator[np.ndarray]:
        while self._written < target:
            while not self._rest.shape[1]:
                self._rest = next(self._blocks)
            block = self._rest[:, : target - self._written]
            self._rest = self._rest[:, block.shape[1] :]
            self._written += block.shape[1]
            yield block

    def _all(self) -> Iterator[np.ndarray]:
        known = self._reader.sample_count
        begin = 0
        if self._start < 0:
            before, begin = self._plan(forward=False)
            yield from self._made(before, begin, self._start, min(begin, self._stop))
        first = max(begin, self._start)
        if self._stop <= known:
            if first < self._stop:
                yield from self._reader.blocks(first, self._stop)
            return
        # Where the known sound gives way to the new is only looked for on coming there: listening
        # takes a moment, and the first pictures are waited for.
        held = [np.zeros((self._reader.channel_count, 0), self._reader.dtype)]
        at = first
        for block in self._reader.blocks(first, known) if first < known else ():
            at += block.shape[1]
            if at <= known - int(SHORT_S * self._reader.sample_rate):
                yield block
            else:
                held.append(block)
        after, end = self._plan(forward=True)
        rest = np.concatenate(held, axis=1)
        yield rest[:, : max(0, rest.shape[1] - (known - end))]  # which may be nothing
        yield from self._made(after, end, max(end, first), self._stop)

    def _plan(self, *, forward: bool) -> tuple[Continuation, int]:
        """What goes on at one end, and the sample at which known and new sound meet."""
        reader = self._reader
        known, length = reader.sample_count, int(HISTORY_S * reader.sample_rate)
        history = self._float(known - length, known) if forward else self._float(0, length)
        short = _short(history, int(SHORT_S * reader.sample_rate), forward=forward)
        kept = slice(0, history.shape[1] - short) if forward else slice(short, None)
        join = known - short if forward else short
        plan = plan_continuation(
            history[:, kept],
            reader.sample_rate,
            self._stop - join if forward else join - self._start,
            forward=forward,
            seed=SEED,
            music=self._music,
        )
        self.heard.append(plan)
        return plan, join

    def _made(self, plan: Continuation, join: int, start: int, stop: int) -> Iterator[np.ndarray]:
        for block in plan.blocks(start - join, stop - join):
            yield to_integer(block, self.format)

    def _float(self, start: int, stop: int) -> np.ndarray:
        blocks = list(self._reader.blocks(max(0, start), min(stop, self._reader.sample_count)))
        if not blocks:
            return np.zeros((self._reader.channel_count, 0), np.float32)
        return to_float(np.concatenate(blocks, axis=1))


def source_tracks(
    info: MediaInfo, rate: Fraction, output: range, stack: ExitStack, *, silent: bool
) -> list[Soundtrack]:
    """A file's own sound under the frames `output` of it, stream by stream; none where `silent`.

    `stack` takes what must be closed.
    """
    count = 0 if silent else len(info.audio_streams)
    readers = (stack.enter_context(SoundReader(info, number)) for number in range(count))
    return [Soundtrack(reader, rate, output) for reader in readers]


def _short(history: np.ndarray, most: int, *, forward: bool) -> int:
    """Samples of silence, to the last bit, at the join; 0 where there are `most` or more."""
    loud = np.flatnonzero(history.any(axis=0))
    if not len(loud):
        return 0
    silent = history.shape[1] - 1 - loud[-1] if forward else loud[0]
    return int(silent) if silent < most else 0


def to_float(samples: np.ndarray) -> np.ndarray:
    """Samples of any type as float32 from -1 to 1."""
    if samples.dtype.kind == "f":
        return samples.astype(np.float32)
    return samples.astype(np.float32) / np.float32(np.iinfo(samples.dtype).max + 1.0)


def to_integer(samples: np.ndarray, format: SoundFormat) -> np.ndarray:
    """Float samples as the stream's own type, with no more bits than its sound has."""
    if format.dtype.kind == "f":
        return samples.astype(format.dtype)
    top = 1 << (format.bit_depth - 1)
    levels = np.clip(np.rint(samples.astype(np.float64) * top), -top, top - 1)
    shift = format.dtype.itemsize * 8 - format.bit_depth
    return (levels.astype(np.int64) << shift).astype(format.dtype)
