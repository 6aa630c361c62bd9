"""Fields and weights of the small size brought onto the planes of a picture."""

import cv2
import numpy as np

from longtake_engine.models.removal.box import Array, Box
from longtake_engine.models.removal.match import read


class PlaneScale:
    """How one plane lies over the size that motion is measured at. Pixels are squares: their
    centres lie half a pixel in, at every size."""

    def __init__(self, plane_size: tuple[int, int], size: tuple[int, int]) -> None:
        """Both (height, width)."""
        self.size = plane_size
        self.down = plane_size[0] / size[0]
        self.across = plane_size[1] / size[1]
        self._held: tuple[Box, Array] | None = None  # the last of `_inside`

    @property
    def same(self) -> bool:
        """Whether there is nothing to bring."""
        return self.down == 1 and self.across == 1

    def box(self, box: Box) -> Box:
        """The pixels of the plane that `box` covers, even partly."""
        return box.scaled(self.across, self.down, self.size)

    def to_small(self, places: Array) -> Array:
        """From places in the plane (… 2) to the small size."""
        scale = np.array([self.across, self.down], np.float32)
        return (places + np.float32(0.5)) / scale - np.float32(0.5)

    def to_plane(self, places: Array) -> Array:
        """From places in the small size (… 2) to the plane."""
        scale = np.array([self.across, self.down], np.float32)
        return (places + np.float32(0.5)) * scale - np.float32(0.5)

    def bring(self, values: Array, box: Box) -> Array:
        """`values` (h w or h w C float32, of the part `box` of the small size) at the plane's
        pixels."""
        if self.same:
            return values
        return read(values, self._inside(box))

    def bring_places(self, at: Array, box: Box) -> Array:
        """Places `at` (h w 2) that the pixels of `box` lead to, at and in the plane's pixels."""
        if self.same:
            return at
        inside = self._inside(box)
        way = read(at - box.grid(), inside)
        own = inside + np.array([box.left, box.top], np.float32)
        return self.to_plane(own + way)

    def _inside(self, box: Box) -> Array:
        """Where the plane's pixels lie in a part `box` of the small size."""
        held = self._held
        if held is None or held[0] != box:
            corner = np.array([box.left, box.top], np.float32)
            self._held = held = box, self.to_small(self.box(box).grid()) - corner
        return held[1]


def read_cubic(plane: Array, at: Array) -> Array:
    """`plane` read between its pixels at `at` (h w 2), in its own numbers as float32."""
    value = plane if plane.dtype == np.uint8 else plane.astype(np.float32)
    return read(value, at, cv2.INTER_CUBIC).astype(np.float32)


def read_cubic_list(plane: Array, at: Array) -> Array:
    """`plane` at a list of places (N 2), N float32."""
    count = len(at)
    wide = min(512, max(1, count))  # lines longer than 32767 are too long for OpenCV
    rows = -(-count // wide)
    padded = np.zeros((rows * wide, 2), np.float32)
    padded[:count] = at
    return read_cubic(plane, padded.reshape(rows, wide, 2)).ravel()[:count]
