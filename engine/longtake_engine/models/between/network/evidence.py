"""What a network is told of two pictures and the way between them, at the size of the fields."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.between.field import difference, ends
from longtake_engine.models.between.fusion import Way
from longtake_engine.models.between.warp import along, fitted

Array = np.ndarray
Images = tuple[Array, Array]

FINER = 2  # times the fields' size that both ends are looked at
CANDIDATES = 4  # motions: what each end tells, and what the neighbours on either side tell
# Where each part lies among the channels. Vectors are x before y.
DIFFERENCE = slice(0, 4)  # of both ends along the way, one channel for each finer pixel; /16
MEAN = slice(4, 8)  # the same of their mean, -1 to 1
COSTS = slice(8, 12)  # grey levels that the ends differ by along each candidate, /16
OTHERS = slice(12, 20)  # each candidate less the motion, field pixels, /4
MOTION = slice(20, 22)  # field pixels, /16
SHARE = 22  # of the second picture, 0 to 1
SURE = slice(23, 25)  # of the motion from either end, 0 to 1
SAME = 25  # 1 where both pictures show the same, and nothing is to move
LEFT = 26  # grey levels that the ends still differ by along the way, /16
TIME = 27  # 0 to 1
CHANNELS = 28
GREY, FIELD, FAR = 16.0, 4.0, 16.0  # what values are divided by


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known at one moment between two pictures."""

    channels: Array  # CHANNELS H W float32
    way: Way  # as it was measured; offsets and share at the same H W
    small: Images  # lumas of both pictures, H W uint8


@dataclass(frozen=True, slots=True)
class Measured:
    """What the classical search found at one moment."""

    motion: Array  # H W 2, what was chosen
    candidates: Sequence[Array]  # H W 2, what it was chosen from: two or four
    sure: tuple[Array, Array]  # H W
    same: Array  # H W
    left: Array  # H W
    time: float


def gather(images: Images, small: Images, way: Way, measured: Measured) -> Evidence:
    """All that a network is told.

    Args:
        images: Lumas of both pictures, H W uint8, of any size.
        small: The same at the size of the fields.
        way: From the wanted picture to both.
        measured: What it was made of.
    """
    height, width = small[0].shape
    channels = np.empty((CHANNELS, height, width), np.float32)
    channels[DIFFERENCE], channels[MEAN] = _looks(images, way, (width, height))
    candidates = list(measured.candidates)
    if len(candidates) < CANDIDATES:  # at the end of a shot there are no neighbours
        candidates += candidates
    for number, candidate in enumerate(candidates):
        cost = difference(ends(small, candidate, measured.time))
        channels[COSTS.start + number] = cost / np.float32(GREY)
        apart = (candidate - measured.motion) / np.float32(FIELD)
        channels[OTHERS.start + 2 * number : OTHERS.start + 2 * number + 2] = cv2.split(apart)
    channels[MOTION] = np.moveaxis(measured.motion, 2, 0) / np.float32(FAR)
    channels[SHARE] = way.share
    channels[SURE] = measured.sure
    channels[SAME] = measured.same
    channels[LEFT] = measured.left / np.float32(GREY)
    channels[TIME] = measured.time
    return Evidence(channels, way, small)


def _looks(images: Images, way: Way, size: tuple[int, int]) -> tuple[Array, Array]:
    """Difference and mean of both ends read along `way`, 4 H W each."""
    finer = size[0] * FINER, size[1] * FINER
    reads = []
    for image, offsets in zip(images, (way.to_first, way.to_second), strict=True):
        shown = cv2.resize(image, finer, interpolation=cv2.INTER_AREA)
        reads.append(along(shown, fitted(offsets, finer)).astype(np.float32))
    first, second = reads
    apart = (first - second) / np.float32(GREY)
    mean = (first + second) / np.float32(255) - np.float32(1)
    return _parted(apart), _parted(mean)


def _parted(image: Array) -> Array:
    """H W as 4 H/2 W/2: the four pixels of each square as channels, row by row."""
    height, width = image.shape
    squares = image.reshape(height // FINER, FINER, width // FINER, FINER)
    return squares.transpose(1, 3, 0, 2).reshape(FINER * FINER, height // FINER, width // FINER)
