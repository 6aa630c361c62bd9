"""Where the shot at the end of a run of frames begins: after its last cut or dissolve.

PySceneDetect 0.7's AdaptiveDetector found the cuts of the shared clips too, but took a cockatoo's
jerk for one and each camera flash for two, cannot see a cut in the last two frames, and brings
click, tqdm and a reader of its own; so this is our own, by the same idea (a change against those
around it) with the pictures' likeness beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from longtake_engine.tasks.dissolve import last_dissolve
from longtake_engine.tasks.glance import Glance, change, likeness

AROUND = 8  # changes on each side that one is held against, held pictures not counted
HELD = 0.3  # 8-bit levels: a smaller change, amid larger ones, is none
# (times the changes around it, likeness): a change that is as large and leaves as little is a cut.
CUTS = ((1.8, 0.3), (2.5, 0.55), (4.0, 0.75), (6.0, 0.9))
STRAY = 2  # frames at most that are a flash, or strays of another shot, rather than a shot
ALIKE = 0.6  # likeness of the frames before and after a flash
LEAP = 12.0  # 8-bit levels of the mean luma from one frame to the next


@dataclass(frozen=True, slots=True)
class Shot:
    """The frames of the last shot, counted in the glances it was found in."""

    start: int
    strays: frozenset[int]  # single frames within it that show something else: flashes, mostly
    trailing: int  # how many of them are the last ones
    dissolving: bool  # the frames end within a dissolve


def find_shot(glances: Sequence[Glance], rate: float) -> Shot:
    """The last shot of `glances`, whose last one is beside the join."""
    count = len(glances)
    strays: set[int] = set()
    start = trailing = 0
    cuts = find_cuts(glances)
    while cuts:
        cut = cuts.pop(0)
        back = next((c for c in cuts if c <= cut + STRAY and returns(glances, cut, c)), None)
        if back is not None:
            strays.update(range(cut, back))
            cuts = [c for c in cuts if c > back]
        elif cut + STRAY >= count:  # too few to be a shot: going on from them would hold a flash
            strays.update(range(cut, count))
            trailing = count - cut
            break
        else:
            start = cut
    shown = glances[start : count - trailing]
    dissolve = last_dissolve(shown, rate)
    dissolving = dissolve > len(shown) - STRAY
    if dissolve and not dissolving:
        start += dissolve
    return Shot(start, frozenset(s for s in strays if s >= start), trailing, dissolving)


def returns(glances: Sequence[Glance], cut: int, back: int) -> bool:
    """Whether the frames from `back` on show again what was there before `cut`."""
    return likeness(glances[back], glances[cut - 1]) > ALIKE and change(
        glances[back], glances[cut - 1]
    ) < change(glances[cut], glances[cut - 1])


def find_cuts(glances: Sequence[Glance]) -> list[int]:
    """The first frame after each sudden change of the whole picture."""
    changes = [change(a, b) for a, b in pairwise(glances)]
    cuts = []
    for number, value in enumerate(changes):
        before = [c for c in changes[:number] if c > HELD][-AROUND:]
        after = [c for c in changes[number + 1 :] if c > HELD][:AROUND]
        ratio = value / (float(np.median(before + after)) + 1 if before or after else 1.0)
        if ratio < CUTS[0][0]:
            continue
        alike = likeness(glances[number], glances[number + 1])
        sudden = any(ratio > least and alike < most for least, most in CUTS)
        if sudden or _jumps(glances, number):
            cuts.append(number + 1)
    return cuts


def _jumps(glances: Sequence[Glance], number: int) -> bool:
    """Whether the light leaps from frame `number` to the next, as it does in a flash."""
    near = glances[max(0, number - AROUND) : number + 1]
    steps = [abs(b.mean - a.mean) for a, b in pairwise(near)]
    leap = abs(glances[number + 1].mean - glances[number].mean)
    return bool(steps) and leap > LEAP + 8 * float(np.median(steps))
