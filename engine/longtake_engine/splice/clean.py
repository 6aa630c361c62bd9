"""Known pictures without their grain, so that it does not ride along with what is made of them."""

from collections.abc import Iterable, Sequence

import cv2
import numpy as np

from longtake_engine.luma import luma8
from longtake_engine.picture import Picture
from longtake_engine.splice.grain import Array, Grain

WINDOW = 9  # pixels: where an earlier picture is held against the last one
SAME = (1.5, 2.2)  # times the grain's own difference: surely the same place, surely another
EVEN = 6.0  # times the variance of the grain's mean in a window: more is a change of the picture
RADIUS = 3  # pixels around each that the rest of the grain is smoothed over
QUIET_PICTURES = 5  # that must be the same for a place to have no grain
QUIET_SIDE = 5  # pixels: smaller places are chance


def clean_last(last: Picture, others: Iterable[tuple[Picture, Array]], grain: Grain) -> Picture:
    """`last` without its grain: averaged with the same places in others, then smoothed where
    there were none.

    Args:
        last: The picture beside the join.
        others: Pictures near it, and the field from `last` to each: H W 2 in its own pixels, at
            any size.
        grain: What is to go.
    """
    colors = last.format.plane_count - last.format.has_alpha
    sums = [plane.astype(np.float32) for plane in last.planes[:colors]]
    weights = [np.ones(plane.shape, np.float32) for plane in last.planes[:colors]]
    sigma = grain.sigma(_softened(last), 0)
    for picture, field in others:
        maps: dict[tuple[int, ...], tuple[Array, Array]] = {}
        same: Array | None = None
        for number, total in enumerate(sums):
            if total.shape not in maps:
                maps[total.shape] = _maps(field, total.shape)
            moved = cv2.remap(
                picture.planes[number],
                *maps[total.shape],
                cv2.INTER_CUBIC,
                borderMode=cv2.BORDER_REFLECT_101,
            ).astype(np.float32)
            if same is None:
                same = _same(moved - last.planes[0], sigma, grain.reach(0))
            share = cv2.resize(same, total.shape[::-1], interpolation=cv2.INTER_LINEAR)
            sums[number] = total + share * moved
            weights[number] += share
    planes = list(last.planes)
    for number, (total, weight) in enumerate(zip(sums, weights, strict=True)):
        noise = grain.sigma(last, number) / np.sqrt(weight)
        planes[number] = _stored(_smoothed(total / weight, noise), last.planes[number])
    return Picture(tuple(planes), last.format)


def clean(picture: Picture, grain: Grain) -> Picture:
    """`picture` with its grain smoothed where nothing else is."""
    planes = list(picture.planes)
    for number in range(picture.format.plane_count - picture.format.has_alpha):
        noise = grain.sigma(picture, number)
        smooth = _smoothed(picture.planes[number].astype(np.float32), noise)
        planes[number] = _stored(smooth, picture.planes[number])
    return Picture(tuple(planes), picture.format)


def find_quiet(pictures: Sequence[Picture]) -> Array | None:
    """Where pictures full of grain have none: titles, bars, what is burnt out; H W uint8, 255
    there. None where it is nowhere."""
    if len(pictures) < QUIET_PICTURES:
        return None
    lumas = [luma8(picture) for picture in pictures]
    high, low = lumas[0].copy(), lumas[0].copy()
    for luma in lumas[1:]:
        cv2.max(high, luma, high)
        cv2.min(low, luma, low)
    still = np.where(cv2.subtract(high, low) <= 1, np.uint8(255), np.uint8(0))
    quiet = cv2.morphologyEx(still, cv2.MORPH_OPEN, np.ones((QUIET_SIDE, QUIET_SIDE), np.uint8))
    return quiet if quiet.any() else None


def _same(difference: Array, sigma: Array, reach: float) -> Array:
    """How surely two pictures show the same place, H W float32 from 0 to 1, by their
    `difference`."""
    window = (WINDOW, WINDOW)
    expected = 2 * sigma * sigma + np.float32(0.1)
    ratio = cv2.blur(difference * difference, window) / expected
    mean = cv2.blur(difference, window)
    drift = mean * mean / (expected * np.float32(min(1.0, reach / WINDOW**2) * EVEN))
    low, high = SAME
    return np.clip((high - np.maximum(ratio, drift * high)) / (high - low), 0, 1)


def _smoothed(plane: Array, noise: Array) -> Array:
    """`plane` (H W float32) with noise of the standard deviations `noise` taken out where there is
    little else: the Wiener filter of Lee (1980)."""
    window = (2 * RADIUS + 1, 2 * RADIUS + 1)
    mean = cv2.blur(plane, window)
    variance = np.maximum(cv2.blur(plane * plane, window) - mean * mean, 1e-6)
    # Over so few pixels grain may seem half as strong again as it is.
    kept = np.clip(1 - 1.5 * noise * noise / variance, 0, 1)
    kept = cv2.blur(kept, (3, 3))
    return mean + kept * (plane - mean)


def _maps(field: Array, size: tuple[int, ...]) -> tuple[Array, Array]:
    """Where each pixel of a plane of this size is found in the other picture."""
    height, width = size
    offset = cv2.resize(field, (width, height), interpolation=cv2.INTER_LINEAR)
    x = offset[..., 0] * np.float32(width / field.shape[1]) + np.arange(width, dtype=np.float32)
    y = offset[..., 1] * np.float32(height / field.shape[0])
    return x, y + np.arange(height, dtype=np.float32)[:, None]


def _softened(picture: Picture) -> Picture:
    planes = (cv2.blur(plane, (5, 5)) for plane in picture.planes)
    return Picture(tuple(planes), picture.format)


def _stored(plane: Array, like: Array) -> Array:
    top = np.iinfo(like.dtype).max
    return np.clip(plane + np.float32(0.5), 0, top).astype(like.dtype)
