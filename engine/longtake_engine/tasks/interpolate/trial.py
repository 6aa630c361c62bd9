"""How well the frames of a gap can be made, measured on frames that both shots have."""

from dataclasses import dataclass

import msgspec
import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.models.between import fill_hole
from longtake_engine.picture import Picture
from longtake_engine.tasks.backtest import UNKNOWN, WIDTH, score_made, shrink
from longtake_engine.tasks.glance import glance_at
from longtake_engine.tasks.interpolate.shots import Shot, Shots
from longtake_engine.tasks.shot import find_cuts
from longtake_engine.work import Score

MOST = 48  # frames hidden


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
