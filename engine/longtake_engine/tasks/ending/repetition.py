"""Frames shown more than once: animation on twos, film in video, dropped frames, a freeze."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from longtake_engine.tasks.glance import Glance, peak_change

FREEZE = 4  # copies at least that are a freeze, rather than animation or a dropped frame
EXACT = 0.25  # peak change of copies that were coded well; grain alone makes more
COPY = 0.12  # of the change around it: a copy changes less
MOVING = 4.0  # peak change, 8-bit levels, above which something moves
LONGEST = 6  # holds at most in a pattern: 25 pictures in 30 frames has 5
EVIDENCE = 4  # holds that a pattern must be seen in, and three times over


@dataclass(frozen=True, slots=True)
class Repetition:
    """How the last frames are held."""

    cadence: tuple[int, ...] = (1,)  # frames that each coming picture is shown, over and over
    owed: int = 0  # frames that the last picture has still to be shown for
    held: int = 0  # frames that a freeze at the end has lasted; 0 for none
    copies: frozenset[int] = frozenset()  # frames that only repeat the one before


def find_repetition(glances: Sequence[Glance]) -> Repetition:
    """What repeats in the frames of one shot, the last of which is beside the join."""
    pairs = list(pairwise(glances))
    if len(pairs) < 3:
        return Repetition()
    peaks = np.array([peak_change(a, b) for a, b in pairs])
    # Coding makes copies differ a little, and more where more moves.
    tolerance = float(np.clip(COPY * np.percentile(peaks, 90), EXACT, 8.0))
    repeats = (peaks <= tolerance).tolist()
    holds = _holds(repeats)
    frozen = _frozen(peaks, tolerance)
    moved = peaks[: len(peaks) - frozen + 1]
    pattern = _pattern(holds[1:-1]) if peaks.max() >= MOVING / 2 else ()
    if frozen >= FREEZE and frozen > max(pattern, default=0):
        if not moved.size or moved[-8:].max() >= MOVING:
            return Repetition(held=frozen)
        return Repetition()
    if pattern:
        due = pattern[0]
        cadence = (*pattern[1:], due)
        starts = {0, *accumulate(holds)}
        copies = frozenset(n for n in range(len(glances)) if n not in starts)
        return Repetition(cadence, max(0, due - holds[-1]), 0, copies)
    return Repetition(copies=_dropped(peaks))


def _holds(repeats: Sequence[bool]) -> list[int]:
    """How many frames each picture is shown for."""
    holds = [1]
    for repeat in repeats:
        if repeat:
            holds[-1] += 1
        else:
            holds.append(1)
    return holds


def _frozen(peaks: np.ndarray, tolerance: float) -> int:
    """How many frames at the end show one picture; coding may refine it over its first few."""
    run = 0
    while run < len(peaks) and peaks[-1 - run] <= EXACT:
        run += 1
    if run + 1 >= FREEZE:
        while run < len(peaks) and peaks[-1 - run] <= tolerance:
            run += 1
    return run + 1


def _pattern(holds: Sequence[int]) -> tuple[int, ...]:
    """The holds that the picture begun last and those after it should have; empty for none.

    Args:
        holds: The complete ones, the latest last.
    """
    for period in range(1, LONGEST + 1):
        seen = holds[-max(EVIDENCE, 3 * period) :]
        if len(seen) < max(EVIDENCE, 3 * period):
            break
        if max(seen) > 1 and all(a == b for a, b in zip(seen, seen[period:], strict=False)):
            return tuple(seen[-period:])
    least = min(holds, default=1)
    # A drawing may stay for twice or three times as long as most.
    even = len(holds) >= EVIDENCE and least > 1 and all(hold % least == 0 for hold in holds)
    return (least,) if even and 2 * list(holds).count(least) >= len(holds) else ()


def _dropped(peaks: np.ndarray) -> frozenset[int]:
    """Single copies amid motion: the moment they stand for was lost."""
    dropped = set()
    for number, peak in enumerate(peaks):
        beside = [peaks[n] for n in (number - 1, number + 1) if 0 <= n < len(peaks)]
        if min(beside) >= MOVING and peak <= COPY * min(beside):
            dropped.add(number + 1)
    return frozenset(dropped)
