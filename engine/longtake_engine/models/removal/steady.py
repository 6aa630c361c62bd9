"""How far a filling is believed, and an even one, held near what they were in the frame before: no
flicker."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from longtake_engine.models.removal.box import Array, Box
from longtake_engine.models.removal.match import read, within
from longtake_engine.models.removal.plane import PlaneScale

HELD = 0.6  # share of what was there in the frame before
NEAR = 4.0  # pixels from the edge of a hole: nearer, what is beside it tells how it is filled
CHANGED = 12.0  # 8-bit levels: what was filled so far off before is not held

Parts = tuple[tuple[slice, slice], tuple[slice, slice]]


@dataclass(frozen=True, slots=True)
class Even:
    """A part of a plane, filled from around its hole alone."""

    box: Box  # of the plane
    values: Array  # h w float32
    hidden: Array  # h w bool: the hole
    level: float  # of the plane, that one 8-bit level is


@dataclass(frozen=True, slots=True)
class Before:
    """The hole of the frame before, and the way there."""

    hidden: Array  # H W bool: its hole
    error: Array  # H W float32: the error expected in it, squared 8-bit levels
    evens: tuple[Even | None, ...]  # of each plane; None where none was needed
    box: Box  # of the small size
    back: Array  # h w 2 float32: where the pixels of `box` were, in the small size

    def steadied(self, error: Array, scale: PlaneScale, part: Box) -> Array:
        """The expected `error` (h w float32, of `part` of the luma) mixed with what it was there
        before, if that lay in the hole."""
        at = scale.bring_places(self.back, self.box)
        shared = _shared(scale.box(self.box), part)
        if shared is None:
            return error
        here, there = shared
        valid = _hit(self.hidden, at[there]) & within(at[there], self.hidden.shape)
        mixed = error.copy()
        share = np.where(valid, np.float32(HELD), np.float32(0))
        mixed[here] += share * (read(self.error, at[there]) - mixed[here])
        return mixed

    def evened(self, even: Even, number: int, scale: PlaneScale) -> Even:
        """An even filling of plane `number`, mixed with what it was there before; less so near the
        edge of the hole."""
        old = self.evens[number] if number < len(self.evens) else None
        shared = _shared(scale.box(self.box), even.box)
        if old is None or shared is None:
            return even
        here, there = shared
        at = scale.bring_places(self.back, self.box)[there]
        inside = within(at, scale.size)
        at = at - np.array([old.box.left, old.box.top], np.float32)
        inside &= within(at, old.hidden.shape)
        depth = cv2.distanceTransform(even.hidden.astype(np.uint8), cv2.DIST_L2, 3)[here]
        share = np.float32(HELD) * (1 - np.exp(depth / np.float32(-NEAR)))
        share = np.where(_hit(old.hidden, at) & inside, share, np.float32(0))
        off = read(old.values, at) - even.values[here]
        # A cut that nobody told of, or light that changed: what was there does not hold any more.
        share *= np.exp(-((off / np.float32(CHANGED * even.level)) ** 2))
        values = even.values.copy()
        values[here] += share * off
        return replace(even, values=values)


def _hit(hidden: Array, at: Array) -> Array:
    """h w bool: whether all that is read at `at` (h w 2) lies in the hole."""
    inner = cv2.erode(hidden.astype(np.uint8), np.ones((3, 3), np.uint8)) * np.uint8(255)
    return read(inner, at) > 250


def _shared(own: Box, part: Box) -> Parts | None:
    """What two boxes share, as rows and columns of `part` and of `own`; None for nothing."""
    left, top = max(own.left, part.left), max(own.top, part.top)
    right, bottom = min(own.right, part.right), min(own.bottom, part.bottom)
    if right <= left or bottom <= top:
        return None
    here = np.s_[top - part.top : bottom - part.top, left - part.left : right - part.left]
    there = np.s_[top - own.top : bottom - own.top, left - own.left : right - own.left]
    return here, there
