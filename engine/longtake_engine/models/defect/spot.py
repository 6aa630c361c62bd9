"""What lies on the sensor: dust, and pixels that are dead or hot."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from longtake_engine.models.defect.blot import Spots, judge
from longtake_engine.models.defect.passing import Way
from longtake_engine.models.defect.sensor import DeadWatch
from longtake_engine.models.defect.shade import ShadeWatch
from longtake_engine.models.flow import Array

REACH = 2  # pixels beyond a dead pixel: what is made of it where colours are interpolated


@dataclass(slots=True)
class SpotWatch:
    """Watches a shot frame by frame, in time order; memory does not grow with it."""

    _way: Way = field(default_factory=Way)
    _shades: ShadeWatch = field(default_factory=ShadeWatch)
    _dead: DeadWatch = field(default_factory=DeadWatch)

    def see(self, luma: Array) -> None:
        """The next frame, H W uint8."""
        self._way.see(luma)
        self._shades.see(luma, self._way)
        self._dead.see(luma, self._way)

    def end(self) -> Spots:
        """What lies on the sensor in every frame of the shot, which is over.

        At least one frame must have been seen.
        """
        dead = self._dead.mask(self._way)
        dust = judge(self._shades.shades(self._way), dead.shape)
        if not dead.any():
            return dust
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * REACH + 1,) * 2)
        dead = cv2.dilate(dead, kernel)
        return Spots(dead if dust.mask is None else np.maximum(dust.mask, dead), dust.can_tell)
