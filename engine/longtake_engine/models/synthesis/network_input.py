"""What the fill network is shown of a hole: an even filling, a filling by patches, and what is
known of both. Numpy alone, so that training and use show it the same."""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np

from longtake_engine.models.synthesis.continued import continued
from longtake_engine.models.synthesis.patch import Array

CHANNELS = 10
MADE = slice(3, 6)  # those that tell how far a filling by patches is off the even one
HOLE = 6  # the one that tells where the hole is
DEEP = 12.0  # pixels into the hole that count as one
LEAST_CONTRAST = 6.0  # 8-bit levels: flatter surroundings are not stretched further
USUAL_CONTRAST = 24.0  # 8-bit levels
FARTHEST = 8.0  # contrasts by which a filling by patches is said to be off at most
RASHER = 6.0  # as `settle.believed` has it: what the network is told of fillings by patches
ROUND = 24  # pixels around the hole by which contrast and mean are measured


@dataclass(frozen=True, slots=True)
class Shown:
    """One hole at the size that the network works at."""

    channels: Array  # CHANNELS h w float32
    even: Array  # h w 3 float32: Y U V, filled evenly, 8-bit levels, chroma around 0
    hole: Array  # h w bool
    scale: float  # 8-bit levels that the network's one stands for

    @classmethod
    def of(cls, known: Array, hole: Array, made: Array, share: Array) -> Self:
        """Of a picture with a hole.

        Args:
            known: h w 3 float32: Y U V in 8-bit levels, chroma around 0; never read in the hole.
            hole: h w bool, with something around it.
            made: h w 3 float32, the hole filled by patches; read in the hole alone.
            share: h w float32, 0 to 1: how far that is believed; read in the hole alone.
        """
        planes = [np.where(hole, 0, known[..., c]).astype(np.float32) for c in range(3)]
        even = np.dstack([continued(plane, hole) for plane in planes])
        mean, contrast = _surroundings(planes, hole)
        scale = max(contrast, LEAST_CONTRAST)
        inside = hole.astype(np.float32)
        off = np.clip((made - even) / scale, -FARTHEST, FARTHEST) * inside[..., None]
        depth = cv2.distanceTransform(hole.astype(np.uint8), cv2.DIST_L2, 5)
        # Small shares tell good fillings from bad ones too: a root sets them apart.
        belief = np.sqrt(np.sqrt(share)) * inside
        rest = [inside, depth / DEEP, belief, np.full_like(inside, _told(contrast))]
        channels = np.dstack([(even - mean) / scale, off, *rest])
        return cls(np.ascontiguousarray(channels.transpose(2, 0, 1), np.float32), even, hole, scale)


def _surroundings(planes: list[Array], hole: Array) -> tuple[Array, float]:
    """Mean of each plane around the hole, and how much the luma differs from it."""
    side = 2 * ROUND + 1
    near = cv2.dilate(hole.astype(np.uint8), np.ones((side, side), np.uint8)) > 0
    ring = near & ~hole
    if not ring.any():
        return np.zeros(3, np.float32), 0.0
    mean = np.array([plane[ring].mean() for plane in planes], np.float32)
    return mean, float(planes[0][ring].std())


def _told(contrast: float) -> float:
    return float(np.log2(max(contrast, 1.0) / USUAL_CONTRAST) / 2)
