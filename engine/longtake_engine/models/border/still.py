"""One border made up, at a size at which it does not take long."""

from dataclasses import replace

import cv2
import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.models.removal.box import Box
from longtake_engine.models.spread import spread
from longtake_engine.models.synthesis import blend, fill_still
from longtake_engine.models.synthesis.sample import mask_of
from longtake_engine.models.synthesis.still import copied
from longtake_engine.picture import Picture

Array = np.ndarray
WIDEST = 720  # pixels at which it is found what is copied from where
AROUND = 16  # pixels around a small hole that it is filled from
FADED = 0.06  # of the width from the border: so far a third of what it is off by is left


def make_up(
    picture: Picture, hole: Array, allowed: Array, cancel: CancelToken, seed: int
) -> tuple[Picture, Array]:
    """`picture` with `hole` (H W bool) made up, and H W 2 float32: where each pixel was copied
    from; its own place outside.

    Args:
        picture: What lies in the hole is not read.
        hole: At the luma's size.
        allowed: H W bool: what may be copied.
        cancel: Asked between steps.
        seed: Another one makes another border.

    Raises:
        Cancelled: `cancel` was set.
    """
    format = picture.format
    times = max(1, -(-format.width // WIDEST))
    if times == 1:
        filled = fill_still(picture, hole, allowed, cancel=cancel, seed=seed)
        return _joined(picture, filled.picture, hole), filled.source.astype(np.float32)
    small, small_hole = _smaller(picture, hole, times)
    small_allowed = _smaller_mask(~allowed, small_hole.shape)
    found = fill_still(small, small_hole, ~small_allowed & ~small_hole, cancel=cancel, seed=seed)
    source = _larger(found.source, small_hole, hole, times)
    made = copied(picture, hole, source)
    return _joined(picture, made, hole), source.astype(np.float32)


def evenly(picture: Picture, hole: Array) -> Picture:
    """`picture` with `hole` (H W bool) filled from around it, without detail: for small ones."""
    planes = []
    for number, plane in enumerate(picture.planes):
        inside = mask_of(hole, picture.format, number)
        box = Box.around(inside, AROUND)
        filled = plane.copy()
        if box is not None:
            known = np.where(inside[box.part], np.float32(0), np.float32(1))
            even = spread(plane[box.part].astype(np.float32), known)
            whole = np.clip(np.rint(even), 0, picture.format.max_value).astype(plane.dtype)
            filled[box.part][inside[box.part]] = whole[inside[box.part]]
        planes.append(filled)
    return Picture(tuple(planes), picture.format)


def _joined(picture: Picture, made: Picture, hole: Array) -> Picture:
    """`picture` with `made` in its hole, without a step at its edge; farther out as it was made:
    how bright the edge is says little there."""
    even = blend(picture, made, hole)
    away = cv2.distanceTransform(hole.astype(np.uint8), cv2.DIST_L2, 5)
    share = np.exp(away / np.float32(-FADED * hole.shape[1]))
    planes = []
    for number, (own, new, level) in enumerate(
        zip(picture.planes, made.planes, even.planes, strict=True)
    ):
        inside = mask_of(hole, picture.format, number)
        part = cv2.resize(share, own.shape[::-1], interpolation=cv2.INTER_AREA)[inside]
        plane = own.copy()
        mixed = new[inside] + part * (level[inside].astype(np.float32) - new[inside])
        plane[inside] = np.rint(mixed).astype(plane.dtype)
        planes.append(plane)
    return Picture(tuple(planes), picture.format)


def _smaller(picture: Picture, hole: Array, times: int) -> tuple[Picture, Array]:
    format = picture.format
    step_x, step_y = 1 << format.chroma_shift_x, 1 << format.chroma_shift_y
    width = max(step_x, format.width // times // step_x * step_x)
    height = max(step_y, format.height // times // step_y * step_y)
    small = replace(format, width=width, height=height)
    planes = [
        cv2.resize(plane, small.plane_size(number)[::-1], interpolation=cv2.INTER_AREA)
        for number, plane in enumerate(picture.planes)
    ]
    return Picture(tuple(planes), small), _smaller_mask(hole, (height, width))


def _smaller_mask(mask: Array, size: tuple[int, ...]) -> Array:
    """`mask` at another size: all that it touches."""
    share = cv2.resize(mask.astype(np.float32), size[::-1], interpolation=cv2.INTER_AREA)
    return share > 1e-3


def _larger(source: Array, small_hole: Array, hole: Array, times: int) -> Array:
    """H W 2 int32: the ways of a small filling, at full size."""
    height, width = hole.shape
    rows, columns = np.indices((height, width), np.int32)
    small_height, small_width = small_hole.shape
    row = np.minimum(rows * small_height // height, small_height - 1)
    column = np.minimum(columns * small_width // width, small_width - 1)
    small_rows, small_columns = np.indices(small_hole.shape, np.int32)
    way = source - np.dstack([small_columns, small_rows])
    scale = np.array([width / small_width, height / small_height])
    moved = np.rint(way[row, column] * scale).astype(np.int32)
    own = np.dstack([columns, rows])
    place = own + np.where(hole[..., None], moved, 0)
    return np.clip(place, 0, (width - 1, height - 1)).astype(np.int32)
