"""The sound of a slower or converted clip, exactly as long as its pictures."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from longtake_engine.media.info import SoundFormat
from longtake_engine.media.sound_reader import SoundReader
from longtake_engine.splice.sound.stretch import stretched
from longtake_engine.tasks.interpolate.timing import Course
from longtake_engine.tasks.soundtrack import sample_at, to_float, to_integer


class ClipSound:
    """One audio stream, stretched at its pitch where the clip becomes longer, else as it is.

    Attributes:
        format: What its samples are: the clip's own.
    """

    def __init__(self, reader: SoundReader, course: Course) -> None:
        self.format: SoundFormat = reader.format
        self._rate = course.rate
        self._count = sample_at(course.frame_count, reader.sample_rate, course.rate)
        self._written = 0
        self._rest = np.zeros((reader.channel_count, 0), reader.dtype)
        self._blocks = _blocks(reader, course.stretch)

    def up_to(self, frame: int) -> Iterator[np.ndarray]:
        """The samples not yet given, up to the first sample of frame `frame`, in blocks C S.

        Silence where the sound ends before the picture does.
        """
        target = min(sample_at(frame, self.format.sample_rate, self._rate), self._count)
        while self._written < target:
            if not self._rest.shape[1]:
                silence = np.zeros(
                    (self.format.channel_count, target - self._written), self.format.dtype
                )
                self._rest = next(self._blocks, silence)
            block = self._rest[:, : target - self._written]
            self._rest = self._rest[:, block.shape[1] :]
            self._written += block.shape[1]
            yield block


def _blocks(reader: SoundReader, stretch: Fraction) -> Iterator[np.ndarray]:
    if stretch == 1:
        yield from reader.blocks()
        return
    floats = (to_float(block) for block in reader.blocks())
    for block in stretched(floats, reader.sample_rate, stretch):
        yield to_integer(block, reader.format)
