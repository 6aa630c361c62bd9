"""The sound of a gap: the room of the first shot goes over into the room of the second."""

from collections.abc import Iterator

import numpy as np

from longtake_engine.media.info import SoundFormat
from longtake_engine.media.resample import resampled
from longtake_engine.media.sound_reader import SoundReader
from longtake_engine.splice.sound.continuation import Continuation, Music
from longtake_engine.splice.sound.fade import rise
from longtake_engine.tasks.interpolate.shots import Shot, Shots
from longtake_engine.tasks.soundtrack import Soundtrack, sample_at, to_float, to_integer

CUT_S = 0.5  # that the rooms go over into one another for, around a cut


class Ambience:
    """One audio stream of the gap, sample-exact: both rooms gone on with, at equal power.

    Attributes:
        format: What its samples are: the first shot's, or the second's where that alone has sound.
    """

    def __init__(self, shots: Shots, stream: int, *, cut: bool, music: Music) -> None:
        """Stream number `stream` of both; `cut` where the pictures meet in a cut."""
        before, after, gap = shots.before, shots.after, shots.gap_frames
        end = before.reader.frame_count
        rooms = (
            _track(before, stream, range(end, end + gap), music),
            _track(after, stream, range(-shots.frames_after(gap), 0), music),
        )
        self._tracks = [track for track in rooms if track is not None]
        self.format: SoundFormat = self._tracks[0].format
        self._rate = shots.rate
        self._count = sample_at(gap, self.format.sample_rate, shots.rate)
        self._written = 0
        fade = min(self._count, round(CUT_S * self.format.sample_rate)) if cut else self._count
        self._fade = ((self._count - fade) // 2, max(fade, 1))
        self._rooms = [_Room(track, self.format, self._count) for track in rooms]

    @property
    def heard(self) -> tuple[Continuation, ...]:
        """What is gone on with on both sides, as far as it has been come to."""
        return tuple(heard for track in self._tracks for heard in track.heard)

    def up_to(self, frame: int) -> Iterator[np.ndarray]:
        """The samples not yet given, up to the first sample of frame `frame` of the gap, in blocks
        C S."""
        target = min(sample_at(frame, self.format.sample_rate, self._rate), self._count)
        if target <= self._written:
            return
        start, length = self._fade
        part = (np.arange(self._written, target) + 0.5 - start) / length
        first, second = (room.take(target - self._written) for room in self._rooms)
        self._written = target
        yield to_integer(rise(1 - part) * first + rise(part) * second, self.format)


class _Room:
    """The sound of one shot over the gap, as floats in the gap's rate and layout."""

    def __init__(self, track: Soundtrack | None, target: SoundFormat, count: int) -> None:
        self._channels = target.channel_count
        self._rest = np.zeros((self._channels, 0), np.float32)
        self._blocks: Iterator[np.ndarray] = iter(())
        if track is not None:
            # What a second shot at a rate of its own begins with may lie before the gap.
            early = 0
            if track.start < 0:
                wanted = round(count * track.format.sample_rate / target.sample_rate)
                early = max(0, -track.start - wanted)
            floats = (to_float(block) for block in track.rest())
            self._blocks = resampled(_without(floats, early), track.format, target)

    def take(self, count: int) -> np.ndarray:
        """The next `count` samples C S; silence where there are no more."""
        parts = [self._rest]
        have = self._rest.shape[1]
        while have < count:
            block = next(self._blocks, np.zeros((self._channels, count - have), np.float32))
            parts.append(block)
            have += block.shape[1]
        samples = np.concatenate(parts, axis=1)
        self._rest = samples[:, count:]
        return samples[:, :count]


def _track(shot: Shot, stream: int, frames: range, music: Music) -> Soundtrack | None:
    if stream >= len(shot.info.audio_streams):
        return None
    reader = SoundReader(shot.info, stream, shown=shot.shown)
    return Soundtrack(reader, shot.reader.rate, frames, music)


def _without(blocks: Iterator[np.ndarray], early: int) -> Iterator[np.ndarray]:
    """`blocks` but for their first `early` samples."""
    for block in blocks:
        left = block[:, early:]
        early -= block.shape[1] - left.shape[1]
        if left.shape[1]:
            yield left
