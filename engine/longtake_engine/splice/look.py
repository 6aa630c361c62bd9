"""What is measured of pictures beside a join: colour, sharpness, noise and change."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.luma import luma8
from longtake_engine.picture import Picture

LOOK_WIDTH = 960
SOFTENED = 1.5  # pixels of that width: what is looked at under grain


@dataclass(frozen=True, slots=True)
class Look:
    """One picture in numbers; values on the 8-bit scale whatever its depth."""

    means: np.ndarray  # one per plane
    sharpness: float  # mean gradient of the luma
    noise: float  # standard deviation of the luma's grain
    luma: np.ndarray  # H W uint8, at most LOOK_WIDTH wide; softened where the clip is grainy
    grained: np.ndarray | None = None  # then: as it is

    @classmethod
    def of(cls, picture: Picture, *, grainy: bool = False) -> "Look":
        """Measured on one picture; where it is `grainy`, sharpness and change are those of the
        picture under its grain."""
        whole = luma8(picture, LOOK_WIDTH)
        luma = cv2.GaussianBlur(whole, (0, 0), SOFTENED) if grainy else whole
        dx, dy = (cv2.Sobel(luma, cv2.CV_32F, *order) for order in ((1, 0), (0, 1)))
        scale = 255 / picture.format.max_value
        means = np.array([cv2.mean(plane)[0] * scale for plane in picture.planes])
        sharpness = float(cv2.magnitude(dx, dy).mean())
        return cls(means, sharpness, _noise(whole), luma, whole if grainy else None)


def change(first: Look, second: Look) -> float:
    """Mean absolute difference of two pictures' luma, 8-bit levels."""
    return float(cv2.absdiff(first.luma, second.luma).mean())


def color_step(first: Look, second: Look) -> float:
    """Largest difference of the plane means of two pictures, 8-bit levels."""
    return float(np.abs(first.means - second.means).max())


def new_noise(first: Look, second: Look) -> float:
    """Standard deviation of the grain that the second of two grainy pictures does not share with
    the first: grain that is frozen is none."""
    assert first.grained is not None and second.grained is not None
    return _noise(cv2.subtract(second.grained, first.grained, dtype=cv2.CV_32F)) / 2**0.5


def median_change(looks: Sequence[Look], apart: int = 1) -> float:
    """The median change from one picture to the next but `apart` - 1; 0 for too few."""
    return _median([change(a, b) for a, b in zip(looks, looks[apart:], strict=False)])


def median_color_step(looks: Sequence[Look], apart: int = 1) -> float:
    """The median colour step from one picture to the next but `apart` - 1; 0 for too few."""
    return _median([color_step(a, b) for a, b in zip(looks, looks[apart:], strict=False)])


def _median(values: list[float]) -> float:
    return float(np.median(values)) if values else 0.0


def _noise(luma: np.ndarray) -> float:
    """Immerkær 1996, on the flattest half of the picture so that texture counts little."""
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    response = np.abs(cv2.filter2D(luma, cv2.CV_32F, kernel))
    blocks = cv2.resize(response, None, fx=1 / 8, fy=1 / 8, interpolation=cv2.INTER_AREA)
    flat = np.sort(blocks, axis=None)[: max(1, blocks.size // 2)]
    return float(flat.mean() * np.sqrt(np.pi / 2) / 6)
