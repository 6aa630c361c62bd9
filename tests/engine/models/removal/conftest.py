from collections.abc import Callable
from fractions import Fraction

import cv2
import numpy as np
import pytest
from longtake_engine.canvas import Canvas, Known
from longtake_engine.picture import Picture
from longtake_engine.testing.picture import format_of, panning

Holed = Callable[..., tuple[list[Picture], Canvas]]


def hole_at(number: int, height: int, width: int, step: int) -> np.ndarray:
    """H W bool: a disc that goes right by `step` pixels a frame."""
    mask = np.zeros((height, width), np.uint8)
    cv2.circle(mask, (60 + step * number, height // 2), 20, (1,), -1)
    return mask > 0


@pytest.fixture
def holed() -> Holed:
    """Makes a panning clip, and a canvas of it in which a disc that goes its own way is filled
    with garbage."""

    def make(
        pixel_format: str = "yuv420p",
        count: int = 14,
        pan: tuple[int, int] = (2, 0),
        step: int = 8,
        garbage: int = 0,
    ) -> tuple[list[Picture], Canvas]:
        format = format_of(pixel_format, 240, 136)
        truth = panning(format, count, pan)
        random = np.random.default_rng(garbage)
        known = {}
        for number, picture in enumerate(truth):
            hole = hole_at(number, format.height, format.width, step)
            planes = []
            for place, plane in enumerate(picture.planes):
                size = format.plane_size(place)
                share = cv2.resize(
                    hole.astype(np.float32), size[::-1], interpolation=cv2.INTER_AREA
                )
                junk = random.integers(0, format.max_value + 1, size).astype(format.dtype)
                planes.append(np.where(share > 0, junk, plane))
            mask = np.where(hole, np.float32(0), np.float32(1))
            known[number] = Known(Picture(tuple(planes), format), mask)
        return truth, Canvas(format, Fraction(25), known, range(count))

    return make
