"""The small values of a request as they come from the wire, exact; refused with a sentence."""

from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper
from longtake.v1 import job_pb2, media_pb2

from longtake_engine.errors import WrongCall
from longtake_engine.work import Length

Name = TypeVar("Name")


def to_path(text: str, name: str) -> Path:
    """An absolute path; `name` says what it is of, to people."""
    if not text:
        raise WrongCall(f"The path of {name} is empty; name a file.")
    if "\0" in text:
        raise WrongCall(f"The path of {name} holds a NUL character; name a file.")
    path = Path(text)
    if not path.is_absolute():
        raise WrongCall(f"{text}, the path of {name}, is not absolute; begin it at the root.")
    return path


def to_rate(rate: media_pb2.Rational) -> Fraction:
    """A frame rate."""
    fraction = to_fraction(rate, "A frame rate")
    if fraction <= 0:
        raise WrongCall("A frame rate must be more than nothing; give it as 25 or 24000/1001.")
    return fraction


def to_length(length: media_pb2.Duration, option: str) -> Length:
    """A length that is more than nothing; `option` is where people gave it."""
    match length.WhichOneof("value"):
        case "frames":
            nothing, value = length.frames <= 0, Length(frames=length.frames)
        case "seconds":
            seconds = to_fraction(length.seconds, option)
            nothing, value = seconds <= 0, Length(seconds=seconds)
        case "timecode":
            # Whether it is one depends on the rate of the clip, which is not known here.
            text = length.timecode
            nothing, value = not text.strip("0:;. "), Length(timecode=text)
        case _:
            raise WrongCall(f"{option} is empty; give it as 2s, 48f or 00:00:02:00.")
    if nothing:
        raise WrongCall(f"{option} must be more than nothing; give it as 2s, 48f or 00:00:02:00.")
    return value


def to_fraction(rational: media_pb2.Rational, name: str) -> Fraction:
    """An exact number; `name` says what it is, to people."""
    if rational.denominator <= 0:
        raise WrongCall(
            f"{name} has the denominator {rational.denominator}; it must be more than 0."
        )
    return Fraction(rational.numerator, rational.denominator)


def to_size(size: job_pb2.PictureSize) -> tuple[int, int]:
    """Width and height."""
    if size.width < 1 or size.height < 1:
        raise WrongCall(f"A picture of {size.width}x{size.height} holds nothing; give WxH.")
    return size.width, size.height


def to_name(
    number: int,
    kinds: EnumTypeWrapper,
    prefix: str,
    names: tuple[Name, ...],
    *,
    given: bool = False,
) -> Name:
    """The one of `names` that a number of the enum `kinds` stands for; the first for UNSPECIFIED,
    unless it must be `given`."""
    if number == 0 and not given:
        return names[0]
    for name in names:
        if kinds.Value(f"{prefix}_{name}".upper()) == number:
            return name
    kind = prefix.lower().replace("_", " ")
    raise WrongCall(f"There is no {kind} of number {number}; take {', '.join(map(str, names))}.")
