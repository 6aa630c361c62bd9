"""Dead and hot pixels: what is at the same place of every picture, however the scene moves."""

from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.defect.passing import Way
from longtake_engine.models.flow import Array

POINT = 7.0  # 8-bit levels off its surroundings
ALWAYS = 0.9  # share of the pictures that show it
POINT_SIZE = 12  # pixels at most
APART = 6.0  # pixels that the scene goes from one picture that counts to the next
LEAST_SAMPLES = 12  # pictures that count
LEAST_TRAVEL = 36.0  # pixels that the scene goes in all
SEEN = 0.02  # of the picture: less of it is not worth a look


@dataclass(slots=True)
class DeadWatch:
    """Watches a shot frame by frame, in time order. At each place those pictures count between
    which the scene has gone by, so that its own points are not there again."""

    _counts: Array | None = None  # 3 H W uint16: pictures, those that are brighter, and darker
    _since: Array | None = None  # H W 2: where the scene was, at the size of the way

    def see(self, luma: Array, way: Way) -> None:
        """The next frame, H W uint8, and how far the scene has gone up to it."""
        if self._counts is None:
            self._counts = np.zeros((3, *luma.shape), np.uint16)
        if way.now is None:
            return
        if self._since is None:
            self._since = np.zeros_like(way.now)
        away = way.now - self._since
        scale = way.now.shape[1] / luma.shape[1]
        far = (away * away).sum(axis=2) > (APART * scale) ** 2
        if far.mean() < SEEN:
            return
        self._since[far] = way.now[far]
        size = luma.shape[::-1]
        counts = cv2.resize(far.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
        around = cv2.medianBlur(luma, 5)
        self._counts[0] += counts
        self._counts[1] += counts * (cv2.subtract(luma, around) > POINT)
        self._counts[2] += counts * (cv2.subtract(around, luma) > POINT)

    def mask(self, way: Way) -> Array:
        """H W uint8, 255 on them."""
        assert self._counts is not None, "of a shot that was seen"
        pictures, *shown = self._counts
        mask = np.zeros(pictures.shape, np.uint8)
        can_tell = (pictures >= LEAST_SAMPLES) & (way.travel(pictures.shape) >= LEAST_TRAVEL)
        for times in shown:
            found = (can_tell & (times >= ALWAYS * pictures)).astype(np.uint8)
            count, labels, stats, _ = cv2.connectedComponentsWithStats(found, connectivity=8)
            for number in range(1, count):
                if stats[number, cv2.CC_STAT_AREA] <= POINT_SIZE:
                    mask[labels == number] = 255
        return mask
