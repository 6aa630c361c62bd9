"""Where the pixels of one frame are seen in another: the camera's move, and what is left of it."""

import cv2
import numpy as np

from longtake_engine.models.flow import dense_flow
from longtake_engine.models.removal.box import Array, Box
from longtake_engine.models.removal.camera import carried
from longtake_engine.models.spread import spread

PRIOR = 0.02  # weight of "as the camera moved" in a hole, against what is measured around it
SMALLER = 4  # times: the size at which a field is carried on
FIT = 8.0  # 8-bit levels of difference that are trusted half


def lay(luma: Array, near: Array, move: Array, box: Box) -> tuple[Array, Array]:
    """`luma` of the other frame as the camera's `move` (to it) lays it under `box`, and where it
    lies there outside its holes (`near`)."""
    matrix = move @ np.array([[1, 0, box.left], [0, 1, box.top], [0, 0, 1.0]])
    size = (box.width, box.height)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    laid = cv2.warpPerspective(luma, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    open_ = np.where(near, np.uint8(0), np.uint8(255))
    inside = cv2.warpPerspective(open_, matrix, size, flags=flags)
    return laid, inside > 250


def rest(luma: Array, laid: Array, *, fine: bool = True) -> Array:
    """What motion is left between a part of a frame and what the camera's move laid under it."""
    return dense_flow(np.ascontiguousarray(luma), laid, fine=fine)


def completed(field: Array, unknown: Array, fit: Array) -> Array:
    """`field` with what is `unknown` (h w bool) taken from around it, and from no motion at all
    where little around it can be trusted.

    Args:
        field: h w 2.
        unknown: In the hole, and in the ring around it that the hole has spoilt.
        fit: h w, 8-bit levels by which what `field` brings differs.
    """
    trust = np.exp(-fit / np.float32(FIT)).astype(np.float32)
    trust = np.where(unknown, np.float32(0), trust)
    height, width = trust.shape
    # Smooth fields: a quarter of the size tells them as well, in a tenth of the time.
    size = (max(1, width // SMALLER), max(1, height // SMALLER))
    weight = cv2.resize(trust, size, interpolation=cv2.INTER_AREA)
    known = cv2.resize(field * trust[..., None], size, interpolation=cv2.INTER_AREA)
    around = spread(known / np.maximum(weight, 1e-6)[..., None], weight)
    told = cv2.blur(weight, (7, 7))
    sure = told / (told + np.float32(PRIOR))
    even = cv2.GaussianBlur(around * sure[..., None], (0, 0), 0.75)
    even = cv2.resize(even, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.where(unknown[..., None], even, field).astype(np.float32)


def read(image: Array, at: Array, kind: int = cv2.INTER_LINEAR) -> Array:
    """`image` read between its pixels at `at` (h w 2)."""
    x, y = np.ascontiguousarray(at[..., 0]), np.ascontiguousarray(at[..., 1])
    return cv2.remap(image, x, y, kind, borderMode=cv2.BORDER_REPLICATE)


def positions(box: Box, field: Array, move: Array) -> Array:
    """h w 2: where the pixels of `box` are seen, by what differs from the camera's move and then by
    that."""
    return carried(box.grid() + field, move)


def within(at: Array, size: tuple[int, int]) -> Array:
    """h w bool: whether `at` lies in a picture of `size` (height, width)."""
    x, y = at[..., 0], at[..., 1]
    return (x >= 0) & (y >= 0) & (x <= size[1] - 1) & (y <= size[0] - 1)
