from fractions import Fraction

import pytest
from longtake_engine.errors import WrongCall
from longtake_engine.rate import (
    convert_timecode,
    count_frames,
    frame_to_timecode,
    snap_rate,
    timecode_to_frame,
)
from longtake_engine.work import Length

NTSC = Fraction(30000, 1001)
NTSC_60 = Fraction(60000, 1001)
FILM = Fraction(24000, 1001)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (23.976, FILM),
        (23.98, FILM),
        (23.976023976, FILM),
        (29.97, NTSC),
        (29.98, NTSC),
        (59.94, NTSC_60),
        (119.88, Fraction(120000, 1001)),
        (24, Fraction(24)),
        (25.0001, Fraction(25)),
        (30, Fraction(30)),
        (12.5, Fraction(25, 2)),
        (14.9, Fraction(149, 10)),
        (0.5, Fraction(1, 2)),
        (FILM, FILM),
        (Fraction(10, 3), Fraction(10, 3)),
    ],
)
def test_snapped_rate(typed, meant):
    assert snap_rate(typed) == meant


@pytest.mark.parametrize("rate", [0, -25, float("nan"), float("inf"), Fraction(-24000, 1001)])
def test_rates_that_are_none(rate):
    with pytest.raises(WrongCall, match="is not a frame rate; give frames a second"):
        snap_rate(rate)


@pytest.mark.parametrize(
    ("length", "rate", "frames"),
    [
        (Length(frames=48), FILM, 48),
        (Length(seconds=Fraction(2)), FILM, 48),
        (Length(seconds=Fraction(2)), NTSC, 60),
        (Length(seconds=Fraction(1, 1000)), NTSC, 1),
        (Length(seconds=Fraction(1, 2)), Fraction(25), 13),  # 12.5 goes up, not to even
        (Length(seconds=Fraction(3, 2)), Fraction(25), 38),
        (Length(seconds=Fraction(3600)), NTSC, 107892),
        (Length(timecode="00:00:02:00"), FILM, 48),
        (Length(timecode="00:01:00;02"), NTSC, 1800),
    ],
)
def test_frames_of_a_length(length, rate, frames):
    assert count_frames(length, rate) == frames


@pytest.mark.parametrize(
    "length",
    [
        Length(frames=0),
        Length(frames=-3),
        Length(seconds=Fraction(0)),
        Length(seconds=Fraction(-1)),
        Length(timecode="00:00:00:00"),
        Length(),
    ],
)
def test_lengths_that_are_none(length):
    with pytest.raises(WrongCall, match="give it as 2s, 48f or 00:00:02:00"):
        count_frames(length, FILM)


@pytest.mark.parametrize(
    ("text", "rate", "frame"),
    [
        ("00:00:59;29", NTSC, 1799),
        ("00:01:00;02", NTSC, 1800),
        ("00:10:00;00", NTSC, 17982),
        ("01:00:00;00", NTSC, 107892),
        ("01:00:00:00", NTSC, 108000),
        ("00:01:00;04", NTSC_60, 3600),
        ("23:59:59:23", FILM, 24 * 86400 - 1),
        ("01:00:00:119", Fraction(120), 432119),
    ],
)
def test_known_timecodes(text, rate, frame):
    assert timecode_to_frame(text, rate) == frame
    assert frame_to_timecode(frame, rate, drop_frame=";" in text) == text


@pytest.mark.parametrize(
    ("rate", "drop_frame"),
    [(NTSC, True), (NTSC_60, True), (NTSC, False), (FILM, False), (Fraction(25), False)],
)
def test_every_frame_number_comes_back(rate, drop_frame):
    minute = round(60 * rate)
    edges = {m * minute + d for m in (0, 1, 2, 9, 10, 11, 60, 600, 1439) for d in range(-20, 20)}
    for frame in sorted(edge for edge in edges if edge >= 0):
        text = frame_to_timecode(frame, rate, drop_frame=drop_frame)
        assert timecode_to_frame(text, rate) == frame, text


def test_drop_frame_skips_numbers_but_no_frame():
    around = [frame_to_timecode(n, NTSC, drop_frame=True) for n in range(1798, 1803)]
    assert around == ["00:00:59;28", "00:00:59;29", "00:01:00;02", "00:01:00;03", "00:01:00;04"]


@pytest.mark.parametrize(
    ("rate", "drop_frame", "day"),
    [(NTSC, True, 2589408), (NTSC_60, True, 5178816), (FILM, False, 24 * 86400)],
)
def test_timecode_wraps_at_midnight(rate, drop_frame, day):
    first = frame_to_timecode(0, rate, drop_frame=drop_frame)
    last = frame_to_timecode(-1, rate, drop_frame=drop_frame)
    assert frame_to_timecode(day, rate, drop_frame=drop_frame) == first
    assert frame_to_timecode(day - 1, rate, drop_frame=drop_frame) == last
    assert timecode_to_frame(last, rate) == day - 1


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("nonsense", FILM),
        ("", FILM),
        ("00:00:02", FILM),
        ("-00:00:02:00", FILM),
        ("00:00:00:24", FILM),
        ("00:60:00:00", FILM),
        ("00:00:61:00", FILM),
        ("00:00:00;12", FILM),  # no drop-frame at this rate
        ("00:00:00.12", NTSC),  # frame 12, or 12 hundredths of a second? better asked
    ],
)
def test_what_is_no_timecode(text, rate):
    with pytest.raises(WrongCall, match="is not a timecode at"):
        timecode_to_frame(text, rate)


@pytest.mark.parametrize(
    ("text", "rate", "new_rate", "wanted"),
    [
        ("01:00:00:20", Fraction(25), Fraction(50), "01:00:00:40"),
        ("01:00:00:45", Fraction(60), Fraction(24), "01:00:00:18"),
        ("10:59:59:23", Fraction(24000, 1001), Fraction(25), "10:59:59:23"),
        ("00:01:00;02", Fraction(30000, 1001), Fraction(60000, 1001), "00:01:00;04"),
        ("00:01:00;05", Fraction(60000, 1001), Fraction(30000, 1001), "00:01:00;02"),
        ("00:10:00;00", Fraction(30000, 1001), Fraction(60000, 1001), "00:10:00;00"),
        ("00:01:00;02", Fraction(30000, 1001), Fraction(25), "00:01:00:01"),
        ("00:00:01:20", Fraction(25), Fraction(120), "00:00:01:096"),
    ],
)
def test_timecode_at_another_rate_keeps_its_second(text, rate, new_rate, wanted):
    assert convert_timecode(text, rate, new_rate) == wanted
    timecode_to_frame(wanted, new_rate)  # which is one


def test_a_timecode_that_is_none_is_not_converted():
    with pytest.raises(WrongCall):
        convert_timecode("00:00:00:25", Fraction(25), Fraction(50))
