"""The luma of a picture as what motion and looks are measured on."""

import cv2
import numpy as np

from longtake_engine.picture import Picture


def luma8(picture: Picture, max_width: int = 0) -> np.ndarray:
    """The luma as H W uint8, made smaller by area where wider than `max_width` (0: as it is)."""
    luma = picture.luma
    depth = picture.format.bit_depth
    if depth > 8:
        luma = cv2.convertScaleAbs(luma, alpha=1.0 / (1 << (depth - 8)))
    height, width = luma.shape
    if max_width and width > max_width:
        size = (max_width, max(1, round(height * max_width / width)))
        luma = cv2.resize(luma, size, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(luma)
