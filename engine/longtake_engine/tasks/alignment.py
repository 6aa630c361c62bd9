"""Pictures of a clip laid on each other, as its grain is measured."""

from collections.abc import Callable, Sequence

import cv2

from longtake_engine.luma import luma8
from longtake_engine.models.flow import Array, dense_flow
from longtake_engine.picture import Picture
from longtake_engine.splice.grain import Triple

FIELD_WIDTH = 640
SOFTENED = 1.2  # pixels of that width: grain misleads dense flow less when it is softened


def align(first: Picture, second: Picture, check: Callable[[], None] = lambda: None) -> Array:
    """The field from `first` to `second`, H W 2 in its own pixels."""
    check()
    lumas = (cv2.GaussianBlur(luma8(p, FIELD_WIDTH), (0, 0), SOFTENED) for p in (first, second))
    return dense_flow(*lumas, fine=False)


def align_triple(pictures: Sequence[Picture]) -> Triple:
    """Three pictures in turn, and the fields from the middle one to the others."""
    before, middle, after = pictures
    return (before, middle, after), (align(middle, before), align(middle, after))
