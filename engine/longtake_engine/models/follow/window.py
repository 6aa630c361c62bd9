"""The window of a picture in which a thing is looked for."""

from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.flow import Array
from longtake_engine.models.follow.texture import SHRUNK, shrunk

REACH = 0.35  # of the thing's size: how far about it is looked
LEAST_REACH = 20  # pixels
GUARD = 3  # pixels about the thing that may hold some of it


@dataclass(frozen=True, slots=True)
class Place:
    """A window of the picture, in pixels, half-open."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def cut(self) -> tuple[slice, slice]:
        """For indexing what is of the look's size."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def shrunk(self) -> tuple[slice, slice]:
        """For indexing textures."""
        return (
            slice(self.top // SHRUNK, -(-self.bottom // SHRUNK)),
            slice(self.left // SHRUNK, -(-self.right // SHRUNK)),
        )

    def enlarged(self, values: Array) -> Array:
        """Values of the window's places (h w) for its pixels, H W."""
        size = (values.shape[1] * SHRUNK, values.shape[0] * SHRUNK)
        large = cv2.resize(values, size, interpolation=cv2.INTER_LINEAR)
        top, left = self.top % SHRUNK, self.left % SHRUNK
        return large[top : top + self.bottom - self.top, left : left + self.right - self.left]


def surroundings(matte: Array, velocity: tuple[float, float]) -> Place:
    """The window in which the thing and its surroundings lie, now and a frame on."""
    height, width = matte.shape
    x, y, wide, high = cv2.boundingRect((matte > 0.5).astype(np.uint8))
    reach = max(LEAST_REACH, round(REACH * max(wide, high)))
    across, down = (round(1.5 * abs(part)) for part in velocity)
    left, right = max(0, x - reach - across), min(width, x + wide + reach + across)
    top, bottom = max(0, y - reach - down), min(height, y + high + reach + down)
    return Place(left, top, right, bottom)


def outside_of(matte: Array) -> Array:
    """Where surely nothing of the thing is, H W bool."""
    kernel = np.ones((2 * GUARD + 1,) * 2, np.uint8)
    return cv2.dilate((matte > 0.2).astype(np.uint8), kernel) == 0


def sides(matte: Array, place: Place) -> tuple[Array, Array]:
    """Where in places surely the thing is, and where in the window surely it is not, h w bool."""
    small = shrunk(matte)
    kernel = np.ones((2 * GUARD + 1,) * 2, np.uint8)
    outside = cv2.dilate((small > 0.1).astype(np.uint8), kernel) == 0
    window = np.zeros(small.shape, bool)
    window[place.shrunk] = True
    return small > 0.9, outside & window
