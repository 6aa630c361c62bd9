"""One value for each pixel out of what several frames say of it."""

from collections.abc import Sequence

import cv2
import numpy as np

from longtake_engine.models.removal.box import Array

LIKE = 7.0  # 8-bit levels by which frames that show the same differ
POWER = 3  # how much more an opinion that many share counts
PEAK = 2  # how much more the best of those counts


def agree(lumas: Sequence[Array], weights: Sequence[Array]) -> list[Array]:
    """The share that each has in the result, h w float32 each, summing up to 1; 0 where none has a
    weight.

    What few of them say (something that went by, a mismatch) is outvoted by what more say: the
    mode rather than the mean.

    Args:
        lumas: h w float32 each, 8-bit levels.
        weights: h w float32 each, 0 where nothing is known.
    """
    smooth = [cv2.blur(luma, (3, 3)) for luma in lumas]
    support = [weight.copy() for weight in weights]
    for first in range(len(lumas)):
        for second in range(first):
            off = smooth[first] - smooth[second]
            like = np.exp(off * off * np.float32(-0.5 / LIKE**2))
            support[first] += weights[second] * like
            support[second] += weights[first] * like
    total = np.maximum(np.sum(weights, axis=0), np.float32(1e-9))
    shares = [
        weight**PEAK * (told / total) ** POWER
        for weight, told in zip(weights, support, strict=True)
    ]
    whole = np.maximum(np.sum(shares, axis=0), np.float32(1e-20))
    return [share / whole for share in shares]
