"""Which known pictures each region of a clip shows next, so that it lives on for any length.

Video textures (Schödl et al. 2000) by region (after Liao et al. 2013): the picture is parted into
what is calm and what is lively, each part shows runs of known pictures, one after the other, and
passes from run to run where it can be seen least.
"""

import cv2
import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.models.flow import Array
from longtake_engine.models.loop.itinerary import plan_runs
from longtake_engine.models.loop.likeness import Map, draw_map, squared_distances
from longtake_engine.models.loop.onward import Onward
from longtake_engine.models.loop.region import (
    Course,
    Regions,
    find_regions,
    grid_size,
    measure_courses,
)
from longtake_engine.models.loop.weave import Strand, soften
from longtake_engine.models.reel import Reel

PASSAGE_S = 1.4  # that a passage takes at most
SHORTEST_S = 1.0  # of a run between two passages
REWIND = 2e6  # what running back costs whatever goes one way at one width in a second, in usual
# squared steps; between the price of slow fish (less than a visible jump) and of waves (more)

LEAST_S = 1.5  # of history that shows whether something comes back
TEXTURE_ENTRY = 10.0  # usual squared steps that the last picture is off one that can stand for it
TEXTURE_PASSAGE = 5.0  # and two others are off each other
TEXTURE_SPEED = 0.08  # of the width in a second: what goes faster than this goes by


def plan_strands(
    reel: Reel, steps: int, rate: float, seed: int, cancel: CancelToken, *, choosy: bool = False
) -> list[Strand]:
    """What each region of the clip shows for `steps` steps; what is calm first, all over.

    `choosy`: only regions that surely are textures; none where there are none.
    """
    if choosy and len(reel) < LEAST_S * rate:
        return []
    lumas = [small.luma for small in reel.small]
    onward = Onward.measure(lumas[max(0, len(lumas) - 2)], lumas[-1])
    regions = find_regions(reel.small)
    courses = measure_courses(reel.small, regions)
    cancel.check()
    pictures = _descriptors(reel)
    strands = []
    for number in range(regions.count):
        cancel.check()
        distances = squared_distances(pictures, _weights(reel, regions, number))
        course = courses[number]
        rewind = _rewind(course, rate, lumas[-1].shape[1])
        most = max(1, min(round(PASSAGE_S * rate), len(reel) // 5))
        shortest = max(1, min(round(SHORTEST_S * rate), len(reel) // 4))
        map = draw_map(distances, most, shortest, rewind)
        lives = number > 0 or not regions.calm
        if choosy and not (lives and _is_texture(map, course, rate, lumas[-1].shape[1])):
            continue
        runs = plan_runs(map, steps, np.random.default_rng([seed, number]))
        mask = soften(regions.labels == number) if number or choosy else None
        strands.append(Strand(reel, runs, onward, course.speed, mask))
    return strands


def _is_texture(map: Map, course: Course, rate: float, width: int) -> bool:
    """Whether a region surely comes back to where it was, and does not just go by."""
    entry = min(float(costs.min()) - map.rewind * (way < 0) for way, costs in map.entry.items())
    passage = min(
        float(costs.min()) - map.rewind * (way < 0) for (_, way), costs in map.passages.items()
    )
    slow = course.speed * rate < TEXTURE_SPEED * width
    return slow and entry < TEXTURE_ENTRY and passage < TEXTURE_PASSAGE


def _rewind(course: Course, rate: float, width: int) -> float:
    """What showing a region run back in time costs: nothing for what sways, much for what flows."""
    return REWIND * (course.directed * course.speed * rate / width) ** 2


def _descriptors(reel: Reel) -> Array:
    """T P float32: each picture as two numbers a cell and side of luma, one of each colour."""
    height, width = grid_size(reel.small[0].luma)
    rows = []
    for small in reel.small:
        luma = cv2.resize(small.luma, (2 * width, 2 * height), interpolation=cv2.INTER_AREA)
        parts = [luma] + [
            cv2.resize(color, (width, height), interpolation=cv2.INTER_AREA)
            for color in small.colors
        ]
        rows.append(np.concatenate([part.ravel() for part in parts]))
    return np.stack(rows).astype(np.float32)


def _weights(reel: Reel, regions: Regions, number: int) -> Array:
    """P: how much each number of a descriptor counts for a region."""
    own = (regions.labels == number).astype(np.float32)
    fine = cv2.resize(own, own.shape[::-1], fx=0, fy=0, interpolation=cv2.INTER_NEAREST)
    fine = np.repeat(np.repeat(fine, 2, 0), 2, 1)
    return np.concatenate([fine.ravel(), *[own.ravel() * 2] * len(reel.small[0].colors)])
