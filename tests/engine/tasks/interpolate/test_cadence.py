"""Holds found in the changes of frames, as numbers alone."""

from fractions import Fraction
from math import ceil

import numpy as np
import pytest
from longtake_engine.tasks.interpolate.cadence import USUAL_BEATS, find_cadence

FRAMES = 180


def held(beat: Fraction, phase: Fraction = Fraction(0), *, noise: float = 0.1) -> list[float]:
    """Peak changes of uneven motion in which a picture comes every `beat` frames."""
    random = np.random.default_rng(3)
    starts = {ceil(phase + n * beat) for n in range(-1, FRAMES)}
    motion = 12 + 5 * np.sin(np.arange(FRAMES) / 20) + random.uniform(-2, 2, FRAMES)
    changes = random.uniform(0, noise, FRAMES) * motion
    return [float(motion[n]) if n in starts else float(changes[n]) for n in range(FRAMES)]


def starts_of(beat: Fraction, phase: Fraction) -> set[int]:
    return {ceil(phase + n * beat) for n in range(-1, FRAMES)} & set(range(1, FRAMES))


@pytest.mark.parametrize("beat", [*USUAL_BEATS, Fraction(25, 17), Fraction(8, 5)])
@pytest.mark.parametrize("turn", [0, 1])
def test_a_beat_is_found_in_every_phase(beat, turn):
    phase = Fraction(turn, beat.denominator)
    cadence = find_cadence(held(beat, phase))
    assert cadence.beat == beat
    assert cadence.copies == set(range(1, FRAMES)) - starts_of(beat, phase)


def test_copies_that_coding_left_a_little_different_are_found_too():
    cadence = find_cadence(held(Fraction(5, 2), noise=0.25))
    assert cadence.beat == Fraction(5, 2)


def test_plain_motion_has_no_copies():
    changes = held(Fraction(1))
    assert not find_cadence(changes).copies
    assert find_cadence(changes).beat == 1


def test_a_slow_stretch_beside_a_fast_one_is_not_taken_for_copies():
    changes = [0.0, *[1.5] * 60, *[40.0] * 20, *[1.5] * 60]
    assert not find_cadence(changes).copies


def test_stillness_is_no_hold():
    assert not find_cadence([0.0] * 100).copies
    stopped = [0.0, *[9.0] * 40, *[0.0] * 30, *[9.0] * 40]
    assert not find_cadence(stopped).copies


def test_a_moment_that_was_lost_is_found_alone():
    changes = [9.0] * 100
    changes[40] = 0.1
    cadence = find_cadence(changes)
    assert cadence.copies == {40}
    assert cadence.beat == 1


def test_a_jerk_amid_slow_motion_makes_no_copies():
    changes = [4.0] * 100
    changes[50] = 60.0
    assert not find_cadence(changes).copies


def test_drawings_held_for_longer_now_and_then():
    changes, random = [0.0], np.random.default_rng(5)
    for hold in random.choice([2, 2, 2, 3, 4], 50):
        changes += [8.0, *[0.0] * (int(hold) - 1)]
    changes = changes[:120]
    cadence = find_cadence(changes)
    assert cadence.beat == 1
    found = {n for n, change in enumerate(changes) if change == 0 and n}
    assert len(found - cadence.copies) <= 4  # but for those at the very ends
    assert cadence.copies <= found


def test_too_little_to_tell():
    assert not find_cadence([]).copies
    assert not find_cadence([0.0, 9.0]).copies
