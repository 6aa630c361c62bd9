"""How well frames between frames can be made, measured on frames that are there."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import msgspec
import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.between import Between, fill_hole
from longtake_engine.picture import Picture
from longtake_engine.tasks.backtest import UNKNOWN, WIDTH, score_made, shrink
from longtake_engine.tasks.glance import glance_at, likeness, peak_change
from longtake_engine.tasks.interpolate.cadence import EXACT
from longtake_engine.tasks.interpolate.shots import Shot, Shots
from longtake_engine.tasks.shot import find_cuts
from longtake_engine.work import Quality, Score

MOST = 48  # frames hidden
PLACES = 6  # of one clip that are tried
ALIKE = 0.5  # likeness from which two neighbours are of one shot


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of filling holes as long as the gap in the shots themselves."""

    score: Score
    sureness: float  # of the pictures that were made, 0 to 1

    def score_of(self, sureness: float) -> Score:
        """The score of pictures that are as sure of themselves as `sureness`: the trial's, and the
        less confident the less sure they are than the trial's were.

        Where nothing could be tried, their own word is all there is, and it counts half.
        """
        if self.score == UNKNOWN:
            return msgspec.structs.replace(UNKNOWN, confidence=sureness / 2)
        share = min(1.0, sureness / max(self.sureness, 1e-3))
        return msgspec.structs.replace(self.score, confidence=self.score.confidence * share)


def try_holes(shots: Shots, cancel: CancelToken) -> Trial:
    """Holes of the gap's length, or as much of it as the shots can hide, made on small pictures."""
    scores, sureness = [], []
    for pictures in (
        _beside(shots.before, shots.gap_frames, forward=True),
        _beside(shots.after, shots.gap_frames, forward=False),
    ):
        cancel.check()
        hidden = pictures[1:-1]
        if not hidden:
            continue
        made = list(fill_hole(pictures[:1], pictures[-1:], len(hidden), "draft"))
        reach = min(1.0, len(hidden) / shots.gap_frames) ** 0.5
        shown = [one.picture for one in made]
        scores.append(score_made(shown, hidden, pictures[0], reach=reach))
        sureness.append(float(np.mean([one.confidence for one in made])))
    return _mean(scores, sureness)


def try_clip(reader: VideoReader, quality: Quality, cancel: CancelToken) -> Trial:
    """Frames here and there in a clip, made from those before and after them on small pictures.

    Twice as far apart as what is asked for: the clip has nothing finer to compare with.
    """
    scores, sureness = [], []
    for start in _places(reader.frame_count):
        cancel.check()
        three = [shrink(p, WIDTH) for p in reader.frames(start, start + 3)]
        before, hidden, after = three
        glances = list(glance_at(three))
        still = min(peak_change(a, b) for a, b in pairwise(glances)) <= EXACT
        if still or min(likeness(a, b) for a, b in pairwise(glances)) < ALIKE:
            continue  # held, or cut: nothing to foretell
        made = Between.measure(before, after, quality).make(0.5)
        scores.append(score_made([made.picture], [hidden], before))
        sureness.append(made.confidence)
    return _mean(scores, sureness)


def _places(frame_count: int) -> list[int]:
    """First frames of up to `PLACES` runs of three, evenly spread."""
    most = frame_count - 3
    if most < 0:
        return []
    count = min(PLACES, most + 1)
    return sorted({round((n + 0.5) * most / count) for n in range(count)})


def _mean(scores: Sequence[Score], sureness: Sequence[float]) -> Trial:
    if not scores:
        return Trial(UNKNOWN, 0.0)
    means = [
        float(np.mean([getattr(score, name) for score in scores]))
        for name in Score.__struct_fields__
    ]
    return Trial(Score(*means), float(np.mean(sureness)))


def _beside(shot: Shot, gap_frames: int, *, forward: bool) -> list[Picture]:
    """Small pictures of one shot next to the gap, in time order: those to hide and one on each
    side."""
    count, wanted = shot.reader.frame_count, min(gap_frames, MOST) + 2
    start = max(0, count - wanted) if forward else 0
    pictures = [shrink(p, WIDTH) for p in shot.reader.frames(start, start + wanted)]
    cuts = find_cuts(list(glance_at(pictures)))
    if cuts:
        return pictures[cuts[-1] :] if forward else pictures[: cuts[0]]
    return pictures
