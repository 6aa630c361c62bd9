"""Lengths of time as people type them: 2s, 48f or a timecode."""

import re
from dataclasses import dataclass
from fractions import Fraction

from longtake_bridge.errors import wrong_call

_SECONDS = re.compile(r"(\d{1,6}(?:\.\d{1,9})?|\.\d{1,9})s", re.ASCII)
_FRAMES = re.compile(r"(\d{1,9})f", re.ASCII)
_TIMECODE = re.compile(r"\d{1,2}:[0-5]\d:[0-5]\d[:;]\d{2,3}", re.ASCII)
_RATE = re.compile(r"\d{1,4}(?:\.\d{1,6})?|\d{1,6}/[1-9]\d{0,3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time as it was given; exactly one field is set, and it is more than nothing.

    The engine turns it into frames at the rate of the clip.
    """

    frames: int | None = None
    seconds: Fraction | None = None
    timecode: str | None = None  # HH:MM:SS:FF, ;FF for drop-frame

    def __str__(self) -> str:
        if self.frames is not None:
            return f"{self.frames}f"
        if self.seconds is not None:
            return f"{float(self.seconds):g}s"
        return self.timecode or ""


def parse_length(text: str) -> Length:
    """The length that `text` means.

    Raises:
        BridgeError: WRONG_CALL; it is none, or not more than nothing.
    """
    text = text.strip()
    length = _read(text)
    if length is None:
        unsigned = _read(text.removeprefix("-")) if text.startswith("-") else None
        if unsigned is not None:
            raise wrong_call(
                f'"{text}" is less than nothing; give a length such as 2s, 48f or 00:00:02:00.'
            )
        raise wrong_call(f'"{text}" is not a length of time; give it as 2s, 48f or 00:00:02:00.')
    if length.frames == 0 or length.seconds == 0 or _is_zero(length.timecode):
        raise wrong_call(f'"{text}" adds nothing; give a length such as 2s, 48f or 00:00:02:00.')
    return length


def parse_position(text: str) -> Length | None:
    """How far into a clip `text` is: 2s, 48f or a timecode; None for its very start.

    Raises:
        BridgeError: WRONG_CALL; it is no place in time.
    """
    length = _read(text.strip())
    if length is None:
        raise wrong_call(f'"{text}" is not a place in time; give it as 2s, 48f or 00:00:02:00.')
    nothing = length.frames == 0 or length.seconds == 0 or _is_zero(length.timecode)
    return None if nothing else length


def is_timecode(text: str) -> bool:
    """Whether `text` is written as a timecode."""
    return _TIMECODE.fullmatch(text) is not None


def _read(text: str) -> Length | None:
    if match := _SECONDS.fullmatch(text):
        return Length(seconds=Fraction(match[1]))
    if match := _FRAMES.fullmatch(text):
        return Length(frames=int(match[1]))
    if _TIMECODE.fullmatch(text):
        return Length(timecode=text)
    return None


def _is_zero(timecode: str | None) -> bool:
    return timecode is not None and not timecode.strip("0:;")


def parse_rate(text: str) -> Fraction:
    """Frames a second: 24, 12.5, 24000/1001; 23.976 and its like mean n·1000/1001.

    Raises:
        BridgeError: WRONG_CALL; it is no rate.
    """
    text = text.strip()
    if not _RATE.fullmatch(text) or Fraction(text) == 0:
        raise wrong_call(f'"{text}" is not a frame rate; give it as 24, 23.976 or 24000/1001.')
    rate = Fraction(text)
    ntsc = Fraction(round(rate * 1001 / 1000) * 1000, 1001)
    # Nobody means 2997/125 by 23.976: within 0.045 % of n·1000/1001, and no whole number, is that.
    if rate.denominator != 1 and abs(ntsc - rate) <= rate / 2200:
        return ntsc
    return rate


def parse_factor(text: str) -> Fraction:
    """How many times as long: 2, 2.5, 5/2.

    Raises:
        BridgeError: WRONG_CALL; it is no such number.
    """
    text = text.strip()
    if not _RATE.fullmatch(text):
        raise wrong_call(f'"{text}" is not a factor; give it as 2, 2.5 or 5/2.')
    return Fraction(text)
