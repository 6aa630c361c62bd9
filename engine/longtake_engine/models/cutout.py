"""A thing lifted out of its picture and laid somewhere else, larger or smaller, along a path."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.ability import ModelInfo
from longtake_engine.picture import Picture, PictureFormat

Array = np.ndarray

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
    planes = []
    for number, plane in enumerate(picture.planes):
        cut = _on_plane(matte, format, number)
        thing = _spread(plane, cut)
        places = [_matrix(shift, middle, format, number) for shift in exposures]
        alpha = np.mean([_moved(cut, place) for place in places], axis=0)
        light = np.mean([_moved(thing * cut, place) for place in places], axis=0)
        under = ground.planes[number]
        mixed = np.clip(np.rint(under * (1 - alpha) + light), 0, format.max_value)
        planes.append(np.where(alpha > 0, mixed, under).astype(plane.dtype))
    places = [_matrix(shift, middle, format, 0) for shift in exposures]
    lies = np.mean([_moved(matte, place) for place in places], axis=0)
    return Picture(tuple(planes), format), lies.astype(np.float32)


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


def _moved(values: Array, matrix: Array) -> Array:
    if np.allclose(matrix, np.eye(2, 3)):
        return values
    if matrix[0, 0] < 1:  # else single pixels are skipped
        values = cv2.GaussianBlur(values, (0, 0), 0.5 * (1 / matrix[0, 0] - 1) + 1e-3)
    size = (values.shape[1], values.shape[0])
    moved = cv2.warpAffine(values, matrix, size, flags=cv2.INTER_CUBIC)
    reached = cv2.warpAffine(values, matrix, size, flags=cv2.INTER_LINEAR)
    return np.where(reached > 0, np.maximum(moved, 0), 0)


def _on_plane(matte: Array, format: PictureFormat, number: int) -> Array:
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
