from fractions import Fraction
from pathlib import Path

import pytest
from longtake_engine.errors import WrongCall
from longtake_engine.tasks.interpolate.timing import plan_course
from longtake_engine.work import Interpolate

CLIP = (Path("/clip.mov"),)
FILM = Fraction(24000, 1001)


def slowed(factor: Fraction | int) -> Interpolate:
    return Interpolate(CLIP, factor=Fraction(factor))


def converted(rate: Fraction | int) -> Interpolate:
    return Interpolate(CLIP, frame_rate=Fraction(rate))


@pytest.mark.parametrize(
    ("source", "frames", "target", "count"),
    [
        (FILM, 24, 25, 25),  # 25.025
        (FILM, 2400, 25, 2503),  # 2502.5, a half counts up
        (Fraction(25), 250, FILM, 240),  # 239.76
        (Fraction(25), 7, 50, 14),
        (Fraction(60), 61, 24, 24),  # 24.4
        (Fraction(60), 1, 24, 1),  # 0.4, but one at least
        (Fraction(25), 10, Fraction(60000, 1001), 24),
    ],
)
def test_a_conversion_lasts_as_long_as_the_clip(source, frames, target, count):
    course = plan_course(converted(target), source, frames)
    assert course.rate == target
    assert course.frame_count == count
    assert course.stretch == 1
    # Frame k is shown at k / rate, and shows that moment.
    for frame in (0, 1, 7, 1000):
        assert course.moment(frame) == frame * source / target
    assert abs(course.frame_count / course.rate - frames / source) <= 1 / (2 * course.rate) or (
        count == 1
    )


@pytest.mark.parametrize(
    ("factor", "frames", "count", "moments"),
    [
        (2, 10, 20, (0, Fraction(1, 2), 1)),
        (Fraction(5, 2), 10, 25, (0, Fraction(2, 5), Fraction(4, 5))),
        (Fraction(5, 2), 5, 13, (0, Fraction(2, 5), Fraction(4, 5))),  # 12.5
        (Fraction(10, 9), 9, 10, (0, Fraction(9, 10), Fraction(9, 5))),
    ],
)
def test_slow_motion_keeps_the_rate(factor, frames, count, moments):
    course = plan_course(slowed(factor), FILM, frames)
    assert course.rate == FILM
    assert course.frame_count == count
    assert course.stretch == factor
    assert tuple(course.moment(n) for n in range(3)) == moments


def test_how_many_have_to_be_made():
    assert plan_course(slowed(2), FILM, 10).made_frames == 10
    assert plan_course(slowed(Fraction(5, 2)), FILM, 10).made_frames == 20
    assert plan_course(converted(30), Fraction(60), 10).made_frames == 0


@pytest.mark.parametrize(
    ("work", "sentence"),
    [
        (slowed(1), "must be more than 1"),
        (slowed(Fraction(1, 2)), "must be more than 1"),
        (slowed(10**9), "longer than a day"),
        (Interpolate(CLIP), "Say what to make"),
    ],
)
def test_what_means_nothing_is_refused(work, sentence):
    with pytest.raises(WrongCall, match=sentence):
        plan_course(work, Fraction(25), 1000)
