"""What other frames show is believed as far as it fits; for the rest a hole is filled evenly.

A filling whose parts contradict one another, or that misses what is known around the hole, is
likely wrong in it as well: there a smooth interior is nearer to the truth, and less seen, than
torn pieces of something else. The two are weighed by their expected errors (as in a Wiener filter);
the constants were fitted on moved holes of sixteen clips and hold on those left out of the fit.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.spread import spread
from longtake_engine.models.synthesis.patch import Array

UNIT = 480.0  # pixels of width for which the lengths here are given
MISSED = 1.5  # how much a miss around the hole tells of the error in it, both squared
DOUBTED = 0.8  # how much a contradiction in it does
NOISE = 10.0  # squared levels that any filling is off by
CONTRAST = 1.3  # how much the contrast around tells of what an even filling misses, both squared
LEAST_CONTRAST = 30.0  # squared levels
DEEP = 10.0  # pixels into the hole at which nothing around tells of it any more
RING = 12  # pixels around the hole in which contrast is measured
AROUND = 25.0  # pixels over which it is
FINE = 2.0  # pixels: detail that is kept where the filling is believed by half
KEPT = (0.3, 0.7)  # trust from which on some and all fine detail is kept
BROAD = 6.0  # pixels: broader than texture
STRANGE = 12.0  # 8-bit levels by which texture may be brighter or darker than an even filling


@dataclass(frozen=True, slots=True)
class Evidence:
    """What other frames say of the luma in and around a hole: h w, 8-bit levels."""

    luma: Array  # float32: the frame itself; meaningless in the hole
    hidden: Array  # bool: the hole
    told: Array  # bool: where some frame says something, around the hole as well
    missed: Array  # float32: how far they are off where the truth is known
    doubt: Array  # float32: how far they are off from one another, a standard deviation


def expected_error(evidence: Evidence, width: int) -> Array:
    """The error that what is told is expected to have, h w float32, squared 8-bit levels.

    Args:
        evidence: What is known of a part of the frame.
        width: Of the whole picture, pixels.
    """
    unit = max(1.0, width / UNIT)
    around = np.where(evidence.told & ~evidence.hidden, np.float32(1), np.float32(0))
    heard = np.maximum(_mean(around, 7 * unit), np.float32(1e-3))
    missed = _mean(evidence.missed**2 * around, 7 * unit) / heard
    missed = np.maximum(spread(missed * around, around), 0)
    doubt = np.maximum(_mean(evidence.doubt**2, 9 * unit), 0)
    return MISSED * missed + DOUBTED * doubt + np.float32(NOISE)


def trust(evidence: Evidence, error: Array, width: int) -> Array:
    """How far each pixel of the hole is believed, h w float32 from 0 to 1, if it is expected to
    have that `error`; the others as in `expected_error`."""
    unit = max(1.0, width / UNIT)
    depth = cv2.distanceTransform(evidence.hidden.astype(np.uint8), cv2.DIST_L2, 3) / unit
    rise = CONTRAST * _contrast(evidence, unit) * (1 - np.exp(depth / -DEEP))
    even_error = rise + np.float32(LEAST_CONTRAST)
    # Squared odds: what is nearly sure stays as crisp as it is.
    share = 1 / (1 + (error / even_error) ** 2)
    return np.where(evidence.told, share, 0).astype(np.float32)


def weighed(filled: Array, even: Array, share: Array, width: int) -> Array:
    """`filled` as far as `share` says, else `even`, all h w float32; where it is believed by more
    than half, fine detail stays whole."""
    unit = max(1.0, width / UNIT)
    away = (1 - share) * (even - filled)
    broad = cv2.GaussianBlur(away, (0, 0), FINE * unit)
    low, high = KEPT
    sure = np.clip((share - low) / (high - low), 0, 1)
    return filled + sure * broad + (1 - sure) * away


def plausible(
    made: Array, even: Array, hidden: Array, width: int, strange: float = STRANGE
) -> Array:
    """How far texture that was `made` up is believed, h w float32: as far as it is, by and large,
    as bright as an `even` filling (all 8-bit levels; half where it is `strange` levels off).

    Texture is copied from elsewhere, and so may be a thing that does not belong here.
    """
    unit = max(1.0, width / UNIT)
    off = np.where(hidden, made - even, np.float32(0)).astype(np.float32)
    broad = cv2.GaussianBlur(off, (0, 0), BROAD * unit)
    share = 1 / (1 + (broad / np.float32(strange)) ** 2)
    return cv2.GaussianBlur(share, (0, 0), BROAD * unit / 2)


def _contrast(evidence: Evidence, unit: float) -> Array:
    """The variance of what is known around the hole, carried into it."""
    known = np.where(evidence.hidden, np.float32(0), np.float32(1))
    heard = np.maximum(_mean(known, AROUND * unit), np.float32(1e-3))
    mean = _mean(evidence.luma * known, AROUND * unit) / heard
    square = _mean(evidence.luma**2 * known, AROUND * unit) / heard
    variance = np.maximum(square - mean * mean, 0)
    side = 2 * round(RING * unit) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    grown = cv2.dilate(evidence.hidden.astype(np.uint8), kernel) > 0
    ring = np.where(grown & ~evidence.hidden, np.float32(1), np.float32(0))
    return np.maximum(spread(variance * ring, ring), 0)


def _mean(values: Array, side: float) -> Array:
    odd = 2 * round(side / 2) + 1
    return cv2.blur(values.astype(np.float32), (odd, odd))
