"""Large motion: the camera's sweep, told by points that are recognised, and what moves beside it.

A dense search follows motion of a tenth of the picture's width or so. Points with descriptors are
found again at any distance, and tell the pickets of a fence apart by what is around it.
"""

from dataclasses import replace

import cv2
import numpy as np

from longtake_engine.luma import luma8
from longtake_engine.models.between.field import difference, falls, mixed, within
from longtake_engine.models.between.preset import Preset
from longtake_engine.models.between.source import DenseSearch, small_luma
from longtake_engine.models.between.warp import along, grid, length, scaled
from longtake_engine.picture import Picture

Array = np.ndarray
Images = tuple[Array, Array]

STRIDE = 4  # of patches: closer ones slip from picket to picket more easily
WIDTH = 640  # pixels that points are looked for in, at most
MOST_POINTS = 1500
DISTINCT = 0.75  # a point's best match is nearer than its second by this (Lowe 2004)
NEAR = 3.0  # of those pixels that a match may lie off the sweep
LEAST_MATCHES, LEAST_SHARE = 12, 0.35  # that agree on it
LEAST_SWEEP = 0.04  # of the picture's width: less is the dense search's own
LEAST_COMMON = 0.15  # of the picture that both show
LEAST_FALL = 0.97  # of the plain field's cost that the swept one must get below
MARGIN = 2.0  # grey levels by which the plain field must be better to be taken, and
SLIP = 0.4  # pixels: by what so small a slip costs there
TOLERANCE = 1.5  # grey levels


class SweptSearch:
    """Motion by a dense search, started from the camera's sweep where that is large and fits."""

    def __init__(self, preset: Preset) -> None:
        self._preset = preset
        self._dense = DenseSearch(replace(preset, stride=STRIDE))

    def flows(self, first: Picture, second: Picture) -> tuple[Array, Array]:
        """Motion both ways, at the size of the preset's fields."""
        images = small_luma(first, self._preset), small_luma(second, self._preset)
        plain = self._dense.between(*images), self._dense.between(*images[::-1])
        sweep = measure_sweep(luma8(first), luma8(second), images[0].shape[1])
        if sweep is None:
            return plain
        return (
            self._better(plain[0], images, sweep),
            self._better(plain[1], (images[1], images[0]), cv2.invertAffineTransform(sweep)),
        )

    def _better(self, plain: Array, images: Images, sweep: Array) -> Array:
        """Motion along the sweep, but `plain` where that fits clearly better.

        Where only one picture shows a place nothing can be compared, and the sweep holds.
        """
        swept = self._swept(images, sweep)
        common = within(swept)
        costs = [difference((images[0], along(images[1], field))) for field in (swept, plain)]
        seen = common > 0
        if seen.mean() < LEAST_COMMON or costs[0][seen].mean() > LEAST_FALL * costs[1][seen].mean():
            return plain
        # One picket of a fence is like the next but for how its pixels fall: what is hardly better
        # than the sweep is a slip to the next one.
        margin = np.float32(SLIP) * _steepness(images[0]) + np.float32(MARGIN)
        share = falls(costs[0], costs[1] + margin, TOLERANCE) * common
        return mixed((plain, swept), share)

    def _swept(self, images: Images, sweep: Array) -> Array:
        """Motion from the first to the second: the sweep and what is left where both show."""
        field = displacement(sweep, grid(*images[0].shape))
        left = self._dense.between(images[0], along(images[1], field))
        # Beyond the second's border its last column goes on, and motion means nothing.
        inside = within(field)
        left = scaled(left, cv2.blur(inside, (9, 9)) * inside)
        # What is left was told in the places of the aligned picture, which the sweep moves on.
        return cv2.add(left, displacement(sweep, cv2.add(left, grid(*left.shape[:2]))))


def _steepness(image: Array) -> Array:
    """Grey levels that a pixel differs from the next by, around each place, H W float32."""
    slopes = [cv2.Sobel(image, cv2.CV_32F, *way, ksize=1, scale=0.5) for way in ((1, 0), (0, 1))]
    return cv2.blur(cv2.magnitude(*slopes), (5, 5))


def displacement(sweep: Array, at: Array) -> Array:
    """How far `sweep` (2×3) moves each of the places `at`, H W 2."""
    return cv2.transform(at, sweep - np.eye(2, 3)).astype(np.float32)


def measure_sweep(first: Array, second: Array, width: int) -> Array | None:
    """The similarity from `first` to `second` (H W uint8), 2×3, in pixels of pictures `width`
    wide; None where it is small or too little agrees on it.

    SIFT points (Lowe 2004) matched to their one distinct counterpart, and RANSAC.
    """
    shrink = max(1.0, first.shape[1] / WIDTH)
    size = round(first.shape[1] / shrink), round(first.shape[0] / shrink)
    pair = [cv2.resize(image, size, interpolation=cv2.INTER_AREA) for image in (first, second)]
    matched = _matches(pair[0], pair[1])
    if matched is None:
        return None
    cv2.setRNGSeed(0)
    matrix, inliers = cv2.estimateAffinePartial2D(
        *matched, ransacReprojThreshold=NEAR, maxIters=2000, confidence=0.999
    )
    if matrix is None or inliers.sum() < LEAST_MATCHES or inliers.mean() < LEAST_SHARE:
        return None
    # Pixels are squares: their centres, not the pictures' corners, lie at whole numbers.
    scale = width / size[0]
    matrix[:, 2] = scale * (matrix[:, 2] + (matrix[:, :2] - np.eye(2)) @ [0.5, 0.5])
    matrix[:, 2] -= (matrix[:, :2] - np.eye(2)) @ [0.5, 0.5]
    height = max(1, round(width * size[1] / size[0]))
    far = length(displacement(matrix, grid(height, width))).mean()
    return matrix if far > LEAST_SWEEP * width else None


def _matches(first: Array, second: Array) -> tuple[Array, Array] | None:
    """Places N 2 in both that show the same point; None where there are too few."""
    finder = cv2.SIFT.create(MOST_POINTS)
    found = [finder.detectAndCompute(image, None) for image in (first, second)]  # pyright: ignore
    (points, told), (others, told_others) = found
    if min(len(points), len(others)) < LEAST_MATCHES:
        return None
    pairs = [
        pair[0]
        for pair in cv2.BFMatcher(cv2.NORM_L2).knnMatch(told, told_others, k=2)
        if len(pair) == 2 and pair[0].distance < DISTINCT * pair[1].distance
    ]
    if len(pairs) < LEAST_MATCHES:
        return None
    start = np.array([points[pair.queryIdx].pt for pair in pairs], np.float32)
    end = np.array([others[pair.trainIdx].pt for pair in pairs], np.float32)
    return start, end
