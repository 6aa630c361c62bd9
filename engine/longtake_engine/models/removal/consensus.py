"""One value for each pixel out of what several frames say of it."""

from collections.abc import Sequence

import cv2
import numpy as np

from longtake_engine.models.removal.box import Array

LIKE = 7.0  # 8-bit levels by which frames that show the same differ
POWER = 2  # how much more of several pictures the one counts that many are like
PEAK = 2  # how much more of those the best counts


def agree(lumas: Sequence[Array], weights: Sequence[Array], *, smooth: bool = True) -> list[Array]:
    """The share that each has in the result, h w float32 each, summing up to 1; 0 where none has a
    weight.

    What few of them say (something that went by, a mismatch) is outvoted by what more say: the
    mode rather than the mean.

    Args:
        lumas: h w float32 each, 8-bit levels.
        weights: h w float32 each, 0 where nothing is known.
        smooth: They are pictures, compared by neighbourhoods; else lists of pixels.
    """
    levels = [cv2.blur(luma, (3, 3)) for luma in lumas] if smooth else lumas
    support = [weight.copy() for weight in weights]
    for first in range(len(lumas)):
        for second in range(first):
            off = levels[first] - levels[second]
            like = np.exp(off * off * np.float32(-0.5 / LIKE**2))
            support[first] += weights[second] * like
            support[second] += weights[first] * like
    total = np.maximum(np.sum(weights, axis=0), np.float32(1e-9))
    peak, power = (PEAK, POWER) if smooth else (1, 1)
    shares = [
        weight**peak * (told / total) ** power
        for weight, told in zip(weights, support, strict=True)
    ]
    whole = np.maximum(np.sum(shares, axis=0), np.float32(1e-20))
    return [share / whole for share in shares]
