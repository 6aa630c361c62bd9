"""Fades at equal power."""

import numpy as np


def rise(part: np.ndarray) -> np.ndarray:
    """Factors 0 to 1, float32, where `part` goes from 0 to 1.

    The squares of `rise(part)` and `rise(1 - part)` add up to 1, and the fade begins and ends
    without a kink that could be heard.
    """
    eased = np.sin(np.clip(part, 0, 1) * (np.pi / 2)) ** 2
    return np.sin(eased * (np.pi / 2)).astype(np.float32)


def rise_over(count: int) -> np.ndarray:
    """`rise` over `count` samples."""
    return rise((np.arange(count) + 0.5) / count)
