"""Dust on the sensor, watched frame by frame: how much light is missing at each place, and how
sure that is.

Such dust takes the same share of the light whatever lies under it, at the same place of every
frame. At three sizes of spots the log of the light is compared with that of its surroundings; what
is missing is averaged until the scene has gone by as far as a spot is wide, which makes one sample,
independent of the one before. Memory does not grow with the shot.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np

from longtake_engine.models.defect.passing import Way, scaled, soften
from longtake_engine.models.flow import Array

WIDTH = 640  # pixels that are enough for what is soft
SIZES = 3  # each twice the one before
INNER = 1.5  # pixels at that size: standard deviation of the middle of a spot
OUTER = 3.0  # and of its surroundings
APART = 6.0  # pixels at that size that the scene goes from one sample to the next
BLACK = 16  # of 255: the code of black
NOISE_LIGHT = 8.0  # 8-bit levels added to the light, so that noise in the dark counts little
STRONG = 0.3  # of the log of the light: more is an edge of the scene
STEADY = 0.01  # of it: what is too little to tell a calm place from a calmer one
SHOWN = 0.01  # of it: a sample shows the spot
LEAST_SAMPLES = 3  # of a place, to tell its spread
LEAST_ERROR = 0.002  # of the log of the light: what the coding leaves


@dataclass(frozen=True, slots=True)
class Shades:
    """What is missing at one size of spots; all H W float32, at that size's own width."""

    missing: Array  # of the log of the light, mean of the samples
    sureness: Array  # how many standard errors that is
    samples: Array  # independent ones
    shown: Array  # share of them, by weight, that show a spot


@dataclass(slots=True)
class _Size:
    """Takes the samples of one size of spots."""

    run: Array  # 3 H W: of the sample under way: weighted sum, weight, frames
    sums: Array  # 7 H W: of the samples: w, wx, ww, wwx, wwxx, w where it is shown, count
    since: Array  # H W 2: where the scene was when the sample began

    @classmethod
    def of(cls, height: int, width: int) -> "_Size":
        shapes = ((3, height, width), (7, height, width), (height, width, 2))
        return cls(*(np.zeros(shape, np.float32) for shape in shapes))

    def see(self, light: Array, way: Array) -> None:
        """`light` is the log of the light, `way` (H W 2) how far the scene has gone, in pixels of
        this size."""
        missing = _blurred(light, OUTER) - _blurred(light, INNER)
        # Over calm surroundings a spot is told best.
        energy = soften(np.minimum(missing * missing, STRONG**2), 2 * round(2 * OUTER) - 1)
        weight = 1 / (STEADY**2 + energy)
        self.run[0] += weight * missing
        self.run[1] += weight
        self.run[2] += 1
        away = way - self.since
        far = away[..., 0] ** 2 + away[..., 1] ** 2 > APART**2
        if far.any():
            self._close(far)
            self.since[far] = way[far]

    def _close(self, far: Array) -> None:
        total, weight, frames = self.run[:, far]
        value, weight = total / weight, weight / frames
        square = weight * weight
        parts = (weight, weight * value, square, square * value, square * value * value)
        shown = weight * (value > SHOWN)
        for number, part in enumerate((*parts, shown, np.ones_like(value))):
            self.sums[number, far] += part
        self.run[:, far] = 0

    def shades(self, travel: Array) -> Shades:
        """`travel` (H W) is how far the scene has gone in all, in pixels of this size."""
        total, first, squares, cross, second, shown, count = self.sums
        safe = np.maximum(total, 1e-9)
        mean = first / safe
        error = np.maximum(second - 2 * mean * cross + mean * mean * squares, 0) / safe**2
        samples = safe**2 / np.maximum(squares, 1e-9)
        # A scene that goes to and fro shows the same again.
        most = 1 + travel / APART
        error *= np.maximum(1, samples / most)
        samples = np.minimum(samples, most) * (count >= LEAST_SAMPLES)
        around = _around(error, count >= LEAST_SAMPLES)
        error = np.sqrt(np.maximum(error, around) + LEAST_ERROR**2)
        return Shades(mean, mean / error, samples, shown / safe)


@dataclass(slots=True)
class ShadeWatch:
    """Watches a shot frame by frame, in time order."""

    _sizes: list[_Size] = field(default_factory=list)

    def see(self, luma: Array, way: Way) -> None:
        """The next frame, H W uint8, and how far the scene has gone up to it."""
        height, width = luma.shape
        wide = min(WIDTH, width)
        small = cv2.resize(
            luma, (wide, max(1, round(height * wide / width))), interpolation=cv2.INTER_AREA
        )
        light = np.log(np.maximum(small.astype(np.float32) - BLACK, 0) + NOISE_LIGHT)
        for number in range(SIZES):
            if number:
                light = cv2.pyrDown(light)
            if len(self._sizes) <= number:
                self._sizes.append(_Size.of(*light.shape))
            self._sizes[number].see(light, scaled(way.now, light.shape))

    def shades(self, way: Way) -> tuple[Shades, ...]:
        """What is told so far, of each size of spots, the smallest first."""
        return tuple(size.shades(way.travel(size.sums.shape[1:])) for size in self._sizes)


def _around(error: Array, known: Array) -> Array:
    """What `error` is around each place where it is known."""
    side = 2 * round(2 * OUTER) - 1
    share = soften(known.astype(np.float32), side)
    return soften(error * known, side) / np.maximum(share, 0.05)


def _blurred(light: Array, radius: float) -> Array:
    return cv2.GaussianBlur(light, (0, 0), radius)
