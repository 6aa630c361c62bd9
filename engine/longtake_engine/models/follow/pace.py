"""How a thing goes against the background, which what goes otherwise is not."""

from dataclasses import dataclass

import numpy as np

from longtake_engine.models.camera import Similarity
from longtake_engine.models.flow import Array

LEAST = 2.0  # pixels a frame that a part of a thing may go otherwise
SPREADS = 4.0  # times the usual spread of its parts' ways that it may
AGAINST = 3.0  # log-odds
SOME, MANY = 1 / 6, 1 / 2  # share of a thing that goes otherwise: from here on it may have turned
FEW = 20  # pixels: fewer tell nothing
RATE, SPREAD_RATE = 0.5, 0.15  # share of a new frame in the way, and in the spread
PART = 80  # percentile of its parts


@dataclass(frozen=True, slots=True)
class Pace:
    """The way that a thing goes in a frame, the camera's move left out."""

    across: float = 0.0  # pixels
    down: float = 0.0
    spread: float | None = None  # pixels by which its parts go otherwise; None before any was seen

    def otherwise(self, ways: Array) -> Array:
        """Pixels by which `ways` (H W 2, against the background) are others, H W."""
        return np.hypot(ways[..., 0] - self.across, ways[..., 1] - self.down)

    def odds(self, ways: Array, thing: Array, sure: Array) -> Array:
        """Log-odds against what goes otherwise, H W, 0 or less.

        Args:
            ways: Of each pixel against the background, H W 2.
            thing: Where motion brings the thing, H W.
            sure: How sure the motion is, H W.
        """
        inside = (thing > 0.5) & (sure > 0.5)
        if self.spread is None or not inside.any():
            return np.zeros(thing.shape, np.float32)
        off = self.otherwise(ways) / (LEAST + SPREADS * self.spread)
        # Where most of it goes otherwise it is the thing that turned, stopped or went faster.
        turned = (float((off[inside] > 1).mean()) - SOME) / (MANY - SOME)
        strength = AGAINST * float(np.clip(1 - turned, 0, 1))
        return (-strength * np.clip(off - 1, 0, 1) * sure).astype(np.float32)

    def learned(self, ways: Array, thing: Array, sure: Array) -> "Pace":
        """The pace after a frame on which the thing is `thing`, H W."""
        inside = (thing > 0.5) & (sure > 0.5)
        if inside.sum() < FEW:
            return self
        across, down = (float(part) for part in np.median(ways[inside], axis=0))
        spread = float(np.percentile(Pace(across, down).otherwise(ways[inside]), PART))
        if self.spread is None:
            return Pace(across, down, spread)
        return Pace(
            self.across + RATE * (across - self.across),
            self.down + RATE * (down - self.down),
            self.spread + SPREAD_RATE * (spread - self.spread),
        )

    def leapt(self, far: tuple[int, int], camera: Similarity) -> "Pace":
        """The pace after a leap of so many pixels."""
        return Pace(far[0] - camera.b.real, far[1] - camera.b.imag, self.spread)


def ways_of(back_flow: Array, camera: Similarity) -> Array:
    """How each pixel went since the last frame, against the background, H W 2, by the flow back to
    there."""
    return -back_flow - np.array([camera.b.real, camera.b.imag], np.float32)
