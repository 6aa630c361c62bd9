"""What is kept of each frame near an end: enough to see what happens there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from longtake_engine.luma import luma8
from longtake_engine.picture import Picture

GLANCE_WIDTH = 160
COLUMNS = 160  # combing is looked for on about as many, at full height
MOVED = 12  # 8-bit levels by which a pixel differs from the frame before
TEETH = 24  # 8-bit levels by which a line stands out from its neighbours on both sides, in all
LEAST_MOVED = 0.005  # share of the picture; combing shows only where something moves
COMBED = 0.05  # share of what moved; up to 0.036 was seen in whole frames of 29 clips


@dataclass(frozen=True)
class Glance:
    """One frame, small. Levels are 8-bit."""

    luma: np.ndarray  # H W uint8, GLANCE_WIDTH wide at most
    combed: bool | None  # whether lines of two moments lie in it; None where too little moves

    @cached_property
    def mean(self) -> float:
        """Mean luma."""
        return float(self.luma.mean())

    @cached_property
    def spread(self) -> float:
        """Standard deviation of the luma."""
        return float(self.luma.std())


def glance_at(pictures: Iterable[Picture]) -> Iterator[Glance]:
    """A glance at each of some pictures that follow one another."""
    before: np.ndarray | None = None
    for picture in pictures:
        luma = luma8(picture)
        columns = luma[:, :: max(1, luma.shape[1] // COLUMNS)].astype(np.int16)
        combed = None if before is None else _combed(columns, before)
        before = columns
        yield Glance(luma8(picture, GLANCE_WIDTH), combed)


def _combed(lines: np.ndarray, before: np.ndarray) -> bool | None:
    """Whether lines are less like their neighbours than like the next but one, where it moves.

    In a whole picture it is never so: what is further away is less alike.
    """
    if lines.shape[0] < 8:
        return None
    moved = np.abs(lines - before)[2:-2] > MOVED
    if moved.mean() < LEAST_MOVED:
        return None
    middle = 2 * lines[2:-2]
    near = np.abs(middle - lines[1:-3] - lines[3:-1])
    far = np.abs(middle - lines[:-4] - lines[4:])
    teeth = moved & (near > 2 * far + TEETH)
    return bool(teeth.sum() > COMBED * moved.sum())


def change(first: Glance, second: Glance) -> float:
    """Mean absolute difference of two lumas, 8-bit levels."""
    return float(cv2.absdiff(first.luma, second.luma).mean())


def peak_change(first: Glance, second: Glance) -> float:
    """Mean of the largest twentieth of the differences: what moves counts, however small."""
    difference = cv2.absdiff(first.luma, second.luma).ravel()
    most = max(1, difference.size // 20)
    return float(np.partition(difference, -most)[-most:].mean())


def likeness(first: Glance, second: Glance) -> float:
    """Correlation of two lumas, 1 for the same structure whatever its level and contrast."""
    a, b = (glance.luma.astype(np.float32) - np.float32(glance.mean) for glance in (first, second))
    return float((a * b).mean() / max(1.0, first.spread * second.spread))
