"""Whether a title or a logo was kept where it is while the picture went on under it."""

import cv2
import numpy as np

from longtake_engine.luma import luma8
from longtake_engine.models.camera import measure_camera
from longtake_engine.models.flow import Array
from longtake_engine.picture import Picture

SMALL = 320
TRAVEL = 0.008  # of the width: how far the camera has gone, at least
EDGE = 18.0  # 8-bit levels a pixel
WINDOW = 15  # pixels
SAME = 0.85  # share of the edges around that are the very same
LEAST = 60  # pixels of edges


def keeps_title(last: Picture, made: Picture) -> bool:
    """Whether edges of the last real picture are where they were in a made one, bit for bit, though
    the camera has moved on."""
    before, after = luma8(last, SMALL), luma8(made, SMALL)
    height, width = before.shape
    if min(height, width) < WINDOW:
        return False
    move = measure_camera(before, after, width)
    far = np.sqrt((move.displacement(height, width, 1.0) ** 2).sum(-1))
    if np.median(far) < TRAVEL * width:
        return False
    edges = _edges(last)
    same = edges & (last.luma == made.luma)
    around = (cv2.blur(mask.astype(np.float32), (WINDOW, WINDOW)) for mask in (same, edges))
    found, all_edges = around
    return int((same & (found > SAME * all_edges)).sum()) >= LEAST


def _edges(picture: Picture) -> Array:
    luma = luma8(picture)
    across, down = (cv2.Sobel(luma, cv2.CV_32F, *o, scale=1 / 8) for o in ((1, 0), (0, 1)))
    return cv2.magnitude(across, down) > EDGE
