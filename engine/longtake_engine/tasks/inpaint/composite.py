"""What was made laid into the source's own planes: outside the matte every number stays."""

import cv2
import numpy as np

from longtake_engine.picture import Picture
from longtake_engine.tasks.inpaint.matte import Window


def composite(source: Picture, made: Picture, matte: np.ndarray, window: Window) -> Picture:
    """`source` with `made` in it as far as `matte` (H W uint8, 255 for all of it) says.

    Args:
        source: The clip's own picture.
        made: The same with its hole filled, in the same format.
        matte: What is hidden; where it is 0, every number is the source's.
        window: Around all that is hidden.

    Returns:
        A new picture. A sample of a smaller plane changes where any pixel it is part of is hidden.
    """
    planes = []
    for number, (own, new) in enumerate(zip(source.planes, made.planes, strict=True)):
        part, share = _share(matte, window, own.shape)
        plane = own.copy()
        plane[part] = _mixed(own[part], new[part], share)
        planes.append(plane)
        assert own.shape == source.format.plane_size(number)
    return Picture(tuple(planes), source.format)


def matte_on(matte: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The matte H W uint8 at the size of a plane, as float32 from 0 to 1."""
    if matte.shape != size:
        down, across = (-(-a // b) for a, b in zip(matte.shape, size, strict=True))
        height, width = size[0] * down, size[1] * across
        below, right = height - matte.shape[0], width - matte.shape[1]
        matte = cv2.copyMakeBorder(matte, 0, below, 0, right, cv2.BORDER_REPLICATE)
        blocks = matte.reshape(size[0], down, size[1], across)
        # The largest: what is hidden at all was painted over, so its colour is made whole as well.
        return blocks.max(axis=(1, 3)).astype(np.float32) / np.float32(255)
    return matte.astype(np.float32) / np.float32(255)


def _share(
    matte: np.ndarray, window: Window, size: tuple[int, ...]
) -> tuple[tuple[slice, slice], np.ndarray]:
    """The part of a plane that the window covers, and how much of each sample there is made."""
    height, width = size
    down, across = -(-matte.shape[0] // height), -(-matte.shape[1] // width)
    top, left = window.top // down, window.left // across
    bottom, right = -(-window.bottom // down), -(-window.right // across)
    within = matte[top * down : bottom * down, left * across : right * across]
    share = matte_on(within, (bottom - top, right - left))
    return (slice(top, bottom), slice(left, right)), share


def _mixed(own: np.ndarray, new: np.ndarray, share: np.ndarray) -> np.ndarray:
    mixed = own + share * (new.astype(np.float32) - own)
    return np.where(share > 0, np.rint(mixed), own).astype(own.dtype)
