"""From where each pixel of a hole is copied, found from small to large."""

from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.models.synthesis.level import Level, peel, vote
from longtake_engine.models.synthesis.match import Field, Search
from longtake_engine.models.synthesis.patch import SIDE, Array

LEAST_SOURCES = 32  # patches; from fewer nothing is made
COARSEST = 5.0  # pixels: depth of the hole at the smallest size
LEAST_SIDE = 4 * SIDE
ALL = 60_000_000  # comparisons of all with all that are not too many


def find_offsets(level: Level, cancel: CancelToken, seed: int) -> Array:
    """From where to copy each pixel of the hole, H W 2 int32: x and y from the pixel itself.

    Where there is too little to copy from, each is led to the nearest known pixel.

    Raises:
        Cancelled: `cancel` was set.
    """
    levels = [level]
    while levels[-1].wants_smaller(COARSEST, ALL) and min(levels[-1].hole.shape) >= 2 * LEAST_SIDE:
        smaller = levels[-1].halved()
        if smaller.centres.sum() < LEAST_SOURCES or not smaller.hole.any():
            break
        levels.append(smaller)
    if levels[-1].centres.sum() < LEAST_SOURCES:
        return _nearest_known(level)
    climb = _Climb(np.random.default_rng([seed & 0xFFFFFFFF, 0x51]), cancel)
    field = climb.first(levels[-1], len(levels) - 1)
    for number in range(len(levels) - 2, -1, -1):
        field = climb.next(levels[number], field, levels[number + 1], number)
    offset = np.zeros((*level.hole.shape, 2), np.int32)
    down, across = field.offset(level.hole.shape[1])
    offset.reshape(-1, 2)[field.target] = np.stack([across, down], 1)
    return offset


@dataclass(frozen=True, slots=True)
class _Climb:
    """Going from level to level."""

    random: np.random.Generator
    cancel: CancelToken

    def first(self, level: Level, number: int) -> Field:
        """The matches of the smallest level."""
        centres = np.flatnonzero(level.centres)
        match = self.random.choice(centres, len(level.targets))
        return self._settled(level, peel(level), match, number)

    def next(self, level: Level, field: Field, smaller: Level, number: int) -> Field:
        """The matches of one level, led by those of the smaller one."""
        target = level.targets
        match = self._grown(field, smaller, level)
        image = vote(level, Field(target, match, np.zeros(len(target), np.float32)))
        return self._settled(level, image, match, number)

    def _settled(self, level: Level, image: Array, match: Array, number: int) -> Field:
        """Matching and voting by turns."""
        target = level.targets
        search = Search(image, level.centres, self.random)
        small = len(target) * len(search.sources) < ALL
        field = Field(target, match, np.zeros(len(target), np.float32))
        for _ in range(2 + 2 * min(number, 3)):
            self.cancel.check()
            if small:
                field = search.exact(image, target)
            else:
                field = search.near(image, target, field.match, (4, 1))
            image = vote(level, field)
        return field

    def _grown(self, field: Field, smaller: Level, level: Level) -> Array:
        """The matches of a level twice as large."""
        (small_height, small_width), (height, width) = smaller.hole.shape, level.hole.shape
        grid = np.zeros((small_height, small_width, 2), np.int64)
        grid.reshape(-1, 2)[field.target] = np.stack(field.offset(small_width), 1)
        row, column = np.divmod(level.targets, width)
        way = grid[np.minimum(row // 2, small_height - 1), np.minimum(column // 2, small_width - 1)]
        to_row = np.clip(row + 2 * way[:, 0], 0, height - 1)
        to_column = np.clip(column + 2 * way[:, 1], 0, width - 1)
        match = to_row * width + to_column
        centres = level.centres.ravel()
        lost = ~centres[match]
        match[lost] = self.random.choice(np.flatnonzero(centres), int(lost.sum()))
        return match


def _nearest_known(level: Level) -> Array:
    """H W 2: the way from each pixel of the hole to the nearest that may be copied; nowhere where
    there is none."""
    height, width = level.hole.shape
    known = level.allowed if level.allowed.any() else ~level.hole
    offset = np.zeros((height, width, 2), np.int32)
    if not known.any():
        return offset
    _, labels = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    labels = np.asarray(labels, np.int64)
    place = np.zeros(int(labels.max()) + 1, np.int64)
    place[labels[known]] = np.flatnonzero(known)
    row, column = np.divmod(place[labels], width)
    rows, columns = np.indices((height, width))
    way = np.dstack([column - columns, row - rows])
    return np.where(level.hole[..., None], way, 0).astype(np.int32)
