"""Parts of a picture that are worked on, so that the rest costs nothing."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

Array = np.ndarray

GRIDS = 8  # that are held: a frame asks for the same few again and again


@dataclass(frozen=True, slots=True)
class Box:
    """Columns `left` to `right` and rows `top` to `bottom`, half-open."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def around(cls, hole: Array, margin: int = 0) -> "Box | None":
        """The smallest one over the true pixels of `hole` (H W bool) and a margin, within the
        picture; None where there are none."""
        left, top, wide, high = cv2.boundingRect(hole.view(np.uint8))
        if not wide:
            return None
        return cls(left, top, left + wide, top + high).grown(margin, hole.shape)

    def grown(self, margin: int, size: tuple[int, ...]) -> "Box":
        """With a margin on every side, within a picture of `size` (height, width)."""
        return Box(
            max(0, self.left - margin),
            max(0, self.top - margin),
            min(size[1], self.right + margin),
            min(size[0], self.bottom + margin),
        )

    def joined(self, other: "Box") -> "Box":
        """The smallest one over both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def scaled(self, across: float, down: float, size: tuple[int, int]) -> "Box":
        """What it covers, even partly, in a picture of another `size` (height, width)."""
        return Box(
            max(0, int(self.left * across)),
            max(0, int(self.top * down)),
            min(size[1], int(np.ceil(self.right * across))),
            min(size[0], int(np.ceil(self.bottom * down))),
        )

    @property
    def width(self) -> int:
        """Pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels."""
        return self.bottom - self.top

    @property
    def part(self) -> tuple[slice, slice]:
        """Rows and columns, to index a picture with."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def grid(self) -> Array:
        """H W 2 float32, not to be written to: the x and y of every pixel in the whole picture."""
        return _grid(self)


@lru_cache(maxsize=GRIDS)
def _grid(box: Box) -> Array:
    at = np.empty((box.height, box.width, 2), np.float32)
    at[..., 0] = np.arange(box.left, box.right, dtype=np.float32)
    at[..., 1] = np.arange(box.top, box.bottom, dtype=np.float32)[:, None]
    at.flags.writeable = False
    return at
