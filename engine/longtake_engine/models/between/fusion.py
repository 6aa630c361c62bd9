"""The planes of two pictures read along fields and mixed, in their own depth."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.between.warp import fitted, grid
from longtake_engine.picture import Picture

Array = np.ndarray

HALF = 0.51  # a little over one: shares are never exact
LEAST_SHARED = 0.25  # the part of a single picture's sharpening that is not worth taking
LEAST_DETAIL = 0.1  # under this share, reading between pixels linearly is all


@dataclass(frozen=True, slots=True)
class Way:
    """Where the pixels of a picture come from."""

    to_first: Array  # H W 2, offsets in field pixels
    to_second: Array
    share: Array  # H W, 0 to 1, of the second picture


def changed_alike(ways: Sequence[Way], lead: int, better: Way) -> list[Way]:
    """Ways of any sizes, each changed as the one of number `lead` was to become `better`."""
    old = ways[lead]
    moved = better.to_first - old.to_first, better.to_second - old.to_second
    given = better.share - old.share
    changed = []
    for number, way in enumerate(ways):
        size = way.share.shape[::-1]
        first, second = (
            cv2.add(offsets, fitted(change, size))
            for offsets, change in zip((way.to_first, way.to_second), moved, strict=True)
        )
        share = way.share + cv2.resize(given, size, interpolation=cv2.INTER_LINEAR)
        here = Way(first, second, np.clip(share, 0, 1))
        changed.append(better if number == lead else here)
    return changed


def fuse(first: Picture, second: Picture, way: Way, detail: float) -> Picture:
    """Both pictures read along `way` and mixed by its share.

    `detail` is how much of what bicubic reading sharpens over linear reading is taken.
    """
    format = first.format
    maps: dict[tuple[int, ...], tuple[Array, Array, Array]] = {}
    planes = []
    for number, pair in enumerate(zip(first.planes, second.planes, strict=True)):
        shape = pair[0].shape
        if shape not in maps:
            share = cv2.resize(way.share, shape[::-1], interpolation=cv2.INTER_LINEAR)
            size = shape[::-1]
            maps[shape] = (fitted(way.to_first, size), fitted(way.to_second, size), share)
        to_first, to_second, share = maps[shape]
        alpha = format.has_alpha and number == format.plane_count - 1
        sharp = 0.0 if alpha else detail
        read = (_read(pair[0], to_first, sharp), _read(pair[1], to_second, sharp))
        planes.append(_mix(*read, share, format.max_value))
    return Picture(tuple(planes), format)


def _read(plane: Array, offsets: Array, detail: float) -> Array:
    linear = _sampled(plane, offsets, cv2.INTER_LINEAR)
    if detail < LEAST_DETAIL:
        return linear
    cubic = _sampled(plane, offsets, cv2.INTER_CUBIC)
    return cv2.addWeighted(linear, 1 - detail, cubic, detail, 0)


def _sampled(plane: Array, offsets: Array, kind: int) -> Array:
    """`plane` read where `offsets` lead from each place, borders repeated."""
    kind |= cv2.WARP_RELATIVE_MAP
    # The stubs do not know that None stands for the second half of a map given whole.
    return cv2.remap(plane, offsets, None, kind, borderMode=cv2.BORDER_REPLICATE)  # pyright: ignore


def _mix(first: Array, second: Array, share: Array, most: int) -> Array:
    """Halves are rounded up, as encoders do it that predict a picture from two others: the other
    way would darken what stands still."""
    if first.dtype == np.uint8:
        # OpenCV's own is the quickest, and rounds halves down: so it is given the negatives.
        negatives = cv2.bitwise_not(first), cv2.bitwise_not(second)
        return cv2.bitwise_not(cv2.blendLinear(*negatives, 1 - share, share))
    a, b = first.astype(np.float32), second.astype(np.float32)
    mixed = cv2.add(cv2.multiply(cv2.subtract(b, a), share), a)
    mixed += HALF
    return np.minimum(mixed, most).astype(first.dtype)


def mean(pictures: Sequence[Picture]) -> Picture:
    """The mean of pictures of one format, halves rounded up."""
    format = pictures[0].format
    planes = []
    for same in zip(*(picture.planes for picture in pictures), strict=True):
        total = same[0].astype(np.uint32)
        for plane in same[1:]:
            total += plane
        planes.append(((2 * total + len(same)) // (2 * len(same))).astype(format.dtype))
    return Picture(tuple(planes), format)


def wanted_detail(first: Array, second: Array, backward: Array) -> float:
    """How much of the detail that bicubic reading of `first` adds the second has too, 0 to 1.

    `first` and `second` are H W lumas, `backward` leads from the second to the first. Noise and
    coding faults are in one of them alone, and are not sharpened.
    """
    height, width = second.shape
    step = max(1, height // 120)
    rows = np.s_[step // 2 :: step]
    shown = second[rows]
    offsets = fitted(backward, (width, len(shown))) * np.array([1, step], np.float32)
    at = cv2.add(grid(height, width)[rows], offsets)
    reads = [
        cv2.remap(first, at, None, kind, borderMode=cv2.BORDER_REPLICATE)  # pyright: ignore
        for kind in (cv2.INTER_LINEAR, cv2.INTER_CUBIC)
    ]
    linear = reads[0].astype(np.float32)
    added, missing = reads[1] - linear, shown - linear
    added[np.abs(missing) > 12] = 0  # where the motion is wrong nothing can be learnt
    shared = float((added * missing).sum() / ((added * added).sum() + 1))
    return min(max(2 * (shared - LEAST_SHARED), 0.0), 1.0)
