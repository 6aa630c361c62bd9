"""Logos burnt into a whole shot, see-through ones too: edges that stay while the scene moves.

The median gradient over time keeps what is laid over the pictures and loses what moves (as in
Dekel et al. 2017, "On the effectiveness of visible watermarks").
"""

from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.defect.stack import Stack
from longtake_engine.models.flow import Array

EDGE = 7.0  # 8-bit levels a pixel, of the median gradient
HELD = 0.6  # share of the pictures whose gradient agrees with the median
NEARLY = 0.5  # of its length: how far one may differ that agrees
GROUPED = 0.012  # of the width: gaps across which edges belong to one sign
LEAST_EDGES = 40  # pixels
BALANCE = 0.4  # share of all its gradients that those of a closed sign leave over
WIDEST = 0.7  # of the picture's width or height; what is longer is a bar or a horizon
MOST = 0.3  # of the picture
MOVING = 0.2  # share of the picture that moves; else all that stays may be scenery
PASSING = 6.0  # 8-bit levels that its surroundings usually change by
AROUND = 0.02  # of the width


def find_signs(stack: Stack) -> Array | None:
    """H W uint8, 255 on what stays while the scene moves; None where there is nothing, or the
    scene does not move enough to tell."""
    if not stack.moves(MOVING):
        return None
    slopes = _Slopes.of(stack.lumas)
    change = stack.change()
    height, width = slopes.held.shape
    side = 2 * max(1, round(GROUPED * width)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    groups = cv2.dilate(slopes.held.astype(np.uint8), kernel)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(groups, connectivity=8)
    mask = np.zeros((height, width), np.uint8)
    for number in range(1, count):
        wide, high = (int(n) for n in stats[number, 2:4])
        if wide > WIDEST * width or high > WIDEST * height:
            continue
        own = labels == number
        if slopes.is_closed(own & slopes.held) and _passed_by(change, own):
            mask |= _outlined(own & slopes.held, side)
    return mask if mask.any() and (mask > 0).mean() < MOST else None


@dataclass(frozen=True, slots=True)
class _Slopes:
    """The gradients that stay."""

    across: Array  # H W float32, median over time
    down: Array
    held: Array  # H W bool: an edge, and most pictures show it

    @classmethod
    def of(cls, lumas: Array) -> "_Slopes":
        across, down = (_slopes(lumas, *order) for order in ((1, 0), (0, 1)))
        middle = [np.median(one, axis=0).astype(np.float32) for one in (across, down)]
        length = np.hypot(*middle)
        off = np.hypot(across - middle[0], down - middle[1])
        agrees = (off < NEARLY * length + 1).mean(axis=0)
        return cls(middle[0], middle[1], (length > EDGE) & (agrees > HELD))

    def is_closed(self, edges: Array) -> bool:
        """Whether `edges` go round something: they lead up as far as down, right as far as left.
        The edge of a road, a bar or a horizon does not."""
        if edges.sum() < LEAST_EDGES:
            return False
        across, down = self.across[edges], self.down[edges]
        left = float(np.hypot(across.sum(), down.sum()))
        return left < BALANCE * float(np.hypot(across, down).sum())


def _slopes(lumas: Array, across: int, down: int) -> Array:
    """N H W float32, levels a pixel."""
    return np.stack([cv2.Sobel(luma, cv2.CV_32F, across, down, scale=1 / 8) for luma in lumas])


def _passed_by(change: Array, own: Array) -> bool:
    """Whether the scene moves around `own`."""
    side = 2 * max(2, round(AROUND * change.shape[1])) + 1
    ring = cv2.dilate(own.astype(np.uint8), np.ones((side, side), np.uint8)) > own
    return float(np.median(change[ring])) > PASSING if ring.any() else False


def _outlined(edges: Array, side: int) -> Array:
    """H W uint8: all that `edges` go round, 255."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    closed = cv2.morphologyEx(edges.astype(np.uint8), cv2.MORPH_CLOSE, kernel)
    outlines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    mask = np.zeros(edges.shape, np.uint8)
    cv2.drawContours(mask, outlines, -1, (255,), cv2.FILLED)
    return cv2.dilate(mask, np.ones((3, 3), np.uint8))
