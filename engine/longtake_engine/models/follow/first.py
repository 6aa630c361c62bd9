"""The matte on the frame on which a person marked the thing."""

from collections.abc import Mapping, Sequence

import cv2
import numpy as np

from longtake_engine.models.flow import Array
from longtake_engine.models.follow.enclosed import grab, in_box
from longtake_engine.models.follow.mark import Corrected, Mark
from longtake_engine.work import Box, Point

SHARES = (0.08, 0.14, 0.22, 0.34, 0.5)  # of the picture's width: things that a point may lie on
ROUNDS = 5  # of GrabCut


def first_matte(
    seen: Array, marks: Sequence[Mark], scale: float, near: Mapping[int, Array] | None = None
) -> Array:
    """The thing marked on one frame, H W float32 0..1.

    Args:
        seen: The look of the frame, H W 3 uint8.
        marks: What was marked on it, one or more; their parts are united.
        scale: The look's size as a share of the picture's.
        near: Looks of other frames by how many frames they come after this one.
    """
    height, width = seen.shape[:2]
    matte = np.zeros((height, width), np.float32)
    for mark in marks:
        if isinstance(mark, Corrected):
            size = (width, height)
            part = cv2.resize(mark.matte.astype(np.float32), size, interpolation=cv2.INTER_AREA)
        elif isinstance(mark, Box):
            part = in_box(seen, _scaled(mark, scale, seen), near)
        else:
            part = _at_point(seen, mark, scale)
        matte = np.maximum(matte, part)
    return matte


def _scaled(box: Box, scale: float, seen: Array) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a box in the look, half-open, one pixel or more."""
    height, width = seen.shape[:2]
    left = int(np.clip(round(box.x * scale), 0, width - 1))
    top = int(np.clip(round(box.y * scale), 0, height - 1))
    right = int(np.clip(round((box.x + box.width) * scale), left + 1, width))
    bottom = int(np.clip(round((box.y + box.height) * scale), top + 1, height))
    return left, top, right, bottom


def _at_point(seen: Array, point: Point, scale: float) -> Array:
    """The thing on which a point lies: the boxes about it grow until its outline is clearest."""
    height, width = seen.shape[:2]
    x = int(np.clip(round(point.x * scale), 0, width - 1))
    y = int(np.clip(round(point.y * scale), 0, height - 1))
    best, clearest = None, -1.0
    for share in SHARES:
        reach = max(6, round(share * width / 2))
        found = _about(seen, (x, y), reach)
        clear = _clearness(seen, found)
        if clear > clearest:
            best, clearest = found, clear
    assert best is not None, "some share is looked at"
    return best


def _about(seen: Array, at: tuple[int, int], reach: int) -> Array:
    """What GrabCut finds about `at` within `reach` pixels, the part that holds it alone."""
    height, width = seen.shape[:2]
    x, y = at
    outer = round(1.5 * reach)
    left, top = max(0, x - outer), max(0, y - outer)
    part = np.ascontiguousarray(seen[top : y + outer, left : x + outer])
    trimap = np.full(part.shape[:2], cv2.GC_BGD, np.uint8)
    centre = (x - left, y - top)
    cv2.circle(trimap, centre, reach, (cv2.GC_PR_BGD,), cv2.FILLED)
    cv2.circle(trimap, centre, max(4, reach // 2), (cv2.GC_PR_FGD,), cv2.FILLED)
    cv2.circle(trimap, centre, max(2, reach // 8), (cv2.GC_FGD,), cv2.FILLED)
    matte = np.zeros((height, width), np.float32)
    found = grab(part, trimap, ROUNDS)
    _, parts = cv2.connectedComponents(found.astype(np.uint8))
    found = (parts == parts[centre[1], centre[0]]) & (found > 0)
    matte[top : top + part.shape[0], left : left + part.shape[1]] = found
    return matte


def _clearness(seen: Array, matte: Array) -> float:
    """Levels that the picture changes by across the matte's outline, mean; a share of it where
    the matte runs along the picture's border."""
    kernel = np.ones((3, 3), np.uint8)
    solid = (matte > 0.5).astype(np.uint8)
    outline = (cv2.dilate(solid, kernel) != solid) & (solid == 0)
    if not outline.any():
        return 0.0
    smooth = cv2.GaussianBlur(seen, (0, 0), 1.0).astype(np.float32)
    change = cv2.morphologyEx(smooth, cv2.MORPH_GRADIENT, kernel).sum(-1)
    return float(change[outline].mean())
