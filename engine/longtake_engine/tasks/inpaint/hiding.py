"""The hole painted over, so that nobody who completes a picture can read what lies under it."""

import cv2
import numpy as np

from longtake_engine.canvas import Known
from longtake_engine.picture import Picture
from longtake_engine.tasks.inpaint.matte import Window

AROUND = 32  # pixels round the hole that its paint is the mean of


def hide(picture: Picture, matte: np.ndarray) -> Known:
    """What is known of `picture` where `matte` (H W uint8) hides some of it.

    Whatever is hidden at all is hidden whole: a soft edge still shows what shall not be seen.
    """
    hidden = matte > 0
    planes = tuple(
        _painted(plane, _on_plane(hidden, plane.shape), picture.format.max_value)
        for plane in picture.planes
    )
    known = (~hidden).astype(np.float32)
    return Known(Picture(planes, picture.format), known)


def _on_plane(hidden: np.ndarray, size: tuple[int, ...]) -> np.ndarray:
    """`hidden` at the size of a plane: every sample that any hidden pixel is part of."""
    if hidden.shape == size:
        return hidden
    height, width = size
    down, across = (-(-a // b) for a, b in zip(hidden.shape, size, strict=True))
    padded = np.zeros((height * down, width * across), bool)
    padded[: hidden.shape[0], : hidden.shape[1]] = hidden
    return np.asarray(padded.reshape(height, down, width, across).any(axis=(1, 3)))


def _painted(plane: np.ndarray, hidden: np.ndarray, top: int) -> np.ndarray:
    """`plane` with one plain number where it is hidden: the mean of what is known round it."""
    rows, columns = (np.flatnonzero(hidden.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return plane
    near = Window(
        max(0, int(rows[0]) - AROUND),
        max(0, int(columns[0]) - AROUND),
        int(rows[-1]) + 1 + AROUND,
        int(columns[-1]) + 1 + AROUND,
    ).slices
    known = (~hidden[near]).astype(np.uint8)
    level = cv2.mean(plane[near], known)[0] if known.any() else top / 2
    painted = plane.copy()
    painted[hidden] = round(level)
    return painted
