"""How far the motion at the end of a clip can go on: smoothed by region, judged, limited."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.luma import luma8
from longtake_engine.models.camera import Similarity, fit_similarity, part_of
from longtake_engine.models.flow import (
    Array,
    consistency,
    fill_unsure,
    flow_both_ways,
    pixel_grid,
    sample,
    squared_length,
)
from longtake_engine.picture import Picture

FLOW_WIDTH = 1920
EARLIER_WIDTH = 640  # for steps that the last one is only compared with
REGION = 8  # field pixels: radius over which motion is one region's
EDGE = 1e-3  # squared luma (0 to 1) that counts as a region's edge
STRAIN_SPREAD = 5.0  # field pixels
NOISE = 0.05  # 8-bit levels: a gain smaller than this explains nothing
STANDING = 0.02  # mean evidence of a camera move under which the camera stands still


@dataclass(frozen=True, slots=True)
class RegionMotion:
    """One step of motion, lying on the later picture's own pixels, at field size.

    `camera` and `local` are what one frame does; `whole` is the way from the earlier picture, the
    camera's field + `local` times the frames between. Fields are H W 2 in field pixels; `sure` is
    H W from 0 to 1.
    """

    camera: Similarity  # full-size pixels
    whole: Array
    local: Array
    sure: Array

    @classmethod
    def measure(
        cls,
        before: Picture,
        after: Picture,
        field_width: int,
        gap: int = 1,
        flow_width: int = FLOW_WIDTH,
    ) -> "RegionMotion":
        """The motion from `before` to `after`, `gap` frames later, as the step that `after`'s
        pixels take next; measured at `flow_width`."""
        earlier, later = luma8(before, flow_width), luma8(after, flow_width)
        back, forth = flow_both_ways(later, earlier)
        sure = consistency(back, forth)
        velocity = fill_unsure(-back, sure)
        height, width = later.shape
        scale = min(1.0, field_width / width)
        size = (round(width * scale), round(height * scale))

        def shrink(image: Array) -> Array:
            return cv2.resize(image, size, interpolation=cv2.INTER_AREA)

        whole = cv2.GaussianBlur(shrink(velocity) * np.float32(scale), (0, 0), 1.0)
        sure = shrink(sure)
        full = size[0] / after.format.width
        pair = (shrink(earlier).astype(np.float32), shrink(later).astype(np.float32))
        camera = fit_similarity(whole, sure, 1 / full)
        frame = camera.displacement(size[1], size[0], full)
        if _evidence(pair, np.zeros_like(frame), frame).mean() < STANDING:
            camera, frame = Similarity(), np.zeros_like(frame)
        local = (whole - frame) * _evidence(pair, frame, whole)[..., None]
        local = smooth_regions(local, pair[1] / 255, sure)
        return cls(part_of(camera, 1 / gap), frame + local, local / gap, sure)


def _evidence(pair: tuple[Array, Array], simple: Array, moved: Array) -> Array:
    """Where the field `moved` explains the later of two pictures better than `simple`, H W 0 to 1.

    Flow invents motion in flat and noisy regions; what explains nothing is not carried on.
    """
    earlier, later = pair
    grid = pixel_grid(*later.shape)

    def error(field: Array) -> Array:
        return cv2.GaussianBlur(cv2.absdiff(sample(earlier, grid - field), later), (0, 0), 3.0)

    without, gain = error(simple), error(simple) - error(moved)
    return np.clip((gain - NOISE) / (0.2 * without + NOISE), 0, 1).astype(np.float32)


def smooth_regions(field: Array, guide: Array, sure: Array) -> Array:
    """`field` made even within regions of the picture `guide` (H W, 0 to 1), led by what is `sure`.

    A guided filter (He et al. 2010), weighted: motion edges stay where the picture has edges.
    """

    def mean(image: Array) -> Array:
        size = (2 * REGION + 1, 2 * REGION + 1)
        return cv2.boxFilter(image, -1, size, borderType=cv2.BORDER_REFLECT)

    weight = sure + np.float32(1e-3)
    total = mean(weight)
    guide_mean = mean(guide * weight) / total
    variance = np.maximum(mean(guide * guide * weight) / total - guide_mean**2, 0)
    channels = []
    for channel in (0, 1):
        value = field[..., channel]
        value_mean = mean(value * weight) / total
        covariance = mean(guide * value * weight) / total - guide_mean * value_mean
        slope = covariance / (variance + EDGE)
        offset = value_mean - slope * guide_mean
        channels.append(mean(slope * weight) / total * guide + mean(offset * weight) / total)
    return np.dstack(channels).astype(np.float32)


def judge_steadiness(motions: Sequence[RegionMotion]) -> Array:
    """How even each region's motion has been, H W from 0 to 1.

    Args:
        motions: The last steps of motion, the latest last; of one alone only its sureness is known.
    """
    last = motions[-1]
    if len(motions) < 2:
        return last.sure
    height, width = last.sure.shape
    came_from = pixel_grid(height, width) - last.whole
    before = sample(motions[-2].local, came_from)
    turn = squared_length(last.local - before)
    size = squared_length(last.local) + squared_length(before)
    even = np.exp(-turn / (0.15 * size + 0.1)).astype(np.float32)
    return cv2.GaussianBlur(last.sure * even, (0, 0), 4.0)


def limit_travel(local: Array, strain: float) -> Array:
    """How many steps of `local` (H W 2) each region can make before `strain` tears it.

    `strain` is relative stretch or shear, 0.5 being half its size. H W float32, 200 at most.
    """
    smooth = cv2.GaussianBlur(local, (0, 0), STRAIN_SPREAD)
    squares = np.zeros(local.shape[:2], np.float32)
    for channel in (0, 1):
        plane = np.ascontiguousarray(smooth[..., channel])
        for order in ((1, 0), (0, 1)):
            squares += cv2.Sobel(plane, cv2.CV_32F, *order, scale=1 / 8) ** 2
    steps = np.minimum(strain / np.maximum(np.sqrt(squares), 1e-4), 200)
    # The geometric mean of the surroundings: one strained spot slows its region, not only itself.
    return np.exp(cv2.GaussianBlur(np.log(steps), (0, 0), 1.5 * STRAIN_SPREAD)).astype(np.float32)
