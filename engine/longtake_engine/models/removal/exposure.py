"""How much brighter one frame is than another where both show the same, told around a hole and
carried on evenly into it."""

import cv2
import numpy as np

from longtake_engine.models.removal.box import Array
from longtake_engine.models.spread import spread

SMALLER = 4  # times: light is even
ALIKE = 0.05  # of the largest value: a larger difference is something else than light
EVEN = 6.0  # small pixels over which it is smoothed


def light(off: Array, weight: Array, most: float) -> Array:
    """h w float32: what to add so that it is as bright.

    Args:
        off: h w float32, the difference where both show the same.
        weight: h w float32, 0 where they do not.
        most: The largest value that the picture can have.
    """
    height, width = off.shape
    size = (max(1, -(-width // SMALLER)), max(1, -(-height // SMALLER)))
    share = weight * np.exp(-((off / np.float32(ALIKE * most)) ** 2))
    told = cv2.resize(share, size, interpolation=cv2.INTER_AREA)
    mean = cv2.resize(off * share, size, interpolation=cv2.INTER_AREA) / np.maximum(told, 1e-4)
    around = cv2.GaussianBlur(told, (0, 0), EVEN) + np.float32(1e-5)
    even = cv2.GaussianBlur(mean * told, (0, 0), EVEN) / around
    # Where little is told around, what is told further off.
    filled = spread(even, np.clip(around * 8, 0, 1))
    return cv2.resize(filled, (width, height), interpolation=cv2.INTER_LINEAR)
