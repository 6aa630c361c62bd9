"""Frame rates as exact fractions, and lengths of time in frames.

Time is integer frames and a rational rate; seconds are for people only.
"""

import math
import re
from fractions import Fraction

from timecode.timecode import Timecode

from longtake_engine.errors import WrongCall
from longtake_engine.work import Length

_TIMECODE = re.compile(r"(\d{1,2}):(\d{2}):(\d{2})[:;](\d{2,3})")
_DROP_RATES = {Fraction(30000, 1001), Fraction(60000, 1001)}


def snap_rate(rate: float | Fraction) -> Fraction:
    """The frame rate that people mean by `rate`: n or n·1000/1001 where it is within 0.045 % of
    one.

    A typed 23.976 and a container's 29.98 (a measured average) give 24000/1001 and 30000/1001;
    12.5 and 14.9 are kept, as the nearest fraction with a denominator up to 1001.

    Raises:
        WrongCall: `rate` is not a positive finite number.
    """
    if not math.isfinite(rate) or rate <= 0:
        raise WrongCall(
            f"{rate} is not a frame rate; give frames a second, such as 25 or 24000/1001."
        )
    exact = Fraction(rate).limit_denominator(1_000_000)
    whole = round(exact)
    ntsc = round(exact * 1001 / 1000)
    candidates = [Fraction(n) for n in (whole,) if n > 0]
    candidates += [Fraction(n * 1000, 1001) for n in (ntsc,) if n > 0]
    if exact in candidates:
        return exact
    best = min(candidates, key=lambda c: abs(c - exact), default=exact)
    if abs(best - exact) <= exact / 2200:
        return best
    return exact.limit_denominator(1001)


def count_frames(length: Length, rate: Fraction) -> int:
    """Frames of `length` at `rate`, at least 1.

    Raises:
        WrongCall: The length is not positive, has no value or holds a timecode that is none.
    """
    if length.frames is not None:
        frames = length.frames
    elif length.seconds is not None:
        frames = _round_half_up(length.seconds * rate)
        if length.seconds > 0:
            frames = max(frames, 1)
    elif length.timecode is not None:
        frames = timecode_to_frame(length.timecode, rate)
    else:
        raise WrongCall("A length is empty; give it as 2s, 48f or 00:00:02:00.")
    if frames <= 0:
        raise WrongCall("A length must be more than nothing; give it as 2s, 48f or 00:00:02:00.")
    return frames


def timecode_to_frame(text: str, rate: Fraction) -> int:
    """Frames since 00:00:00:00 of an SMPTE timecode; `;` before the frames means drop-frame.

    Raises:
        WrongCall: `text` is no timecode at this rate.
    """
    match = _TIMECODE.fullmatch(text.strip())
    fields = [int(part) for part in match.groups()] if match else []
    # The library takes 00:99:00:99 for a timecode; people who type it did not mean it.
    if not fields or max(fields[1:3]) > 59 or fields[3] >= round(rate):
        raise WrongCall(f'"{text}" is not a timecode at {float(rate):g} fps; give HH:MM:SS:FF.')
    try:
        return _timecode(rate, text=text.strip()).frame_number
    except ValueError as error:
        raise WrongCall(f'"{text}" is not a timecode at {float(rate):g} fps: {error}.') from error


def frame_to_timecode(frame: int, rate: Fraction, *, drop_frame: bool) -> str:
    """SMPTE timecode of a frame number from 0, wrapped at 24 hours; `;` before the frames where
    drop-frame."""
    fps = round(rate)
    day = 24 * 3600 * fps
    if drop_frame and rate in _DROP_RATES:
        day -= 24 * 6 * 9 * (fps // 15)
    return str(_timecode(rate, frame=frame % day, drop_frame=drop_frame))


def convert_timecode(text: str, rate: Fraction, new_rate: Fraction) -> str:
    """The timecode at `new_rate` of the same hour, minute and second, and of the frame that is as
    far into that second; drop-frame where it was and the new rate has it.

    Raises:
        WrongCall: `text` is no timecode at `rate`.
    """
    timecode_to_frame(text, rate)
    parts = re.split("[:;]", text.strip())
    drop = ";" in text and new_rate in _DROP_RATES
    frame = int(parts[3]) * round(new_rate) // round(rate)
    if drop and int(parts[1]) % 10 and parts[2] == "00":
        frame = max(frame, round(new_rate) // 15)  # the first that such a minute has
    digits = max(2, len(str(round(new_rate) - 1)))
    return f"{':'.join(parts[:3])}{';' if drop else ':'}{frame:0{digits}}"


def _timecode(
    rate: Fraction, *, text: str | None = None, frame: int | None = None, drop_frame: bool = False
) -> Timecode:
    drop = (";" in text) if text is not None else drop_frame
    nominal = round(rate)
    framerate = {30: "29.97", 60: "59.94"}.get(nominal) if drop else str(nominal)
    if framerate is None:
        raise ValueError("drop-frame timecode exists at 29.97 and 59.94 fps only")
    if text is not None:
        return Timecode(framerate, start_timecode=text, force_non_drop_frame=not drop)
    assert frame is not None
    return Timecode(framerate, frames=frame + 1, force_non_drop_frame=not drop)


def _round_half_up(value: Fraction) -> int:
    return math.floor(value + Fraction(1, 2))
