"""Exact time on timelines: OTIO's doubles as fractions and back.

OpenTimelineIO keeps rates and values as doubles. In here a rate is a `Fraction` of frames a second
and a point in time a `Fraction` of seconds; whole frames are counted only at a rate that is said.
"""

import math
import re
from fractions import Fraction
from functools import lru_cache

from opentimelineio.opentime import RationalTime, TimeRange

from longtake_bridge.errors import bad_input, wrong_call
from longtake_bridge.length import Length

_TIMECODE = re.compile(r"(\d{1,2}):([0-5]\d):([0-5]\d)([:;])(\d{2,3})")
_DROP_RATES = (Fraction(30000, 1001), Fraction(60000, 1001))


@lru_cache(maxsize=64)  # timelines ask for the same few rates a million times
def exact_rate(rate: float | Fraction) -> Fraction:
    """The rate that `rate` stands for: n or n·1000/1001 where it is within 0.045 % of one.

    The engine's `snap_rate`, once more: the bridge cannot import it.
    """
    exact = Fraction(rate).limit_denominator(1_000_000)
    whole = Fraction(round(exact))
    ntsc = Fraction(round(exact * 1001 / 1000) * 1000, 1001)
    if exact in (whole, ntsc):
        return exact
    best = min((whole, ntsc), key=lambda candidate: abs(candidate - exact))
    if best > 0 and abs(best - exact) <= exact / 2200:
        return best
    return exact.limit_denominator(1001)


def seconds_of(time: RationalTime) -> Fraction:
    """Seconds of an OTIO time, exact.

    Raises:
        BridgeError: BAD_INPUT; the time has no rate.
    """
    if not time.rate > 0 or not math.isfinite(time.value):
        raise bad_input("A time on this timeline has no rate; export it from the editor again.")
    whole = round(time.value)
    value = (
        Fraction(whole)
        if abs(time.value - whole) < 1e-6  # doubles that came out of sums
        else Fraction(time.value).limit_denominator(100_000)
    )
    return value / exact_rate(time.rate)


def time_at(seconds: Fraction, *rates: float | Fraction) -> RationalTime:
    """An OTIO time of `seconds` at the first of `rates` where it is whole, else at the first."""
    for rate in rates:
        value = seconds * exact_rate(rate)
        if value.denominator == 1:
            return RationalTime(float(value), float(rate))
    return RationalTime(float(seconds * exact_rate(rates[0])), float(rates[0]))


def range_at(start_s: Fraction, duration_s: Fraction, *rates: float | Fraction) -> TimeRange:
    """An OTIO range, each end of it at the first of `rates` where it is a whole number."""
    return TimeRange(time_at(start_s, *rates), time_at(duration_s, *rates))


def nearest_frame(seconds: Fraction, rate: Fraction) -> int:
    """The frame at `rate` whose start is nearest to `seconds`; the later one where two are."""
    return math.floor(seconds * rate + Fraction(1, 2))


def count_frames(length: Length, rate: Fraction) -> int:
    """Frames of `length` at `rate`, at least 1.

    Raises:
        BridgeError: WRONG_CALL; the timecode is none at this rate.
    """
    if length.frames is not None:
        return length.frames
    if length.seconds is not None:
        return max(1, nearest_frame(length.seconds, rate))
    return timecode_to_frame(length.timecode or "", rate)


def timecode_to_frame(text: str, rate: Fraction) -> int:
    """Frames since 00:00:00:00 of an SMPTE timecode; `;` before the frames means drop-frame.

    Raises:
        BridgeError: WRONG_CALL; `text` is no timecode at this rate.
    """
    match = _TIMECODE.fullmatch(text.strip())
    nominal = round(rate)
    if match is None or int(match[5]) >= nominal:
        raise wrong_call(f'"{text}" is not a timecode at {float(rate):g} fps; give HH:MM:SS:FF.')
    minutes = int(match[1]) * 60 + int(match[2])
    frame = (minutes * 60 + int(match[3])) * nominal + int(match[5])
    if match[4] == ":":
        return frame
    dropped = nominal // 15
    if rate not in _DROP_RATES or (int(match[3]) == 0 and minutes % 10 and int(match[5]) < dropped):
        raise wrong_call(
            f'"{text}" is not a drop-frame timecode at {float(rate):g} fps; give HH:MM:SS:FF.'
        )
    return frame - dropped * (minutes - minutes // 10)


def frame_to_timecode(frame: int, rate: Fraction) -> str:
    """HH:MM:SS:FF of a frame number from 0, without dropped numbers."""
    nominal = max(round(rate), 1)
    seconds, frames = divmod(frame, nominal)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}:{frames:02}"
