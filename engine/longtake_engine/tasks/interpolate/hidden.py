"""What a network wins on pictures that are hidden from it, made from those around them."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.luma import luma8
from longtake_engine.models.between import ON_PROCESSOR, Between
from longtake_engine.models.between.network import Refiner
from longtake_engine.models.between.network.timing import retimed
from longtake_engine.picture import Picture, PictureFormat

Array = np.ndarray

WIDTH = 432  # pixels of the pictures that are tried
TAKEN = 7  # pictures for one trial: two and their neighbours of the same step, one of two hidden
# As the main search of the best quality does, the figures of one search alone tell as much.
QUALITY = "standard"
LEAST_ERROR = 0.05  # squared grey levels: a picture that is hit exactly is no better than that
LEAST_DB = 0.03  # that has to be won
# Of the timing that is best over twice the way. Of 27 clips at half their rate, all of it gains as
# much in the mean and loses where things turn back and forth (0.1 dB on a camel's legs).
SHARE = 0.65


@dataclass(frozen=True, slots=True)
class Gain:
    """dB won by a network's changes, by how many times its timing is taken."""

    once: float
    twice: float

    def at(self, timing: float) -> float:
        """By a parabola through both, and through no gain at 0."""
        bow = self._bow
        return timing * (self.once - bow + bow * timing)

    @property
    def timing(self) -> float:
        """How many times to take it; 0 where all had better be left."""
        bow = self._bow
        top = 2.0 if self.twice > 0 else 0.0
        if bow < 0:
            top = min(max((bow - self.once) / (2 * bow), 0.0), 2.0)
        timing = SHARE * top
        return timing if self.at(timing) > LEAST_DB else 0.0

    @property
    def _bow(self) -> float:
        return self.twice / 2 - self.once


def mean_gain(gains: Sequence[Gain]) -> Gain:
    """The mean; none where there are none."""
    if not gains:
        return Gain(0.0, 0.0)
    once, twice = (sum(getattr(gain, name) for gain in gains) for name in ("once", "twice"))
    return Gain(once / len(gains), twice / len(gains))


class HiddenTrial:
    """Pictures of one shot as they come, evenly spaced; every second is hidden and made again.

    Holds a few small ones.
    """

    def __init__(self, refiner: Refiner) -> None:
        self._refiner = refiner
        self._count = 0
        self._lumas: deque[Picture] = deque(maxlen=4)
        self._steps: deque[Between] = deque(maxlen=3)

    def see(self, picture: Picture) -> Gain | None:
        """What is won on the picture three before this one, if it is one of those to try."""
        self._lumas.append(_small(picture))
        self._count += 1
        if self._count < 3 or self._count % 2 == 0:
            return None
        self._steps.append(Between.measure(self._lumas[-3], self._lumas[-1], QUALITY))
        if len(self._steps) < 3:
            return None
        before, here, after = self._steps
        return _gain(here.beside(before, after), self._lumas[0], self._refiner)


def _gain(between: Between, hidden: Picture, refiner: Refiner) -> Gain:
    evidence = between.evidence(0.5)
    better = refiner.refine(evidence)
    ways = (evidence.way, *(retimed(evidence, better, timing) for timing in (1.0, 2.0)))
    made = (ON_PROCESSOR.fuse(between.first, between.second, way, between.detail) for way in ways)
    plain, once, twice = (_squared_error(picture.luma, hidden.luma) for picture in made)
    return Gain(float(10 * np.log10(plain / once)), float(10 * np.log10(plain / twice)))


def _squared_error(made: Array, truth: Array) -> float:
    return max(cv2.norm(made, truth, cv2.NORM_L2SQR) / truth.size, LEAST_ERROR)


def _small(picture: Picture) -> Picture:
    """Its luma alone, 8 bits, at most `WIDTH` wide."""
    luma = luma8(picture, WIDTH)
    height, width = luma.shape
    format = PictureFormat("gray", width, height, "gray", 8, 0, 0, False)
    return Picture((luma,), format)
