"""One picture with a hole in it, filled with texture and structure from around the hole.

Multi-scale patch-based completion: Wexler, Shechtman & Irani 2007 (votes of overlapping patches,
coarse to fine), Barnes et al. 2009 (the search), Newson et al. 2014 (onion peel, texture features).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.models.synthesis.level import Level
from longtake_engine.models.synthesis.patch import Array
from longtake_engine.models.synthesis.pyramid import find_offsets
from longtake_engine.models.synthesis.sample import mask_of, samples_in
from longtake_engine.picture import Picture

CHROMA = 1.5  # weight of a level of chroma against one of luma
BUSY = 5.0  # weight of a level a pixel of steepness
BUSY_SIDE = 17  # pixels over which that is averaged
MARGIN = 3.0  # times the hole's depth: how far around it is searched
LEAST_MARGIN = 48  # pixels
MOST_MARGIN = 256


@dataclass(frozen=True, slots=True)
class Filled:
    """A picture without a hole, and where what fills it came from."""

    picture: Picture
    source: Array  # H W 2 int32: x and y that each pixel was copied from; its own where known


def fill_still(
    picture: Picture,
    hole: Array,
    allowed: Array | None = None,
    *,
    cancel: CancelToken | None = None,
    seed: int = 0,
) -> Filled:
    """`picture` with `hole` filled from its own surroundings, copied in its own planes and depth.

    Args:
        picture: What lies in the hole is never read.
        hole: H W bool, at the luma's size.
        allowed: H W bool: what may be copied; None for all outside the hole.
        cancel: Asked between steps.
        seed: Another one finds another filling.

    Raises:
        Cancelled: `cancel` was set.
    """
    source = _own_places(hole.shape)
    if hole.any():
        # A sample of chroma beside the hole may belong to it.
        beside = cv2.dilate(hole.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        allowed = ~beside if allowed is None else allowed & ~beside
        for window, part, near in _parts(hole):
            level = Level(look(picture, hole, window), part, allowed[window] & near)
            offset = find_offsets(level, cancel or CancelToken(), seed)
            source[window][part] += offset[part]
    return Filled(copied(picture, hole, source), source)


def copied(picture: Picture, hole: Array, source: Array) -> Picture:
    """`picture` with each pixel of `hole` as it is at `source` (x and y in luma pixels)."""
    planes = []
    for number, plane in enumerate(picture.planes):
        height, width = plane.shape
        samples = samples_in(hole, picture.format, number)
        lead_x, lead_y = samples.leader.T
        x, y = samples.moved(source[lead_y, lead_x] - samples.leader)
        x, y = (np.rint(place).astype(np.int64) for place in (x, y))
        filled = plane.copy()
        filled[samples.row, samples.column] = plane[
            np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)
        ]
        planes.append(filled)
    return Picture(tuple(planes), picture.format)


def look(picture: Picture, hole: Array, window: tuple[slice, slice]) -> Array:
    """What patches of `picture` are compared by, without what lies in `hole`: its planes at the
    luma's size, 8-bit levels, and how busy the luma is around, H W C float32."""
    format = picture.format
    scale = 255 / format.max_value
    count = 1 if format.family == "gray" else 3
    planes = []
    for number, plane in enumerate(picture.planes[:count]):
        if format.is_chroma(number):
            known = (~mask_of(hole, format, number)).astype(np.float32)
            level = (plane * np.float32(scale) - 128) * known
            size = picture.luma.shape[::-1]
            share = np.maximum(cv2.resize(known, size), np.float32(0.1))
            planes.append((cv2.resize(level, size) / share)[window] * np.float32(CHROMA))
        else:
            part = plane[window] * np.float32(scale)
            part[hole[window]] = 0
            planes.append(part)
    return np.dstack([*planes, _busyness(planes[0], ~hole[window])])


def _busyness(luma: Array, known: Array) -> Array:
    """How steep `luma` is on average around each pixel, H W float32.

    By colour alone whatever is flat suits every place a little, and fillings go flat (Newson et
    al. 2014).
    """
    inner = cv2.erode(known.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.float32)
    slopes = (cv2.Sobel(luma, cv2.CV_32F, *order, scale=1 / 8) for order in ((1, 0), (0, 1)))
    steep = cv2.magnitude(*slopes) * inner
    share = cv2.blur(inner, (BUSY_SIDE, BUSY_SIDE)) + np.float32(1e-3)
    return cv2.blur(steep, (BUSY_SIDE, BUSY_SIDE)) / share * np.float32(BUSY)


def _parts(hole: Array) -> Iterator[tuple[tuple[slice, slice], Array, Array]]:
    """The parts of `hole` that lie far from one another: for each a window, the hole in it, and
    what lies near enough to be copied."""
    small = hole.astype(np.uint8)
    depth = float(cv2.distanceTransform(np.pad(small, 1), cv2.DIST_L2, 3).max())
    margin = int(np.clip(MARGIN * depth, LEAST_MARGIN, MOST_MARGIN))
    away = cv2.distanceTransform(1 - small, cv2.DIST_L2, 3)
    count, labels = cv2.connectedComponents((away < margin / 2).astype(np.uint8))
    for number in range(1, count):
        part = np.where(labels == number, small, np.uint8(0))
        x, y, wide, high = cv2.boundingRect(part)
        window = (
            slice(max(0, y - margin), y + high + margin),
            slice(max(0, x - margin), x + wide + margin),
        )
        # What belongs to another part of the hole is hole as well, but is not filled here.
        yield window, part[window] > 0, (away[window] > 0) & (away[window] <= margin)


def _own_places(shape: tuple[int, ...]) -> Array:
    rows, columns = np.indices(shape[:2], np.int32)
    return np.dstack([columns, rows])
