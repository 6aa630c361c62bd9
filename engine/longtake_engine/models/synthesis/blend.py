"""No step in colour or brightness where a filling meets what is known.

Gradient-domain compositing (Pérez et al. 2003) by its membrane: the filling keeps its own detail
and takes on what it is off by at the border, spread evenly over it by Laplace's equation, which a
cascade of grids solves.
"""

import cv2
import numpy as np

from longtake_engine.models.synthesis.patch import Array
from longtake_engine.models.synthesis.sample import mask_of
from longtake_engine.picture import Picture

PAD = 16  # pixels around the hole that are looked at
SPREAD = 3.0  # pixels along the border over which the difference is averaged: texture is no step
MOST = 24.0  # 8-bit levels: more is an edge that lies along the border, not a step
SWEEPS = 6  # of smoothing on each grid


def blend(picture: Picture, filled: Picture, hole: Array, beyond: Array | None = None) -> Picture:
    """`picture` with `filled` in its hole, as bright and coloured at the border as it is there.

    Outside the hole every number is that of `picture`.

    Args:
        picture: What lies in the hole is never read.
        filled: What lies outside the hole is read in `beyond` only.
        hole: H W bool, at the luma's size.
        beyond: H W bool: where outside the hole `filled` shows the same things as `picture`; there
            the two are compared. None where it shows nothing there: then pixels on either side of
            the border are.
    """
    format, planes = picture.format, []
    for number, plane in enumerate(picture.planes):
        inside = mask_of(hole, format, number)
        known = ~inside if beyond is None else mask_of(beyond, format, number) & ~inside
        made = filled.planes[number]
        compare = beyond is not None
        planes.append(
            _blended(plane, made, inside, known, compare=compare, max_value=format.max_value)
        )
    return Picture(tuple(planes), format)


def membrane(values: Array, known: Array) -> Array:
    """`values` (H W float32) where `known` (H W bool), smoothly spanned over the rest."""
    weight = known.astype(np.float32)
    if min(known.shape) <= 2 or known.all():
        mean = float((values * weight).sum() / max(float(weight.sum()), 1e-6))
        return np.where(known, values, np.float32(mean)).astype(np.float32)
    size = tuple(-(-n // 2) for n in known.shape[::-1])
    share = cv2.resize(weight, size, interpolation=cv2.INTER_AREA)
    small = cv2.resize(values * weight, size, interpolation=cv2.INTER_AREA)
    small /= np.maximum(share, 1e-6)
    coarse = membrane(small, share > 0)
    spanned = cv2.resize(coarse, known.shape[::-1], interpolation=cv2.INTER_LINEAR)
    spanned[known] = values[known]
    kernel = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], np.float32) / 4
    for _ in range(SWEEPS):
        smooth = cv2.filter2D(spanned, -1, kernel, borderType=cv2.BORDER_REPLICATE)
        spanned = np.where(known, values, smooth)
    return spanned


def _blended(
    plane: Array, filled: Array, hole: Array, known: Array, *, compare: bool, max_value: int
) -> Array:
    """One plane; `known` is what `filled` is compared with, at the same places or across the
    border."""
    done = plane.copy()
    if not hole.any():
        return done
    x, y, wide, high = cv2.boundingRect(hole.astype(np.uint8))
    window = np.s_[max(0, y - PAD) : y + high + PAD, max(0, x - PAD) : x + wide + PAD]
    inside, known = hole[window], known[window]
    shown, made = plane[window].astype(np.float32), filled[window].astype(np.float32)
    if compare:
        off, ring = _compared(shown, made, known)
    else:
        off, ring = _across(shown, made, inside, known)
    limit = MOST * max_value / 255
    # An edge that lies along the border counts less the stronger it is.
    off *= np.exp(-((off / limit) ** 4))
    made += membrane(off, ring)
    made = np.clip(np.rint(made), 0, max_value).astype(plane.dtype)
    done[window][inside] = made[inside]
    return done


def _compared(shown: Array, made: Array, both: Array) -> tuple[Array, Array]:
    """How far the two differ near where both are known, and where that is."""
    return _local_mean(shown - made, both), both


def _across(shown: Array, made: Array, inside: Array, known: Array) -> tuple[Array, Array]:
    """How far what is known outside differs from what was made inside, along the border."""
    ring = cv2.dilate(inside.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return _local_mean(shown, known) - _local_mean(made, inside), ring & known


def _local_mean(values: Array, where: Array) -> Array:
    weight = where.astype(np.float32)
    heard = cv2.GaussianBlur(weight, (0, 0), SPREAD)
    return cv2.GaussianBlur(values * weight, (0, 0), SPREAD) / np.maximum(heard, 1e-6)
