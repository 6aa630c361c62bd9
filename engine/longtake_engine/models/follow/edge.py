"""A small matte brought to the picture's own size, along the picture's own edges."""

import cv2
import numpy as np

from longtake_engine.models.flow import Array

EPSILON = 20.0  # levels, squared: what of the luma's change is noise to the matte
PAD = 8  # pixels about the matte that are looked at


def refined(matte: Array, luma: Array) -> Array:
    """`matte` (small, H W 0..1) at the size of `luma` (H W uint8), its edge on the luma's.

    A guided filter (He et al. 2010) in the band where the small matte is between pixels.
    """
    height, width = luma.shape
    large = cv2.resize(matte, (width, height), interpolation=cv2.INTER_LINEAR)
    scale = width / matte.shape[1]
    radius = max(2, round(2 * scale))
    solid = (large > 0.02).astype(np.uint8)
    if not solid.any():
        return large
    x, y, wide, high = cv2.boundingRect(solid)
    reach = PAD + 2 * radius
    part = np.s_[max(0, y - reach) : y + high + reach, max(0, x - reach) : x + wide + reach]
    guide = luma[part].astype(np.float32)
    soft = large[part]
    filtered = _guided(guide, soft, radius)
    kernel = np.ones((2 * radius + 1,) * 2, np.uint8)
    near = cv2.dilate((soft > 0.5).astype(np.uint8), kernel) - cv2.erode(
        (soft > 0.5).astype(np.uint8), kernel
    )
    band = cv2.blur(near.astype(np.float32), (radius, radius))
    large[part] = np.clip(soft + band * (filtered - soft), 0, 1)
    return large


def _guided(guide: Array, values: Array, radius: int) -> Array:
    """`values` as a linear function of `guide` within each window of `radius` pixels."""
    size = (2 * radius + 1,) * 2
    mean_guide, mean_values = cv2.blur(guide, size), cv2.blur(values, size)
    together = cv2.blur(guide * values, size) - mean_guide * mean_values
    spread = cv2.blur(guide * guide, size) - mean_guide * mean_guide
    slope = together / (spread + EPSILON)
    offset = mean_values - slope * mean_guide
    return cv2.blur(slope, size) * guide + cv2.blur(offset, size)
