"""Where pictures lie on a model's grid: a part of them, made smaller and lengthened by its edge."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.diffusion.family import Grid

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a picture, in pixels of the luma; half-open."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """Pixels."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """Pixels."""
        return self.right - self.left

    @property
    def slices(self) -> tuple[slice, slice]:
        """Of an array H W."""
        return slice(self.top, self.bottom), slice(self.left, self.right)


@dataclass(frozen=True, slots=True)
class Fit:
    """A region at the size that a model takes, in its aspect. Models are shown no pixel enlarged,
    and none from outside the region: what the grid has beyond it repeats its edge."""

    region: Region
    height: int  # of the region on the grid
    width: int
    grid_height: int
    grid_width: int

    def shown(self, rgb: Array) -> Array:
        """H W C of the grid, from one of the whole picture."""
        return self._lengthened(self._sized(rgb[self.region.slices], (self.width, self.height)))

    def hidden(self, mask: Array) -> Array:
        """H W float32 of the grid: 1 where `mask`, H W of the whole picture and 1 where known, has
        anything unknown, else 0."""
        unknown = (mask[self.region.slices] < 1).astype(np.float32)
        shrunk = self._sized(unknown, (self.width, self.height))
        return self._lengthened((shrunk > 0).astype(np.float32))

    def back(self, rgb: Array) -> Array:
        """H W C of the region, from one of the grid."""
        inside = rgb[: self.height, : self.width]
        size = (self.region.width, self.region.height)
        if size == (self.width, self.height):
            return inside
        return np.clip(cv2.resize(inside, size, interpolation=cv2.INTER_CUBIC), 0, 1)

    @staticmethod
    def _sized(image: Array, size: tuple[int, int]) -> Array:
        if image.shape[1::-1] == size:
            return image
        return cv2.resize(image, size, interpolation=cv2.INTER_AREA)

    def _lengthened(self, image: Array) -> Array:
        below, right = self.grid_height - self.height, self.grid_width - self.width
        if not below and not right:
            return image
        return cv2.copyMakeBorder(image, 0, below, 0, right, cv2.BORDER_REPLICATE)


def fit(grid: Grid, region: Region) -> Fit:
    """The largest that `region` can be on a grid without being enlarged."""
    scale = min(1.0, math.sqrt(grid.area / (region.width * region.height)))
    multiple = grid.multiple
    height, width = (max(1, round(side * scale)) for side in (region.height, region.width))
    # What rounding up would take beyond the area is taken off again.
    while _up(height, multiple) * _up(width, multiple) > grid.area and min(height, width) > 1:
        scale *= 0.98
        height, width = (max(1, round(side * scale)) for side in (region.height, region.width))
        if _up(height, multiple) == _up(width, multiple) == multiple:
            break
    return Fit(region, height, width, _up(height, multiple), _up(width, multiple))


def region_round(hidden: Array, area: int) -> Region:
    """The part of a picture to be shown so that what is hidden of it can be completed.

    Twice as high and as wide as what is hidden (H W bool), and of `area` pixels where the picture
    has them: a small hole is completed at its full size.
    """
    height, width = hidden.shape
    rows, columns = (np.flatnonzero(hidden.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return Region(0, 0, height, width)
    high, wide = 2 * int(rows[-1] + 1 - rows[0]), 2 * int(columns[-1] + 1 - columns[0])
    grow = math.sqrt(max(1.0, area / (high * wide)))
    high, wide = min(height, math.ceil(high * grow)), min(width, math.ceil(wide * grow))
    # Where one side has no more to give, the other takes it.
    high = min(height, max(high, area // wide))
    wide = min(width, max(wide, area // high))
    top = _placed((int(rows[0]) + int(rows[-1]) + 1) // 2, high, height)
    left = _placed((int(columns[0]) + int(columns[-1]) + 1) // 2, wide, width)
    return Region(top, left, top + high, left + wide)


def _placed(middle: int, length: int, whole: int) -> int:
    return min(max(0, middle - length // 2), whole - length)


def _up(number: int, multiple: int) -> int:
    return -(-number // multiple) * multiple
