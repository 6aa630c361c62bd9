"""How far a filling is believed, held near what it was in the frame before: no flicker."""

from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.removal.box import Array, Box
from longtake_engine.models.removal.match import read, within
from longtake_engine.models.removal.plane import PlaneScale

HELD = 0.6  # share of what was there in the frame before


@dataclass(frozen=True, slots=True)
class Before:
    """The hole of the frame before, and the way there."""

    hidden: Array  # H W bool: its hole
    error: Array  # H W float32: the error expected in it, squared 8-bit levels
    box: Box  # of the small size
    back: Array  # h w 2 float32: where the pixels of `box` were, in the small size

    def steadied(self, error: Array, scale: PlaneScale, part: Box) -> Array:
        """The expected `error` (h w float32, of `part` of the luma) mixed with what it was there
        before, if that lay in the hole."""
        own = scale.box(self.box)
        at = scale.bring_places(self.back, self.box)
        # Only where all that is read lies in the hole that was filled.
        inner = cv2.erode(self.hidden.astype(np.uint8), np.ones((3, 3), np.uint8)) * np.uint8(255)
        valid = (read(inner, at) > 250) & within(at, self.hidden.shape)
        came = read(self.error, at)
        left, top = max(own.left, part.left), max(own.top, part.top)
        right, bottom = min(own.right, part.right), min(own.bottom, part.bottom)
        if right <= left or bottom <= top:
            return error
        here = np.s_[top - part.top : bottom - part.top, left - part.left : right - part.left]
        there = np.s_[top - own.top : bottom - own.top, left - own.left : right - own.left]
        mixed = error.copy()
        share = np.where(valid[there], np.float32(HELD), np.float32(0))
        mixed[here] += share * (came[there] - mixed[here])
        return mixed
