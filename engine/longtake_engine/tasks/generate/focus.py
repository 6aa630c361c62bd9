"""Where in a still the eye goes: what stands out by edges and by colour, the middle first.

In the manner of Achanta et al., Frequency-tuned Salient Region Detection, CVPR 2009 (distance from
the mean colour), with edges beside it and a preference for the middle.
"""

import cv2
import numpy as np

from longtake_engine.luma import luma8
from longtake_engine.picture import Picture

WIDTH = 96  # pixels at which it is looked for
MIDDLE = 0.33  # of the width and height: sigma of the preference for the middle
SHARPER = 3.0  # power that lets the strongest count most


def find_focus(picture: Picture) -> tuple[float, float]:
    """The point to go to, in shares of the width and height from the top left."""
    planes = [luma8(picture, WIDTH).astype(np.float32)]
    height, width = planes[0].shape
    if picture.format.family != "gray":
        for plane in picture.planes[1:3]:
            small = cv2.resize(plane, (width, height), interpolation=cv2.INTER_AREA)
            scale = np.float32(1 << (picture.format.bit_depth - 8))
            planes.append(small.astype(np.float32) / scale)
    color = np.dstack([cv2.GaussianBlur(plane, (0, 0), 1.5) for plane in planes])
    apart = np.linalg.norm(color - color.mean(axis=(0, 1)), axis=-1)
    across, down = (cv2.Sobel(planes[0], cv2.CV_32F, *order) for order in ((1, 0), (0, 1)))
    edges = cv2.GaussianBlur(cv2.magnitude(across, down), (0, 0), 3.0)
    ys, xs = np.mgrid[:height, :width]
    x, y = (xs + 0.5) / width, (ys + 0.5) / height
    middle = np.exp(-((x - 0.5) ** 2 + (y - 0.5) ** 2) / (2 * MIDDLE**2))
    strength = (_scaled(apart) + _scaled(edges)) * middle
    strength = (strength / max(float(strength.max()), 1e-6)) ** SHARPER
    total = float(strength.sum())
    if total <= 0:
        return 0.5, 0.5
    return float((strength * x).sum()) / total, float((strength * y).sum()) / total


def _scaled(values: np.ndarray) -> np.ndarray:
    return values / max(float(values.max()), 1e-6)
