"""Where the motion between two pictures comes from."""

import threading
from typing import Protocol

import cv2
import numpy as np

from longtake_engine.luma import luma8
from longtake_engine.models.between.preset import Preset
from longtake_engine.models.flow import LEAST_SIDE
from longtake_engine.picture import Picture

Array = np.ndarray


STEEPNESS = 14.0  # what slopes count for in smoothing (OpenCV's own: 10), levels counting 5


class FlowSource(Protocol):
    """Measures motion. May be asked by several threads at once."""

    def flows(self, first: Picture, second: Picture) -> tuple[Array, Array]:
        """Motion from `first` to `second` and back, H W 2 float32 of any one size, in pixels of
        that size, x before y."""
        ...


class DenseSearch:
    """Dense inverse search (Kroeger et al. 2016) on the lumas, as OpenCV has it."""

    def __init__(self, preset: Preset) -> None:
        self._preset = preset
        # A search keeps its buffers from one picture to the next, and serves one thread at a time.
        self._own = threading.local()

    def flows(self, first: Picture, second: Picture) -> tuple[Array, Array]:
        """Motion both ways, at the size of the preset's fields."""
        lumas = [small_luma(picture, self._preset) for picture in (first, second)]
        return self.between(*lumas), self.between(*lumas[::-1])

    def between(self, first: Array, second: Array) -> Array:
        """Motion from `first` to `second`, both H W uint8 of any size."""
        height, width = first.shape
        # OpenCV chooses the levels of its pyramid by the width alone, and reads beyond the coarsest
        # ones of low pictures (seen with 5.0: a crash at 480×29).
        below = max(0, max(LEAST_SIDE, width // 12) - height)
        right = max(0, LEAST_SIDE - width)
        if below or right:
            border = (0, below, 0, right, cv2.BORDER_REFLECT)
            first, second = (cv2.copyMakeBorder(image, *border) for image in (first, second))
        # The stubs do not know that None asks for a new field; one given would be the first guess.
        field = self._search().calc(first, second, None)  # pyright: ignore
        return np.ascontiguousarray(field[:height, :width])

    def _search(self) -> cv2.DISOpticalFlow:
        search = getattr(self._own, "search", None)
        if search is None:
            search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
            search.setFinestScale(self._preset.finest)
            search.setPatchStride(self._preset.stride)
            search.setVariationalRefinementIterations(self._preset.smoothing)
            search.setVariationalRefinementGamma(STEEPNESS)
            self._own.search = search
        return search


def field_size(picture: Picture, preset: Preset) -> tuple[int, int]:
    """(width, height) of the fields for a picture of this size."""
    format = picture.format
    shrink = max(preset.shrink, format.width / preset.width)
    return max(1, round(format.width / shrink)), max(1, round(format.height / shrink))


def small_luma(picture: Picture, preset: Preset) -> Array:
    """The luma at field size, H W uint8."""
    luma, size = luma8(picture), field_size(picture, preset)
    if luma.shape[::-1] == size:
        return luma
    # As good as OpenCV's means over areas, which take four times as long but by whole numbers.
    window = round(luma.shape[1] / size[0]) | 1
    return cv2.resize(cv2.blur(luma, (window, window)), size, interpolation=cv2.INTER_LINEAR)
