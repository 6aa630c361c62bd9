"""From stamps to a rate and a count."""

from array import array
from fractions import Fraction

import pytest
from longtake_engine.media.timing import measure

MS = Fraction(1, 1000)
NTSC = Fraction(30000, 1001)


def stamps(times) -> array:
    return array("q", times)


@pytest.mark.parametrize(
    "rate", [Fraction(24000, 1001), Fraction(25), NTSC, Fraction(60000, 1001), Fraction(120)]
)
@pytest.mark.parametrize("base", [MS, Fraction(1, 90000), Fraction(1, 12800)])
@pytest.mark.parametrize("first", [0, 777])
def test_rounded_stamps_of_a_constant_rate(rate: Fraction, base: Fraction, first: int) -> None:
    times = [first + round(k / rate / base) for k in range(5000)]
    measured = measure(stamps(reversed(times)), 0, base, (rate,))
    assert (measured.timing.rate, measured.timing.kind) == (rate, "even")
    assert (measured.frame_count, measured.variable_rate) == (5000, False)
    assert [measured.timing.frame_at(time) for time in times] == list(range(5000))


def test_a_rate_that_nobody_stated_is_found() -> None:
    times = [round(k / NTSC / MS) for k in range(300)]
    assert measure(stamps(times), 33, MS, (None, Fraction(0), None)).timing.rate == NTSC


def test_a_wrong_statement_is_not_believed() -> None:
    times = [k * 512 for k in range(300)]
    measured = measure(stamps(times), 512, Fraction(1, 12800), (Fraction(50), Fraction(90000)))
    assert (measured.timing.rate, measured.variable_rate) == (25, False)


def test_a_short_clip_that_says_30_02_means_30() -> None:
    times = [round(k / Fraction(3002, 100) / Fraction(1, 90000)) for k in range(36)]
    measured = measure(stamps(times), 0, Fraction(1, 90000), (Fraction(3002, 100),))
    assert measured.timing.rate == 30


def test_odd_rates_are_kept() -> None:
    times = [k * 80 for k in range(100)]
    assert measure(stamps(times), 80, MS, (Fraction(25, 2),)).timing.rate == Fraction(25, 2)


def test_a_shaky_clock_keeps_every_picture() -> None:
    times = [round(k * 1000 / 30) + (k * 7 % 13) - 6 for k in range(200)]
    measured = measure(stamps(times), 33, MS, (Fraction(30),))
    assert (measured.timing.rate, measured.frame_count, measured.variable_rate) == (30, 200, True)
    assert sorted(measured.timing.frame_at(t - 0) for t in times) == list(range(200))


def test_a_rate_that_changes_shows_what_is_on_screen() -> None:
    times = [k * 40 for k in range(50)] + [2000 + k * 80 for k in range(25)]
    measured = measure(stamps(times), 80, MS, (Fraction(75, 4),))
    timing = measured.timing
    assert (timing.kind, timing.rate, measured.variable_rate) == ("shown", 25, True)
    assert measured.frame_count == 100
    assert [timing.frame_at(t) for t in (0, 40, 1960, 2000, 2080)] == [0, 1, 49, 50, 52]


def test_a_picture_between_two_frames_is_shown_by_the_later() -> None:
    times = [0, 40, 80, 130, 170, 210, 250, 290, 330, 460]
    timing = measure(stamps(times), 40, MS, (Fraction(25),)).timing
    assert timing.kind == "shown"
    assert [timing.frame_at(t) for t in (80, 81, 130, 170)] == [2, 2, 4, 5]


def test_one_picture_takes_the_rate_that_is_stated() -> None:
    assert measure(stamps([5]), 0, MS, (NTSC,)).timing.rate == NTSC
    assert measure(stamps([5]), 0, MS, (None,)).timing.rate == 24
