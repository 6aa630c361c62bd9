"""The last picture a few steps on: enough to pass from it into a texture without a halt."""

from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.flow import Array, consistency, dense_flow

SLOWING = 0.95  # share of its speed that everything keeps from step to step
BLUR = 3.0  # small pixels


@dataclass(frozen=True, slots=True)
class Onward:
    """Where the last picture's places go."""

    velocity: Array  # H W 2, small pixels a step

    @classmethod
    def measure(cls, before: Array, last: Array) -> "Onward":
        """From the last two pictures, small lumas H W uint8."""
        if min(last.shape) < 16:
            return cls(np.zeros((*last.shape, 2), np.float32))
        back = dense_flow(last, before)
        sure = consistency(back, dense_flow(before, last))
        weight = cv2.GaussianBlur(sure, (0, 0), BLUR)
        even = cv2.GaussianBlur(-back * sure[..., None], (0, 0), BLUR)
        even /= (weight + 1e-3)[..., None]
        return cls((even * np.clip(2 * weight, 0, 1)[..., None]).astype(np.float32))

    def field(self, step: int) -> Array:
        """From each place of the picture `step` steps on, 1 or more, to where it is read in the
        last one: H W 2."""
        return -self.velocity * np.float32((1 - SLOWING**step) / (1 - SLOWING))
