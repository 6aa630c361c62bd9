"""The background as far as it was seen, carried along with the camera."""

from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.camera import Similarity
from longtake_engine.models.flow import Array

RATE = 0.35  # of a new picture in what is known already
FADING = 0.98  # of the trust in what is covered, a frame
NOISE = 2.0  # levels in which the same place differs at least
USUAL = 3.0  # times the noise that the background differs from itself
MOST_FOR, MOST_AGAINST = 0.7, 5.0  # log-odds
GAINING = 0.15  # trust a frame that newly shows a place: what was left out once may be the thing
KERNEL = np.ones((3, 3), np.uint8)


@dataclass(frozen=True, slots=True)
class Plate:
    """What lay behind, in the frame of one picture."""

    seen: Array  # H W 3 float32
    trust: Array  # H W float32, 0 where nothing is known
    noise: Array  # H W float32: levels by which the place differs from itself

    @classmethod
    def of(cls, seen: Array, outside: Array) -> "Plate":
        """What one picture shows of it where `outside` (H W bool)."""
        noise = np.full(outside.shape, NOISE, np.float32)
        return cls(seen.astype(np.float32), outside.astype(np.float32), noise)

    def moved(self, camera: Similarity) -> "Plate":
        """The plate in the next picture's frame; itself where the camera stands."""
        if camera == Similarity():
            return self
        height, width = self.trust.shape
        matrix, size = camera.matrix(height, width), (width, height)
        return Plate(
            cv2.warpAffine(self.seen, matrix, size, borderMode=cv2.BORDER_REPLICATE),
            cv2.warpAffine(self.trust, matrix, size),
            cv2.warpAffine(self.noise, matrix, size, borderMode=cv2.BORDER_REPLICATE),
        )

    def difference(self, seen: Array) -> Array:
        """Levels by which a picture differs from all that the plate shows within a pixel, H W."""
        low, high = cv2.erode(self.seen, KERNEL), cv2.dilate(self.seen, KERNEL)
        off = np.maximum(np.maximum(seen - high, low - seen), 0)
        return np.sqrt(np.square(off).sum(-1))

    def odds(self, difference: Array) -> Array:
        """Log-odds that something stands before the background, H W; 0 where none is known."""
        times = difference / self.noise
        # As seen before tells of the background; unlike it may also be a ripple or a shadow.
        slope = np.where(times < USUAL, MOST_AGAINST / USUAL, MOST_FOR / USUAL)
        odds = np.minimum((times - USUAL) * slope, MOST_FOR)
        return odds * self.trust

    def learned(self, seen: Array, difference: Array, outside: Array) -> "Plate":
        """The plate after a picture, which shows the background where `outside` (H W bool)."""
        new = outside & (self.trust < GAINING)
        rate = np.where(new, 1.0, RATE * outside).astype(np.float32)
        known = outside & ~new
        off = np.where(known, difference, 0)
        noise = self.noise + np.where(known, RATE * (off + NOISE - self.noise), 0)
        noise = np.maximum(cv2.blur(noise, (5, 5)), NOISE).astype(np.float32)
        gained = np.minimum(self.trust + GAINING, 1.0)
        trust = np.where(outside, gained, self.trust * FADING).astype(np.float32)
        return Plate(self.seen + rate[..., None] * (seen - self.seen), trust, noise)
