"""How pictures are held in a clip: pulldown, animation on twos, frames doubled by a conversion."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

EXACT = 0.25  # peak change, 8-bit levels, of copies that were coded well; grain alone makes more
COPY = 0.12  # of the change around it: a copy changes less
COPY_ON_BEAT = 0.3  # the same where copies come by a beat: coding refines pictures as they stay
MOVING = 3.0  # peak change, 8-bit levels, from which something moves
MOVING_ON_BEAT = 1.0
AROUND = 12  # frames on one side that show how much moves
EVIDENCE = 4  # copies at least that a beat must explain
FINEST = 25  # pictures at most after which a beat begins anew: 24 in 25 frames have 24
LONGEST = 3  # frames that a picture may be held for amid motion before it is a stop that is meant
LONGEST_DRAWN = 6  # the same where half the frames are copies: animation
# Frames for each picture that clips are known to have: 24 in 60 (pulldown), 24 in 30, 25 in 30,
# 24 in 25, 25 in 60; others are looked for as well.
USUAL_BEATS = tuple(
    Fraction(*beat) for beat in ((2, 1), (5, 2), (3, 1), (5, 4), (6, 5), (25, 24), (12, 5))
)


@dataclass(frozen=True, slots=True)
class Cadence:
    """How the pictures of a run of frames are held; frames count from the run's first."""

    copies: frozenset[int]  # frames that only repeat the one before
    beat: Fraction = Fraction(1)  # frames from one picture to the next, where they come evenly


def find_cadence(peaks: Sequence[float]) -> Cadence:
    """How pictures are held in frames whose peak changes from the frame before are `peaks`.

    The first frame has none: its entry counts for nothing.
    """
    change = np.array(peaks, np.float64)
    if len(change) < 3:
        return Cadence(frozenset())
    change[0] = change[1:].max()
    usual = _usual(change)
    share = change / np.maximum(usual, 1e-3)
    lively = usual >= MOVING_ON_BEAT  # where little moves a copy cannot be told, and need not be
    lively[0] = False
    for beat in _beats(share, lively):
        held = _held_by(beat, share, lively)
        if held is not None:
            return Cadence(held, beat)
    return Cadence(_scattered(change, usual))


def _usual(change: np.ndarray) -> np.ndarray:
    """What changes around each frame where pictures follow one another: near the most of it, on
    the calmer side."""
    sides = []
    for run in (change, change[::-1]):
        padded = np.pad(run, (AROUND, 0), mode="edge")
        windows = np.lib.stride_tricks.sliding_window_view(padded, AROUND + 1)
        most = np.percentile(windows, 90, axis=1)
        # Too few frames on this side: the other one has to do.
        most[: AROUND // 2] = np.inf
        sides.append(most)
    calmer = np.minimum(sides[0], sides[1][::-1])
    return np.where(np.isfinite(calmer), calmer, np.percentile(change, 90))


def _beats(share: np.ndarray, lively: np.ndarray) -> Iterator[Fraction]:
    """Beats that may be it: the usual ones, then others with about as many copies as there are."""
    yield from USUAL_BEATS
    count = int(lively.sum())
    held = int((share[lively] <= COPY_ON_BEAT).sum())
    if held < EVIDENCE:
        return
    # The share of frames that are pictures, give or take a few that were taken for the other.
    pictures, slack = 1 - held / count, (2 + 0.08 * held) / count
    found = {
        Fraction(frames, number)
        for number in range(1, FINEST + 1)
        for frames in range(number + 1, 6 * number + 1)
        if abs(number / frames - pictures) <= slack
    }
    rest = found - set(USUAL_BEATS)
    yield from sorted(rest, key=lambda beat: (beat.denominator, abs(1 / beat - pictures)))


def _held_by(beat: Fraction, share: np.ndarray, lively: np.ndarray) -> frozenset[int] | None:
    """The frames that repeat others where pictures come every `beat` frames; None where they do
    not.

    In its best phase hardly anything moves in what should repeat, and what repeats was foretold.
    """
    numbers = np.arange(len(share))
    copies = lively & (share <= COPY)
    best, fewest = None, len(share)
    for phase in range(beat.numerator):
        # Picture n begins in frame ceil((n · frames + phase) / pictures).
        steps = numbers * beat.denominator - phase
        held = steps // beat.numerator == (steps - beat.denominator) // beat.numerator
        held[0] = False
        judged = held & lively
        explained = int(judged.sum())
        moved = int((share[judged] > COPY_ON_BEAT).sum())
        missed = int((copies & ~held).sum())
        few = explained // 6  # of each kind may be wrong
        sound = explained >= EVIDENCE and moved <= few and missed <= few
        if sound and moved + missed < fewest:
            best, fewest = frozenset(int(n) for n in np.flatnonzero(held)), moved + missed
    return best


def _scattered(change: np.ndarray, usual: np.ndarray) -> frozenset[int]:
    """Copies amid motion that follow no beat: moments that were lost, drawings held for longer.

    A picture that is held for long stands still because it should.
    """
    copies = (usual >= MOVING) & (change <= np.maximum(EXACT, COPY * usual))
    copies[0] = False
    longest = LONGEST_DRAWN if copies.sum() >= 0.4 * len(copies) else LONGEST
    found: set[int] = set()
    number = 1
    while number < len(change):
        stop = number
        while stop < len(change) and copies[stop]:
            stop += 1
        beside = [change[n] for n in (number - 1, stop) if 0 < n < len(change)]
        if number < stop < number + longest and len(beside) == 2 and min(beside) >= MOVING:
            still = change[number:stop].max() <= max(EXACT, COPY * min(beside))
            found.update(range(number, stop) if still else ())
        number = stop + 1
    return frozenset(found)
