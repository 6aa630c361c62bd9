"""Reading pictures along fields, as often as making one picture between two takes.

Fields are H W 2 float32 in pixels of their own size, x before y, C-contiguous.
"""

from functools import lru_cache

import cv2
import numpy as np

from longtake_engine.models.flow import pixel_grid

Array = np.ndarray


@lru_cache(
    maxsize=8
)  # of the few sizes that one clip has: making it costs as much as reading by it
def grid(height: int, width: int) -> Array:
    """H W 2 float32, not to be written to: every pixel's own x and y."""
    made = pixel_grid(height, width)
    made.setflags(write=False)
    return made


def along(image: Array, field: Array, share: float = 1.0) -> Array:
    """`image` read, between its pixels linearly, where `share` of `field` leads to."""
    at = cv2.scaleAdd(field, share, grid(*field.shape[:2]))
    # The stubs do not know that None stands for the second half of a map given whole.
    return cv2.remap(image, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)  # pyright: ignore


def length(field: Array) -> Array:
    """H W, of H W 2."""
    return cv2.magnitude(field[..., 0], field[..., 1])


def scaled(field: Array, weight: Array) -> Array:
    """`field` times `weight`, H W."""
    return cv2.multiply(field, cv2.merge((weight, weight)))


def fitted(field: Array, size: tuple[int, int]) -> Array:
    """A field at another size (width, height), in that size's pixels."""
    height, width = field.shape[:2]
    if (width, height) == size:
        return field
    across, down = size[0] / width, size[1] / height
    larger = across > 1
    if not larger:
        field = cv2.resize(field, size, interpolation=cv2.INTER_AREA)
    # Multiplied while it is small.
    x, y = cv2.split(field)
    field = cv2.merge((x * np.float32(across), y * np.float32(down)))
    return cv2.resize(field, size, interpolation=cv2.INTER_LINEAR) if larger else field


def consistency(forward: Array, backward: Array) -> Array:
    """How far `forward` and `backward` undo each other, H W float32 from 1 (exactly) to 0.

    The tolerance grows with the motion, as in Sundaram et al. 2010.
    """
    returned = along(backward, forward)
    off = length(cv2.add(forward, returned))
    size = length(forward) + length(returned)
    # The squares' sum lies within a factor of two of the sum's square.
    return cv2.exp(-(off * off) / (0.01 * (size * size) + 0.5))
