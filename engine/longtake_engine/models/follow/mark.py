"""What a person gives of a thing: boxes that enclose it, points that lie on it, its matte."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from longtake_engine.errors import WrongCall
from longtake_engine.models.flow import Array
from longtake_engine.picture import PictureFormat
from longtake_engine.work import Box, Point


@dataclass(frozen=True, slots=True)
class Corrected:
    """The matte of the thing on one frame, as a person wants it."""

    matte: Array  # H W float32, 1 the thing to 0, at the luma's size
    frame: int = 0


Mark = Box | Point | Corrected
Marks = Mapping[int, Mark] | Sequence[Mark]


def by_frame(marks: Marks) -> dict[int, list[Mark]]:
    """The marks of each frame that has some, the frames rising; the keys of a mapping go before
    the frames that its marks name."""
    if isinstance(marks, Mapping):
        pairs: Iterable[tuple[int, Mark]] = marks.items()
    else:
        pairs = ((mark.frame, mark) for mark in marks)
    found: dict[int, list[Mark]] = {}
    for frame, mark in sorted(pairs, key=_frame_of):
        found.setdefault(frame, []).append(mark)
    return found


def _frame_of(pair: tuple[int, Mark]) -> int:
    return pair[0]


def check_marks(marks: Marks, format: PictureFormat, frames: range) -> dict[int, list[Mark]]:
    """As `by_frame`, where all of them can be followed.

    Raises:
        WrongCall: One cannot, or there is none.
    """
    given = by_frame(marks)
    if not given:
        raise WrongCall("Nothing is marked: draw a box round the thing or set a point on it.")
    for of_frame in given.values():
        for mark in of_frame:
            check_mark(mark, format, frames)
    return given


def check_mark(mark: Mark, format: PictureFormat, frames: range) -> None:
    """Nothing where the mark can be followed.

    Raises:
        WrongCall: It lies outside the picture or outside `frames`, or holds nothing.
    """
    if mark.frame not in frames:
        raise WrongCall(
            f"Frame {mark.frame} is not among the frames to follow through, {frames.start} to"
            f" {frames.stop - 1}: draw the thing on one of these."
        )
    if isinstance(mark, Box):
        check_box(mark, format)
    elif isinstance(mark, Point):
        _check_point(mark, format)
    else:
        _check_matte(mark, format)


def check_box(box: Box, format: PictureFormat) -> None:
    """Nothing where a part of the box lies in the picture.

    Raises:
        WrongCall: It is empty or lies outside.
    """
    size = f"{format.width}×{format.height}"
    said = f"{box.x},{box.y},{box.width},{box.height}"
    if box.width < 1 or box.height < 1:
        raise WrongCall(f"The box {said} is empty: give X,Y,WIDTH,HEIGHT in pixels.")
    within_x = box.x < format.width and box.x + box.width > 0
    within_y = box.y < format.height and box.y + box.height > 0
    if not (within_x and within_y):
        raise WrongCall(
            f"The box {said} lies outside the picture, which is {size}: draw it round what shows."
        )


def _check_point(point: Point, format: PictureFormat) -> None:
    if not (0 <= point.x < format.width and 0 <= point.y < format.height):
        raise WrongCall(
            f"The point {point.x},{point.y} lies outside the picture, which is"
            f" {format.width}×{format.height}: set it on the thing."
        )


def _check_matte(mark: Corrected, format: PictureFormat) -> None:
    height, width = mark.matte.shape[:2]
    if (width, height) != (format.width, format.height):
        raise WrongCall(
            f"The matte of frame {mark.frame} is {width}×{height} and the picture"
            f" {format.width}×{format.height}: give it at the picture's size."
        )
    if not (mark.matte > 0.5).any():
        raise WrongCall(f"The matte of frame {mark.frame} holds nothing: mark the thing on it.")
