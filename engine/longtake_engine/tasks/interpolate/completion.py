"""The frames of a gap made by a video model that sees both shots."""

from collections import ChainMap
from collections.abc import Iterator
from dataclasses import dataclass

from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas
from longtake_engine.models.backend import VideoBackend
from longtake_engine.picture import Picture
from longtake_engine.tasks.backtest import UNKNOWN
from longtake_engine.tasks.glance import glance_at
from longtake_engine.tasks.interpolate.shots import Shot, Shots
from longtake_engine.tasks.known import KnownFrames
from longtake_engine.tasks.note import enlarged_notes, untried_note
from longtake_engine.tasks.shot import find_cuts
from longtake_engine.work import Guidance, Join, Score


@dataclass(frozen=True, slots=True)
class Completion:
    """What leads from the end of the first shot to the start of the second, as a model sees it."""

    shots: Shots
    backend: VideoBackend

    name: Join = "morph"
    score: Score = UNKNOWN

    @property
    def model(self) -> str:
        """Its name."""
        return self.backend.info.name

    @property
    def notes(self) -> tuple[str, ...]:
        """That it was not tried, and that its pictures are made larger."""
        info = self.backend.info
        untried = () if info.quick else (untried_note(self.model),)
        return (*untried, *enlarged_notes(info, self.shots.format))

    def pictures(self, guidance: Guidance, cancel: CancelToken) -> Iterator[Picture]:
        """The frames of the gap, one by one."""
        shots, gap = self.shots, self.shots.gap_frames
        seen = self.backend.context_frames(gap)
        before = _at_the_end(shots.before, seen, cancel)
        # Frames at another rate do not follow on one another: one of them is enough to arrive at.
        after = _at_the_start(shots.after, seen if shots.same_rate else 1, cancel)
        count = shots.before.reader.frame_count
        known = ChainMap(
            KnownFrames(shots.before.reader, {frame - count: frame for frame in before}),  # pyright: ignore[reportArgumentType] # it is only read
            KnownFrames(shots.after.reader, {gap + frame: frame for frame in after}),  # pyright: ignore[reportArgumentType]
        )
        canvas = Canvas(shots.format, shots.rate, known, range(gap))
        for made in self.backend.complete(canvas, guidance, cancel):
            yield made.picture


def _at_the_end(shot: Shot, most: int, cancel: CancelToken) -> range:
    """Up to `most` frames at the end of a shot that no cut parts."""
    count = shot.reader.frame_count
    frames = range(max(0, count - most), count)
    cuts = _cuts(shot, frames, cancel)
    return range(frames.start + cuts[-1], count) if cuts else frames


def _at_the_start(shot: Shot, most: int, cancel: CancelToken) -> range:
    """Up to `most` frames at the start of a shot that no cut parts."""
    frames = range(min(most, shot.reader.frame_count))
    cuts = _cuts(shot, frames, cancel)
    return range(cuts[0]) if cuts else frames


def _cuts(shot: Shot, frames: range, cancel: CancelToken) -> list[int]:
    """Numbers of the frames that begin another shot, counted in `frames`."""

    def pictures() -> Iterator[Picture]:
        for picture in shot.reader.frames(frames.start, frames.stop):
            cancel.check()
            yield picture

    return list(find_cuts(list(glance_at(pictures()))))
