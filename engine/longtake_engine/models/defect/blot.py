"""Which of the places where light is missing are spots of dust on the sensor.

A spot is dark, small, about round, and alone: nothing like it, darker or brighter, stands near it.
All that stays of a scene which moves too little is full of edges, and is not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.defect.shade import INNER, Shades
from longtake_engine.models.flow import Array

DEPTH = 0.02  # of the log of the light, at least, after both blurs: about 6 % of the light
SURE = 5.5  # standard errors
SAMPLES = 5.0
ALWAYS = 0.8  # share of the samples that show it
ROUND = 1.5  # times as long as it is wide, at most
LARGEST = 7.0  # times INNER: its longest side at half its depth
FULL = 0.55  # share of the rectangle round it that it fills
ALONE = 0.65  # of its depth: all that stays around is fainter
NEAR, FAR = 4.5, 9.0  # times INNER: where that is looked for
GROWN = 1.5  # times the darker part that a whole spot reaches out, and
SOFT = 1.0  # pixels at its size
PASSED = 0.1  # of the picture: the least part that the scene must pass for anything to be told


@dataclass(frozen=True, slots=True, eq=False)
class Spots:
    """What was found of dust on the sensor in one shot."""

    mask: Array | None  # H W uint8, 255 on it; None where there is none
    can_tell: bool  # whether the scene passed enough of the picture


def judge(told: Sequence[Shades], size: tuple[int, int]) -> Spots:
    """What is a spot in `told`, as a mask of `size` (height, width)."""
    height, width = size
    mask = np.zeros(size, np.uint8)
    for shades in told:
        own = np.zeros(shades.missing.shape, np.uint8)
        for spot in _spots(shades):
            own |= spot
        if own.any():
            whole = cv2.resize(own * 255, (width, height), interpolation=cv2.INTER_LINEAR)
            mask = np.maximum(mask, ((whole > 127) * 255).astype(np.uint8))
    passed = max((float((one.samples >= SAMPLES).mean()) for one in told), default=0.0)
    return Spots(mask if mask.any() else None, passed > PASSED)


def _spots(shades: Shades) -> Iterator[Array]:
    """Each spot of one size, H W uint8, 1 on it."""
    missing = shades.missing
    side = 2 * round(2 * INNER) + 1
    peaks = missing >= cv2.dilate(missing, np.ones((side, side), np.uint8))
    peaks &= (missing > DEPTH) & (shades.sureness > SURE)
    peaks &= (shades.samples >= SAMPLES) & (shades.shown > ALWAYS)
    edge = round(2 * INNER)
    peaks[:edge] = peaks[-edge:] = False
    peaks[:, :edge] = peaks[:, -edge:] = False
    for y, x in np.argwhere(peaks):
        spot = _middle(missing, int(y), int(x))
        if _is_small_and_round(spot) and _is_alone(missing, int(y), int(x)):
            yield _disc(spot)


def _middle(missing: Array, y: int, x: int) -> Array:
    """H W uint8: 1 on what hangs together with a peak and is half as deep."""
    reach = round(FAR * INNER)
    top, left = max(0, y - reach), max(0, x - reach)
    window = missing[top : y + reach + 1, left : x + reach + 1]
    deep = (window > missing[y, x] / 2).astype(np.uint8)
    _, labels = cv2.connectedComponents(deep, connectivity=4)
    middle = np.zeros(missing.shape, np.uint8)
    own = labels == labels[y - top, x - left]
    middle[top : top + own.shape[0], left : left + own.shape[1]] = own
    return middle


def _disc(middle: Array) -> Array:
    """H W uint8: 1 on all of the spot of which `middle` is the darker part."""
    x, y, wide, high = cv2.boundingRect(middle)
    radius = GROWN * max(wide, high) / 2 + SOFT
    down, across = np.ogrid[: middle.shape[0], : middle.shape[1]]
    away = np.hypot(across - (x + (wide - 1) / 2), down - (y + (high - 1) / 2))
    return (away <= radius).astype(np.uint8)


def _is_small_and_round(spot: Array) -> bool:
    _, _, wide, high = cv2.boundingRect(spot)
    longest, shortest = max(wide, high), min(wide, high)
    full = float(spot.sum()) / (wide * high)
    return longest <= ROUND * shortest and longest <= LARGEST * INNER and full > FULL


def _is_alone(missing: Array, y: int, x: int) -> bool:
    height, width = missing.shape
    down, across = np.ogrid[-y : height - y, -x : width - x]
    away = down * down + across * across
    ring = (away > (NEAR * INNER) ** 2) & (away < (FAR * INNER) ** 2)
    return bool(np.abs(missing[ring]).max(initial=0) < ALONE * missing[y, x])
