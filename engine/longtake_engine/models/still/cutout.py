"""A thing lifted out of its picture and laid somewhere else, larger or smaller, along a path."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.ability import ModelInfo
from longtake_engine.picture import Picture, PictureFormat

Array = np.ndarray
Window = tuple[slice, slice]  # rows and columns

INFO = ModelInfo(
    name="cutout",
    description="Lifts a thing out of the picture, fills its place and moves it along boxes.",
    tasks=("animate",),
    min_known_frames=1,
)
SURE = 0.95  # of the matte: here a pixel shows the thing alone
SHUTTER = 0.5  # of a frame's time the picture is exposed: half, as a film camera does
BLUR_STEP = 1.5  # pixels between two exposures of one picture: closer ones cannot be told apart
MOST_EXPOSURES = 12
ROOM = 24  # pixels round a thing that its colours are spread into


@dataclass(frozen=True, slots=True)
class Shift:
    """Where a thing lies against where it lay: moved, then made larger about its own middle."""

    dx: float = 0.0  # pixels of luma, to the right
    dy: float = 0.0  # down
    scale: float = 1.0

    def between(self, other: "Shift", share: float) -> "Shift":
        """What lies `share` (0 to 1) of the way to `other`."""
        return Shift(
            self.dx + share * (other.dx - self.dx),
            self.dy + share * (other.dy - self.dy),
            self.scale * (other.scale / self.scale) ** share,
        )


class Course:
    """A shift for every frame: eased out of each stop and into the next, at rest beyond them."""

    def __init__(self, stops: Mapping[int, Shift]) -> None:
        """`stops` holds at least one: the frame and where the thing is to lie there."""
        self._frames = sorted(stops)
        self._stops = dict(stops)

    def at(self, frame: float) -> Shift:
        """Where the thing lies at `frame`, between whole frames too."""
        after = bisect_right(self._frames, frame)
        if after == 0 or after == len(self._frames):
            return self._stops[self._frames[max(0, after - 1)]]
        first, second = self._frames[after - 1], self._frames[after]
        passed = (frame - first) / (second - first)
        eased = passed * passed * (3 - 2 * passed)
        return self._stops[first].between(self._stops[second], eased)


def lay(
    picture: Picture, matte: Array, ground: Picture, course: Course, frame: int
) -> tuple[Picture, Array]:
    """`ground` with the thing that `matte` cuts out of `picture`, where `course` has it at `frame`.

    What moves fast is exposed several times, as an open shutter would.

    Args:
        picture: The frame that the thing is cut from.
        matte: H W float32, 0 to 1, at the luma's size: where the thing is.
        ground: The frame without the thing, of the same format.
        course: Where it goes.
        frame: Which of its frames this is.

    Returns:
        The picture, and where the thing now is: H W float32. Where that is 0 the picture is
        `ground`, bit for bit.
    """
    exposures = _exposures(course, frame)
    middle = _middle(matte)
    format = picture.format
    lies = np.zeros(matte.shape, np.float32)
    source = _window(matte)
    if source is None:
        return ground, lies
    planes = []
    for number, plane in enumerate(picture.planes):
        place = _on_plane(source, format, number)
        cut = _shrunk(matte, format, number)[place]
        thing = _spread(plane[place], cut)
        moves = [_matrix(shift, middle, format, number) for shift in exposures]
        part = _reached(moves, place, plane.shape)
        under = ground.planes[number]
        if part is None:
            planes.append(under)
            continue
        alpha = np.mean([_moved(cut, move, place, part) for move in moves], axis=0)
        light = np.mean([_moved(thing * cut, move, place, part) for move in moves], axis=0)
        kept = under[part]
        mixed = np.clip(np.rint(kept * (1 - alpha) + light), 0, format.max_value)
        made = under.copy()
        made[part] = np.where(alpha > 0, mixed, kept)
        planes.append(made)
        if number == 0:
            lies[part] = alpha
    return Picture(tuple(planes), format), lies


def _exposures(course: Course, frame: int) -> list[Shift]:
    opened, closed = course.at(frame - SHUTTER / 2), course.at(frame + SHUTTER / 2)
    way = float(np.hypot(closed.dx - opened.dx, closed.dy - opened.dy))
    count = min(MOST_EXPOSURES, 1 + int(way / BLUR_STEP))
    if count == 1:
        return [course.at(frame)]
    return [opened.between(closed, n / (count - 1)) for n in range(count)]


def _middle(matte: Array) -> tuple[float, float]:
    moments = cv2.moments(matte)
    if not moments["m00"]:
        return matte.shape[1] / 2, matte.shape[0] / 2
    return moments["m10"] / moments["m00"], moments["m01"] / moments["m00"]


def _matrix(shift: Shift, middle: tuple[float, float], format: PictureFormat, number: int) -> Array:
    """2 3: from where the thing lay to where it lies, in pixels of plane `number`."""
    chroma = format.is_chroma(number)
    across = 1 << format.chroma_shift_x if chroma else 1
    down = 1 << format.chroma_shift_y if chroma else 1
    x, y = (middle[0] + 0.5) / across - 0.5, (middle[1] + 0.5) / down - 0.5
    return np.array(
        [
            [shift.scale, 0, x - shift.scale * x + shift.dx / across],
            [0, shift.scale, y - shift.scale * y + shift.dy / down],
        ]
    )


def _window(matte: Array) -> Window | None:
    """Rows and columns that hold the thing and what its colours are spread into, whole blocks of
    chroma; None where there is nothing."""
    rows, columns = np.flatnonzero(matte.any(axis=1)), np.flatnonzero(matte.any(axis=0))
    if not len(rows):
        return None
    height, width = matte.shape
    top, left = (max(0, int(first[0]) - ROOM) // 4 * 4 for first in (rows, columns))
    bottom, right = (-(-(int(last[-1]) + 1 + ROOM) // 4) * 4 for last in (rows, columns))
    return slice(top, min(height, bottom)), slice(left, min(width, right))


def _on_plane(window: Window, format: PictureFormat, number: int) -> Window:
    """A window of the luma on plane `number`."""
    if not format.is_chroma(number):
        return window
    height, width = format.plane_size(number)
    down, across = format.chroma_shift_y, format.chroma_shift_x
    rows, columns = window
    return (
        slice(rows.start >> down, min(height, -(-rows.stop >> down))),
        slice(columns.start >> across, min(width, -(-columns.stop >> across))),
    )


def _reached(moves: Sequence[Array], window: Window, size: tuple[int, ...]) -> Window | None:
    """The part of a plane that a window is moved to; None where it leaves it."""
    rows, columns = window
    corners = [(x, y) for x in (columns.start, columns.stop) for y in (rows.start, rows.stop)]
    ends = np.array([cv2.transform(np.array([corners], np.float64), move)[0] for move in moves])
    left, top = (int(np.floor(value)) - 2 for value in ends.min((0, 1)))
    right, bottom = (int(np.ceil(value)) + 2 for value in ends.max((0, 1)))
    top, bottom = max(0, top), min(size[0], bottom)
    left, right = max(0, left), min(size[1], right)
    if top >= bottom or left >= right:
        return None
    return slice(top, bottom), slice(left, right)


def _moved(values: Array, move: Array, source: Window, target: Window) -> Array:
    """What `values`, at the window `source` of a plane, come to show at the window `target`."""
    if move[0, 0] < 1:  # else single pixels are skipped
        values = cv2.GaussianBlur(values, (0, 0), 0.5 * (1 / move[0, 0] - 1) + 1e-3)
    before = np.array([source[1].start, source[0].start], np.float64)
    after = np.array([target[1].start, target[0].start], np.float64)
    within = np.column_stack([move[:, :2], move[:, :2] @ before + move[:, 2] - after])
    size = (target[1].stop - target[1].start, target[0].stop - target[0].start)
    if np.allclose(within[:, :2], np.eye(2)) and np.allclose(within[:, 2], np.rint(within[:, 2])):
        return cv2.warpAffine(values, within, size, flags=cv2.INTER_NEAREST)
    moved = cv2.warpAffine(values, within, size, flags=cv2.INTER_CUBIC)
    reached = cv2.warpAffine(values, within, size, flags=cv2.INTER_LINEAR)
    return np.where(reached > 0, np.maximum(moved, 0), 0)


def _shrunk(matte: Array, format: PictureFormat, number: int) -> Array:
    height, width = format.plane_size(number)
    if matte.shape == (height, width):
        return matte.astype(np.float32)
    return cv2.resize(matte.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA)


def _spread(plane: Array, matte: Array) -> Array:
    """The thing's own colours, H W float32, also where its edge lets the ground shine through."""
    colours = plane.astype(np.float32)
    sure = (matte >= SURE).astype(np.float32)
    if not sure.any():
        return colours
    known, weight = colours * sure, sure.copy()
    for sigma in (1.0, 2.0, 4.0, 8.0):
        near = cv2.GaussianBlur(sure, (0, 0), sigma)
        mean = cv2.GaussianBlur(colours * sure, (0, 0), sigma)
        fresh = (weight == 0) & (near > 1e-3)
        known[fresh] = mean[fresh] / near[fresh]
        weight[fresh] = 1
    return np.where(weight > 0, known, colours)
