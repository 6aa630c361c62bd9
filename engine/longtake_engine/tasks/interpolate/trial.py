"""How well frames between frames can be made, measured on frames that are there."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import msgspec
import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Known
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.between import Between, fill_hole
from longtake_engine.models.motion import Motion
from longtake_engine.picture import Picture
from longtake_engine.tasks.backtest import UNKNOWN, WIDTH, score_made, shrink
from longtake_engine.tasks.glance import glance_at, likeness, peak_change
from longtake_engine.tasks.interpolate.cadence import COPY_ON_BEAT, EXACT
from longtake_engine.tasks.interpolate.dissolve import dissolved
from longtake_engine.tasks.interpolate.shots import Shot, Shots
from longtake_engine.tasks.shot import find_cuts
from longtake_engine.work import Guidance, Quality, Score

MOST = 48  # frames hidden
CONTEXT = 8  # frames known on each side of them
# By which going on with both sides has to beat a morph: both figures like the ghosts of a dissolve
# better than eyes do (seen on a walking bear, where the morph looked right at 1.4 dB less).
CLEAR_DB, CLEAR_SSIM = 2.0, 0.03
PLACES = 6  # of one clip that are tried
RUN = 12  # frames there, of which three are taken: pictures may be held
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


@dataclass(frozen=True, slots=True)
class HoleTrial:
    """What came of filling holes in the shots in both ways."""

    morph: Trial
    meeting: Score  # of both sides gone on with and dissolved into each other

    @property
    def tears(self) -> bool:
        """Whether a morph does clearly worse than going on with both sides."""
        if UNKNOWN in (self.morph.score, self.meeting):
            return False
        morph = self.morph.score
        return (
            self.meeting.psnr_db - morph.psnr_db > CLEAR_DB
            and self.meeting.ssim - morph.ssim > CLEAR_SSIM
        )


def try_holes(shots: Shots, quality: Quality, cancel: CancelToken) -> HoleTrial:
    """Holes of the gap's length, or as much of it as the shots can hide, made on small pictures."""
    scores, sureness, meetings = [], [], []
    for pictures in (
        _beside(shots.before, shots.gap_frames, forward=True),
        _beside(shots.after, shots.gap_frames, forward=False),
    ):
        cancel.check()
        count = len(pictures)
        context = _context(count, shots.gap_frames)
        before, hidden, after = (
            pictures[:context],
            pictures[context : count - context],
            pictures[count - context :],
        )
        if not hidden or count < 3:
            continue
        reach = min(1.0, len(hidden) / shots.gap_frames) ** 0.5
        made = list(fill_hole(before, after, len(hidden), quality))
        shown = [one.picture for one in made]
        scores.append(score_made(shown, hidden, before[-1], reach=reach))
        sureness.append(float(np.mean([one.confidence for one in made])))
        if context > 1:
            met = _met(before, after, len(hidden), shots.rate, cancel)
            meetings.append(score_made(met, hidden, before[-1], reach=reach))
    return HoleTrial(_mean(scores, sureness), _mean(meetings, [0.0]).score)


def _context(count: int, gap_frames: int) -> int:
    """How many of `count` pictures are known on each side of a trial: of a short shot a third."""
    spare = count - gap_frames
    known = spare // 2 if spare >= 4 else (count - 1) // 3
    return max(1, min(CONTEXT, known))


def _met(
    before: Sequence[Picture],
    after: Sequence[Picture],
    count: int,
    rate: Fraction,
    cancel: CancelToken,
) -> list[Picture]:
    """`count` pictures between both runs, each gone on with into the other."""
    sides = []
    for known in (
        {number - len(before): Known(p) for number, p in enumerate(before)},
        {number + count: Known(p) for number, p in enumerate(after)},
    ):
        canvas = Canvas(before[0].format, rate, known, range(count))
        sides.append([c.picture for c in Motion().complete(canvas, Guidance(), cancel)])
    return list(dissolved(iter(sides[0]), iter(sides[1]), count))


def try_clip(reader: VideoReader, quality: Quality, cancel: CancelToken) -> Trial:
    """Frames here and there in a clip, made from those before and after them on small pictures.

    Twice as far apart as what is asked for: the clip has nothing finer to compare with.
    """
    scores, sureness = [], []
    for start in places(reader.frame_count, RUN):
        cancel.check()
        run = [shrink(p, WIDTH) for p in reader.frames(start, start + RUN)]
        three = distinct_of_one_shot(run, 3)
        if three is None:
            continue  # held, or cut: nothing to foretell
        before, hidden, after = three
        made = Between.measure(before, after, quality).make(0.5)
        scores.append(score_made([made.picture], [hidden], before))
        sureness.append(made.confidence)
    return _mean(scores, sureness)


def distinct_of_one_shot(
    run: Sequence[Picture], least: int, most: int = 0, alike: float = ALIKE
) -> Sequence[Picture] | None:
    """The last distinct pictures of a run, at least `least` of them and at most `most` (0: no more
    than those); None where there are fewer, or two neighbours are less than `alike`."""
    glances = list(glance_at(run))
    peaks = [0.0, *(peak_change(a, b) for a, b in pairwise(glances))]
    if len(peaks) < least:
        return None
    # A few frames always hold two that differ as pictures of this shot do.
    change = max(EXACT, COPY_ON_BEAT * sorted(peaks)[-2])
    distinct = [n for n, peak in enumerate(peaks) if n == 0 or peak > change]
    distinct = distinct[-max(least, most) :]
    if len(distinct) < least:
        return None
    if min(likeness(glances[a], glances[b]) for a, b in pairwise(distinct)) < alike:
        return None
    return [run[number] for number in distinct]


def places(frame_count: int, run: int) -> list[int]:
    """First frames of up to `PLACES` runs of `run` frames, evenly spread."""
    most = max(frame_count - run, 0) if frame_count >= 3 else -1
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
    """Small pictures of one shot next to the gap, in time order: those to hide and some on each
    side."""
    count, wanted = shot.reader.frame_count, min(gap_frames, MOST) + 2 * CONTEXT
    start = max(0, count - wanted) if forward else 0
    pictures = [shrink(p, WIDTH) for p in shot.reader.frames(start, start + wanted)]
    cuts = find_cuts(list(glance_at(pictures)))
    if cuts:
        return pictures[cuts[-1] :] if forward else pictures[: cuts[0]]
    return pictures
