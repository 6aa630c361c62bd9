"""A picture and its hole at one size of a pyramid: onion peel, vote, going one size up."""

from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.synthesis.match import Field
from longtake_engine.models.synthesis.patch import RADIUS, SIDE, Array, cut_patches

PEELED = 8_000_000  # comparisons for all rings together; with more, fewer patches are tried
FAITH = 1.3  # how much less a vote counts for each pixel further into the hole (Wexler et al.)


@dataclass(frozen=True, slots=True)
class Level:
    """What is to be filled, and from where."""

    image: Array  # H W C float32
    hole: Array  # H W bool
    allowed: Array  # H W bool: may be copied; nowhere in the hole

    @property
    def centres(self) -> Array:
        """H W bool: patches around these may be copied whole."""
        kernel = np.ones((SIDE, SIDE), np.uint8)
        whole = cv2.erode(self.allowed.astype(np.uint8), kernel, borderValue=(0,)) > 0
        return whole

    @property
    def targets(self) -> Array:
        """Flat indices of the patches that touch the hole."""
        kernel = np.ones((SIDE, SIDE), np.uint8)
        return np.flatnonzero(cv2.dilate(self.hole.astype(np.uint8), kernel))

    @property
    def depth(self) -> Array:
        """H W float32: how far each pixel of the hole is from what is known."""
        return cv2.distanceTransform(self.hole.astype(np.uint8), cv2.DIST_L2, 3)

    def wants_smaller(self, depth: float, comparisons: int) -> bool:
        """Whether the hole is too deep, or the picture too large, to begin at this size."""
        if self.depth.max() > depth:
            return True
        return len(self.targets) * int(self.centres.sum()) > comparisons

    def halved(self) -> "Level":
        """Half the size; the hole there is all that the hole touches."""
        height, width = self.hole.shape
        size = (-(-width // 2), -(-height // 2))
        known = (~self.hole).astype(np.float32)
        share = cv2.resize(known, size, interpolation=cv2.INTER_AREA)
        value = cv2.resize(self.image * known[..., None], size, interpolation=cv2.INTER_AREA)
        value = value.reshape(*share.shape, -1) / np.maximum(share, 1e-3)[..., None]
        allowed = cv2.resize(self.allowed.astype(np.float32), size, interpolation=cv2.INTER_AREA)
        hole = share < 0.75  # a thin hole must not vanish
        return Level(value, hole, (allowed > 0.99) & ~hole)


def peel(level: Level) -> Array:
    """`level.image` with its hole filled from the border inward, ring by ring, each pixel from the
    patch most like what is known around it (Criminisi et al. 2004, Newson et al. 2014)."""
    image, hole = level.image.copy(), level.hole.copy()
    image[hole] = 0
    sources = np.flatnonzero(level.centres)
    some = max(1, len(sources) * int(hole.sum()) // PEELED)
    sources = sources[::some]
    there = cut_patches(image, sources)
    squares = there * there
    channels = image.shape[2]
    while hole.any():
        ring = hole & (cv2.erode(hole.astype(np.uint8), np.ones((3, 3), np.uint8)) == 0)
        if not ring.any():  # the hole reaches every border
            ring = hole
        places = np.flatnonzero(ring)
        known = np.repeat((~hole)[..., None], channels, 2).astype(np.float32)
        weight, wanted = cut_patches(known, places), cut_patches(image, places)
        cost = weight @ squares.T - 2 * (weight * wanted) @ there.T
        best = sources[np.argmin(cost, axis=1)]
        image.reshape(-1, channels)[places] = level.image.reshape(-1, channels)[best]
        hole &= ~ring
    return image


def vote(level: Level, field: Field, reach: int = RADIUS) -> Array:
    """`level.image` with each pixel of its hole as the patches over it say, on weighted average.

    Args:
        level: What is filled.
        field: Where each patch that touches the hole is copied from.
        reach: How far off patches are heard; 0 copies each pixel from its own match.
    """
    height, width = level.hole.shape
    x, y, wide, high = cv2.boundingRect(level.hole.astype(np.uint8))
    down, across = field.offset(width)
    offset = np.zeros((height, width, 2), np.int16)
    offset.reshape(-1, 2)[field.target] = np.stack([across, down], 1)
    weight = np.zeros((height, width), np.float32)
    spread = max(float(np.quantile(field.distance, 0.75)), 1e-3)
    depth = level.depth.ravel()[field.target]
    weight.ravel()[field.target] = np.exp(-field.distance / spread) * FAITH**-depth + 1e-6
    offset = np.pad(offset, ((reach, reach), (reach, reach), (0, 0)))
    weight = np.pad(weight, reach)
    columns, rows = np.meshgrid(np.arange(x, x + wide), np.arange(y, y + high))
    grid = np.dstack([columns, rows]).astype(np.int16)
    total = np.zeros((high, wide, level.image.shape[2]), np.float32)
    heard = np.zeros((high, wide, 1), np.float32)
    empty = np.array([], np.uint16)
    for top in range(2 * reach + 1):
        for left in range(2 * reach + 1):
            window = np.s_[y + top : y + top + high, x + left : x + left + wide]
            where = grid + offset[window]
            says = cv2.remap(level.image, where, empty, cv2.INTER_NEAREST)
            share = weight[window][..., None]
            total += says.reshape(total.shape) * share
            heard += share
    filled = level.image.copy()
    inside = level.hole[y : y + high, x : x + wide]
    filled[y : y + high, x : x + wide][inside] = (total / np.maximum(heard, 1e-12))[inside]
    return filled
