import pytest
from longtake_engine.jobs.pace import Pace


def test_a_steady_pace_is_foretold_exactly_from_the_second_frame_on():
    pace = Pace()
    assert pace.remaining_s(0, 0, 1.0) == -1
    assert pace.remaining_s(0, 100, 5.0) == -1
    assert pace.remaining_s(2, 100, 11.0) == -1  # ten seconds to get ready, no frame's fault
    for second in range(2, 50):
        left = pace.remaining_s(2 * second, 100, 10.0 + second)
        assert left == pytest.approx((100 - 2 * second) / 2)


def test_the_pace_of_late_counts_more_than_that_of_long_ago():
    pace = Pace()
    pace.remaining_s(0, 1000, 0.0)
    for second in range(1, 11):
        pace.remaining_s(second, 1000, second)
    left = -1.0
    for second in range(11, 61):
        left = pace.remaining_s(10 + 10 * (second - 10), 1000, second)
    assert left == pytest.approx(490 / 10, rel=0.02)


def test_nothing_is_foretold_without_a_total_or_a_frame():
    pace = Pace()
    pace.remaining_s(0, 0, 0.0)
    assert pace.remaining_s(0, 10, 1.0) == -1
    assert pace.remaining_s(5, 0, 2.0) == -1


def test_a_job_that_starts_over_is_measured_anew():
    pace = Pace()
    pace.remaining_s(0, 100, 0.0)
    pace.remaining_s(50, 100, 1.0)
    assert pace.remaining_s(1, 100, 2.0) == -1
    assert pace.remaining_s(11, 100, 12.0) == pytest.approx(89)
