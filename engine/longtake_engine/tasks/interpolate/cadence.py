"""How pictures are held in a clip: pulldown, animation on twos, frames doubled by a conversion."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np

EXACT = 0.25  # peak change, 8-bit levels, of copies that were coded well; grain alone makes more
COPY = 0.12  # of the change around it: a copy changes less
MOVING = 3.0  # peak change, 8-bit levels, from which something moves
AROUND = 8  # frames on each side that show how much moves
EVIDENCE = 4  # copies at least that a beat must explain
LONGEST = 3  # frames that a picture may be held for amid motion before it is a stop that is meant
LONGEST_DRAWN = 6  # the same where half the frames are copies: animation
# Frames for each picture, of conversions that repeat pictures evenly: 24 in 60 (pulldown), 24 in
# 30, 25 in 30, 24 in 25, 25 in 60, 15 in 24, 15 in 25, 18 in 24, 16 in 24, 12 in 25, 18 in 25.
BEATS = tuple(
    Fraction(*beat)
    for beat in (
        (2, 1),
        (3, 1),
        (4, 1),
        (5, 1),
        (6, 1),
        (5, 2),
        (5, 4),
        (6, 5),
        (25, 24),
        (12, 5),
        (8, 5),
        (5, 3),
        (4, 3),
        (3, 2),
        (25, 12),
        (25, 18),
    )
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
    change[:1] = 0.0
    usual = _usual(change)
    moving = (change >= MOVING) & (change > 2 * COPY * usual)
    # Where little moves a copy cannot be told, and need not be.
    copies = (usual >= MOVING) & (change <= np.maximum(EXACT, COPY * usual))
    copies[:1] = moving[:1] = False
    for beat in BEATS:
        held = _held_by(beat, moving, copies)
        if held is not None:
            return Cadence(held, beat)
    return Cadence(_scattered(change, copies, moving))


def _usual(change: np.ndarray) -> np.ndarray:
    """What changes around each frame where pictures follow one another: near the most of it."""
    padded = np.pad(change, AROUND, mode="reflect" if len(change) > AROUND else "edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * AROUND + 1)
    return np.percentile(windows, 85, axis=1)


def _held_by(beat: Fraction, moving: np.ndarray, copies: np.ndarray) -> frozenset[int] | None:
    """The frames that repeat others where pictures come every `beat` frames; None where they do
    not.

    In some phase of it no frame moves that should repeat, and nearly every one that repeats was
    foretold.
    """
    count = len(moving)
    for phase in range(beat.numerator):
        offset = Fraction(phase, beat.denominator)
        starts = {ceil(offset + n * beat) for n in range(-1, int(count / beat) + 2)}
        held = np.array([n not in starts for n in range(count)])
        held[:1] = False
        if (held & moving).any():
            continue
        explained = int((held & copies).sum())
        enough = explained >= max(EVIDENCE, 0.9 * int(copies.sum()))
        # All but a few of the frames that should repeat do so, where anything moves.
        if enough and explained >= 0.8 * int((held & (_usual_moves(moving))).sum()):
            return frozenset(int(n) for n in np.flatnonzero(held))
    return None


def _usual_moves(moving: np.ndarray) -> np.ndarray:
    """The frames beside which something moves, before and after."""
    near = np.convolve(moving.astype(np.float32), np.ones(2 * AROUND + 1), mode="same")
    return near >= 2


def _scattered(change: np.ndarray, copies: np.ndarray, moving: np.ndarray) -> frozenset[int]:
    """Copies amid motion that follow no beat: moments that were lost, drawings held for longer.

    A picture that is held for long stands still because it should.
    """
    drawn = copies.sum() >= 0.4 * len(copies)
    longest = LONGEST_DRAWN if drawn else LONGEST
    found: set[int] = set()
    number = 1
    while number < len(change):
        if not copies[number]:
            number += 1
            continue
        stop = number
        while stop < len(change) and copies[stop]:
            stop += 1
        beside = [change[n] for n in (number - 1, stop) if 0 < n < len(change)]
        still = change[number:stop].max() <= max(EXACT, COPY * min(beside, default=0.0))
        if len(beside) == 2 and stop - number < longest and still and min(beside) >= MOVING:
            found.update(range(number, stop))
        number = stop
    return frozenset(found)
