"""Dead and hot pixels: what is at the same place of every picture, however the scene moves."""

import cv2
import numpy as np

from longtake_engine.models.defect.stack import Stack
from longtake_engine.models.flow import Array

POINT = 7.0  # 8-bit levels off its surroundings
ALWAYS = 0.85  # share of the pictures that show it
POINT_SIZE = 12  # pixels at most
AROUND = 0.02  # of the width
MOVING = 0.4  # share of the picture that moves; else all that stays may be scenery
PASSING = 9.0  # 8-bit levels that the surroundings of a spot usually change by


def find_dead_pixels(stack: Stack) -> Array | None:
    """H W uint8, 255 on them; None where there are none, or the scene does not move."""
    if not stack.moves(MOVING):
        return None
    mask = _points(stack.lumas)
    # Where the scene itself stands still, or is driven towards, its own spots stay put too.
    width = stack.lumas.shape[2]
    change = cv2.GaussianBlur(stack.change(), (0, 0), AROUND * width)
    mask[change < PASSING] = 0
    return mask if mask.any() else None


def _points(lumas: Array) -> Array:
    """Pixels that are brighter, or darker, than their surroundings in nearly all pictures."""
    bright = np.zeros(lumas.shape[1:], np.float32)
    dark = np.zeros_like(bright)
    for luma in lumas:
        around = cv2.medianBlur(luma, 5)
        bright += cv2.subtract(luma, around) > POINT
        dark += cv2.subtract(around, luma) > POINT
    mask = np.zeros(lumas[0].shape, np.uint8)
    for share in (bright / len(lumas), dark / len(lumas)):
        found = (share >= ALWAYS).astype(np.uint8)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(found, connectivity=8)
        for number in range(1, count):
            if stats[number, cv2.CC_STAT_AREA] <= POINT_SIZE:
                mask[labels == number] = 255
    return mask
