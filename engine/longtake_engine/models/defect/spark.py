"""Dust, dirt and sparkles: what is on one frame and on neither of its neighbours.

A spot is told as in Kokaram (1998) by rank order against both neighbours, each brought to lie as
this frame does: brighter, or darker, than all that is near the same place in both.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.flow import Array, dense_flow, pixel_grid, sample

LEAST = 9.0  # 8-bit levels above, or below, all around in both neighbours
CALM = 2.5  # times what is left unexplained around a spot: fast motion, grain, rain
AROUND = 12.0  # pixels over which that is averaged
GROWN = 0.4  # of the threshold: how far a spot reaches out from its core
SMALLEST = 2  # pixels of a core
DISAGREEMENT = 0.17  # of a spot's strength, at most, do the neighbours differ where it lies
DETAIL = 1.2  # times the detail around that a spot is stronger than
DETAIL_SCALE = 3.0  # pixels: what is finer is detail
DETAIL_AROUND = 8.0
SOUGHT = 0.06  # of the width: how far around a thing that moves by itself is looked for
ALIKE = 0.75  # correlation from which on it is the same thing
SAME = 0.5  # of its strength that it has there too
EDGE = 3  # pixels of its surroundings that belong to what is looked for
LARGEST = 0.004  # of the picture
FIELD_WIDTH = 960
SMOOTH = 5  # radius of the median that keeps a field from following a spot


@dataclass(frozen=True, slots=True)
class Spots:
    """What one frame shows that its neighbours do not."""

    labels: Array  # H W int32: 0 for none
    boxes: Array  # N 5: x, y, wide, high, area of each
    strengths: Array  # N: mean difference with sign, 8-bit levels


@dataclass(frozen=True, slots=True)
class _Neighbour:
    """The frame before or after."""

    whole: Array  # H W uint8, as it is
    aligned: Array  # as it would lie in this frame
    strange: Array  # H W float32: how far it is, as it is, above or below what this frame shows

    @classmethod
    def of(cls, here: Array, other: Array) -> "_Neighbour":
        smooth = _field(here, other)
        grid = pixel_grid(*here.shape)
        # The way back is taken for the way there, turned round: it is smooth.
        back = sample(here, grid - smooth)
        return cls(other, sample(other, grid + smooth), _excess(back, other, back))

    def shows(self, here: Array, box: Array, least: float) -> bool:
        """Whether what lies in `box` (x, y, wide, high, ...) of `here` is near there as well, and
        as strange: then it is a thing that moves, too small or too fast for flow."""
        x, y, wide, high = (int(number) for number in box[:4])
        top, left = max(0, y - EDGE), max(0, x - EDGE)
        sought = here[top : y + high + EDGE, left : x + wide + EDGE]
        away = round(SOUGHT * here.shape[1])
        window = np.s_[
            max(0, top - away) : y + high + EDGE + away,
            max(0, left - away) : x + wide + EDGE + away,
        ]
        likeness = cv2.matchTemplate(self.whole[window], sought, cv2.TM_CCOEFF_NORMED)
        strange = self.strange[window] if least > 0 else -self.strange[window]
        kernel = np.ones(sought.shape, np.uint8)
        # The most within the place that a match covers.
        most = cv2.dilate(strange, kernel, anchor=(0, 0))[: likeness.shape[0], : likeness.shape[1]]
        return bool(((likeness > ALIKE) & (most > abs(least))).any())


def find_spots(before: Array, here: Array, after: Array) -> Spots:
    """The spots of `here`, all H W uint8: lumas of three frames one after the other."""
    neighbours = (_Neighbour.of(here, before), _Neighbour.of(here, after))
    past, coming = (neighbour.aligned for neighbour in neighbours)
    excess = _excess(np.minimum(past, coming), here, np.maximum(past, coming))
    limit = _limit(past, here, coming)
    core = (np.abs(excess) > limit).astype(np.uint8)
    reach = (np.abs(excess) > GROWN * limit).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(reach, connectivity=8)
    area = np.maximum(stats[:, cv2.CC_STAT_AREA], 1)

    def mean(values: Array) -> Array:
        return np.bincount(labels.ravel(), values.ravel(), count) / area

    strength = mean(excess)
    kept = mean(core) * area >= SMALLEST
    kept &= area <= LARGEST * here.size
    kept &= mean(_differing(past, coming)) < DISAGREEMENT * np.abs(strength)
    kept &= DETAIL * (mean(_detail(past)) + 1) < np.abs(strength)
    kept[0] = False
    for number in np.flatnonzero(kept):
        box, least = stats[number], SAME * float(strength[number])
        kept[number] = not any(one.shows(here, box, least) for one in neighbours)
    chosen = np.flatnonzero(kept)
    rename = np.zeros(count, np.int32)
    rename[chosen] = np.arange(1, len(chosen) + 1)
    return Spots(rename[np.asarray(labels, np.int64)], stats[chosen], strength[chosen])


def _excess(low: Array, here: Array, high: Array) -> Array:
    """How far `here` is above all that `high` (or, negative, below all that `low`) shows near the
    same place, H W float32."""
    kernel = np.ones((3, 3), np.uint8)
    above = cv2.subtract(here, cv2.dilate(high, kernel)).astype(np.float32)
    return above - cv2.subtract(cv2.erode(low, kernel), here)


def _limit(past: Array, here: Array, coming: Array) -> Array:
    """What is too little to tell a spot from what flow cannot explain, H W float32."""
    left = np.minimum(cv2.absdiff(here, past), cv2.absdiff(here, coming))
    # Strong and small spots must not raise their own threshold much.
    unexplained = np.minimum(left, 24).astype(np.float32) + cv2.absdiff(past, coming)
    return np.maximum(LEAST, CALM * cv2.GaussianBlur(unexplained, (0, 0), AROUND))


def _differing(past: Array, coming: Array) -> Array:
    """How far the neighbours differ from one another around each pixel: behind dust both show the
    same, behind what moves by itself they do not."""
    return cv2.boxFilter(cv2.absdiff(past, coming), cv2.CV_32F, (9, 9))


def _detail(picture: Array) -> Array:
    """How strong fine detail is around each pixel: among as strong a one nobody sees a spot."""
    fine = picture.astype(np.float32)
    fine -= cv2.GaussianBlur(fine, (0, 0), DETAIL_SCALE)
    return np.sqrt(cv2.GaussianBlur(fine * fine, (0, 0), DETAIL_AROUND))


def _field(here: Array, other: Array) -> Array:
    """The motion from `here` to `other`, H W 2, that follows no spot; measured at FIELD_WIDTH."""
    height, width = here.shape
    scale = min(1.0, FIELD_WIDTH / width)
    size = (round(width * scale), round(height * scale))
    pair = [cv2.resize(luma, size, interpolation=cv2.INTER_AREA) for luma in (here, other)]
    field = dense_flow(pair[0], pair[1], fine=False)
    smooth = np.dstack([_median(field[..., axis]) for axis in (0, 1)])
    return cv2.resize(smooth, (width, height)) / np.float32(scale)


def _median(plane: Array) -> Array:
    """Over a square of 2 · SMOOTH + 1, by quarter pixels within 32 of them (8-bit is quick)."""
    coded = np.clip(plane * 4 + 128, 0, 255).astype(np.uint8)
    kept = cv2.medianBlur(coded, 2 * SMOOTH + 1).astype(np.float32)
    smooth = (kept - 128) / 4
    return np.where(np.abs(plane) < 31, smooth, plane).astype(np.float32)
