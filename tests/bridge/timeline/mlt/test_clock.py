from fractions import Fraction

import pytest
from longtake_bridge.errors import BridgeError
from longtake_bridge.timeline.mlt.clock import Clock


@pytest.mark.parametrize(
    ("text", "frame"),
    [
        ("0", 0),
        ("123", 123),
        ("00:00:01.960", 49),
        ("00:00:01,960", 49),
        ("01:00:00.000", 90000),
        ("4.96", 124),
        ("00:00:02:10", 60),
    ],
)
def test_the_ways_in_which_mlt_writes_a_time(text: str, frame: int) -> None:
    assert Clock(Fraction(25)).frame(text) == frame


@pytest.mark.parametrize(
    "rate", [Fraction(25), Fraction(24000, 1001), Fraction(60000, 1001), Fraction(120)], ids=str
)
def test_every_frame_comes_back(rate: Fraction) -> None:
    clock = Clock(rate)
    for frame in [*range(700), 107_892, 1_000_003]:
        assert clock.frame(clock.text(frame)) == frame


def test_a_time_is_written_as_the_one_that_it_replaces() -> None:
    clock = Clock(Fraction(25))
    assert clock.text(50, "12") == "50"
    assert clock.text(50, "00:00:00.480") == "00:00:02.000"
    assert Clock(Fraction(25), in_frames=True).text(50) == "50"


def test_no_time() -> None:
    with pytest.raises(BridgeError, match='a time "soon" that cannot be read'):
        Clock(Fraction(25)).frame("soon")
