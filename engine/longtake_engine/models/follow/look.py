"""What a picture looks like to a tracker: small, 8-bit, three numbers a pixel."""

import cv2
import numpy as np

from longtake_engine.models.flow import Array
from longtake_engine.picture import Picture, PictureFormat

WIDTH = 480  # pictures are looked at at this width


def look_size(format: PictureFormat) -> tuple[int, int]:
    """Width and height at which pictures are looked at."""
    width = min(WIDTH, format.width)
    return width, max(1, round(format.height * width / format.width))


def look(picture: Picture, size: tuple[int, int]) -> Array:
    """The picture at `size` (width, height) as H W 3 uint8: Y U V, G B R, or grey three times.

    Colours are only ever compared with others of the same clip, so they stay as they are coded.
    """
    shift = picture.format.bit_depth - 8
    planes = []
    for plane in picture.planes[:3] if picture.format.family != "gray" else picture.planes[:1]:
        eight = cv2.convertScaleAbs(plane, alpha=1.0 / (1 << shift)) if shift > 0 else plane
        shrinks = plane.shape[1] >= size[0]
        way = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        planes.append(cv2.resize(np.ascontiguousarray(eight), size, interpolation=way))
    return np.dstack(planes if len(planes) == 3 else planes[:1] * 3)


def luma_of(seen: Array) -> Array:
    """The first of the three numbers, H W uint8: what motion is measured on."""
    return np.ascontiguousarray(seen[..., 0])
