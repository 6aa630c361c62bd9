"""Values carried evenly from where they are known to where they are not."""

import cv2
import numpy as np

Array = np.ndarray

FULL = 4.0  # a pixel of a coarse level that is known to a quarter is believed


def spread(values: Array, weight: Array) -> Array:
    """`values` (H W or H W C float32) with what `weight` (H W float32, 0 to 1) does not know taken
    from around.

    Normalised convolution over a pyramid (push and pull, Gortler et al. 1996): each unknown pixel
    takes the finest level that knows something. Where nothing is known at all: 0.
    """
    shape = values.shape
    sums = [values * weight.reshape(*weight.shape, *(1,) * (values.ndim - 2))]
    weights = [weight]
    # What is believed everywhere asks for nothing coarser.
    while (
        min(weights[-1].shape) > 1 and max(weights[-1].shape) > 2 and weights[-1].min() * FULL < 1
    ):
        size = tuple(-(-n // 2) for n in weights[-1].shape[::-1])
        sums.append(cv2.resize(sums[-1], size, interpolation=cv2.INTER_AREA))
        weights.append(cv2.resize(weights[-1], size, interpolation=cv2.INTER_AREA))
    filled = _over(sums[-1], np.maximum(weights[-1], 1e-6))
    for total, known in zip(sums[-2::-1], weights[-2::-1], strict=True):
        coarse = cv2.resize(filled, known.shape[::-1], interpolation=cv2.INTER_LINEAR)
        trust = np.minimum(known * FULL, 1)
        own = _over(total, np.maximum(known, 1e-6))
        filled = _times(own.reshape(total.shape), trust) + _times(coarse, 1 - trust)
    return filled.reshape(shape)


def _over(values: Array, weight: Array) -> Array:
    return values / (weight[..., None] if values.ndim > 2 else weight)


def _times(values: Array, weight: Array) -> Array:
    return values * (weight[..., None] if values.ndim > 2 else weight)
