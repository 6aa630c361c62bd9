from fractions import Fraction

import pytest
from longtake_bridge.errors import BridgeError
from longtake_bridge.length import Length
from longtake_bridge.timeline.timing import (
    count_frames,
    exact_rate,
    frame_to_timecode,
    seconds_of,
    time_at,
    timecode_to_frame,
)
from opentimelineio.opentime import RationalTime

NTSC = Fraction(24000, 1001)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (24000 / 1001, NTSC),
        (23.976, NTSC),
        (23.98, NTSC),
        (29.97, Fraction(30000, 1001)),
        (59.94, Fraction(60000, 1001)),
        (25.0, Fraction(25)),
        (24, Fraction(24)),
        (48000, Fraction(48000)),
        (12.5, Fraction(25, 2)),
    ],
)
def test_a_rate_is_what_people_mean(said: float, meant: Fraction) -> None:
    assert exact_rate(said) == meant


def test_an_hour_of_timecode_at_23_976_is_3603_6_seconds() -> None:
    assert seconds_of(RationalTime(86400, 23.976)) == Fraction("3603.6")


def test_a_time_without_a_rate_is_bad_input() -> None:
    with pytest.raises(BridgeError) as caught:
        seconds_of(RationalTime(10, 0))
    assert caught.value.exit_code == 3


def test_a_time_goes_to_the_first_rate_where_it_is_whole() -> None:
    assert time_at(Fraction(10, 24), 25.0, 24.0) == RationalTime(10, 24)
    assert time_at(Fraction(2), 25.0, 24.0) == RationalTime(50, 25)


@pytest.mark.parametrize(
    ("length", "rate", "frames"),
    [
        (Length(frames=48), NTSC, 48),
        (Length(seconds=Fraction(2)), NTSC, 48),
        (Length(seconds=Fraction(2)), Fraction(30000, 1001), 60),
        (Length(seconds=Fraction(1, 1000)), Fraction(25), 1),
        (Length(timecode="00:00:02:00"), NTSC, 48),
        (Length(timecode="00:01:00;02"), Fraction(30000, 1001), 1800),
        (Length(timecode="00:10:00;00"), Fraction(30000, 1001), 17982),
    ],
)
def test_a_length_is_frames_of_the_timeline(length: Length, rate: Fraction, frames: int) -> None:
    assert count_frames(length, rate) == frames


@pytest.mark.parametrize(
    ("text", "rate"),
    [("00:00:00:25", 25), ("00:00:01;00", 25), ("00:01:00;00", Fraction(30000, 1001)), ("2", 25)],
)
def test_no_timecode_is_said(text: str, rate: Fraction) -> None:
    with pytest.raises(BridgeError, match="is not a") as caught:
        timecode_to_frame(text, Fraction(rate))
    assert caught.value.exit_code == 2


def test_timecode_out() -> None:
    assert frame_to_timecode(90061, Fraction(25)) == "01:00:02:11"
