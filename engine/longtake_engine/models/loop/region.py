"""A picture parted into what is calm and the regions that move by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.flow import Array, dense_flow
from longtake_engine.models.reel import Small

CELL = 4  # small pixels a side
STEP = 6  # frames over which activity is measured
MOST = 6  # regions
LEAST = 0.01  # of the picture: smaller ones belong to the calm
LIVELY = 0.35  # share of the liveliest from which on a place is lively
MARGIN = 2  # cells around what is lively that belong to it
FLOWS = 20  # steps of motion looked at
LEVEL = 0.05  # small pixels of motion that one 8-bit level of change is worth
STILL = 0.3  # activity that cannot be seen
AREA = cv2.INTER_AREA


@dataclass(frozen=True, slots=True)
class Regions:
    """Which region each cell of the picture belongs to."""

    labels: Array  # h w int32, from 0 on without gaps
    activity: Array  # h w float32: small pixels of motion over STEP frames
    calm: bool  # whether region 0 is what is calm; else there is no such region

    @property
    def count(self) -> int:
        """How many there are, 1 or more."""
        return int(self.labels.max()) + 1


def grid_size(luma: Array) -> tuple[int, int]:
    """(height, width) in cells of a small picture."""
    height, width = luma.shape
    return max(2, height // CELL), max(2, width // CELL)


def find_regions(small: Sequence[Small]) -> Regions:
    """The regions of a clip whose camera stands still."""
    height, width = grid_size(small[0].luma)
    activity = np.zeros((height, width), np.float32)
    last = max(0, len(small) - 1 - STEP)
    starts = np.unique(np.linspace(0, last, FLOWS).astype(int))
    for start in starts:
        pair = small[start].luma, small[min(start + STEP, len(small) - 1)].luma
        motion = np.sqrt((dense_flow(*pair, fine=False) ** 2).sum(-1))
        change = cv2.absdiff(*pair).astype(np.float32)
        activity += cv2.resize(motion + LEVEL * change, (width, height), interpolation=AREA)
    activity = cv2.GaussianBlur(activity / len(starts), (0, 0), 1.0)
    labels, calm = _part(activity)
    return Regions(labels, activity, calm)


def _part(activity: Array) -> tuple[Array, bool]:
    """0 for what is calm, 1 and on for each part that is lively, without gaps; and whether there
    is anything calm."""
    lively = activity > max(STILL, LIVELY * float(np.quantile(activity, 0.98)))
    lively = cv2.dilate(lively.astype(np.uint8), np.ones((2 * MARGIN + 1,) * 2, np.uint8))
    _, parts, stats, _ = cv2.connectedComponentsWithStats(lively, connectivity=4)
    sizes = stats[:, cv2.CC_STAT_AREA]
    order = [int(n) for n in np.argsort(-sizes, kind="stable") if n > 0]
    kept = [n for n in order if sizes[n] >= LEAST * activity.size][: MOST - 1]
    labels = np.zeros(activity.shape, np.int32)
    for number, part in enumerate(kept, 1):
        labels[parts == part] = number
    if kept and not (labels == 0).any():
        return labels - 1, False
    return labels, True


@dataclass(frozen=True, slots=True)
class Course:
    """How a region moves."""

    speed: float  # small pixels a frame, mean of what moves
    directed: float  # 0: to and fro, 1: always the same way


def measure_courses(small: Sequence[Small], regions: Regions) -> list[Course]:
    """How each region moves, from some steps spread over the clip."""
    lumas = [one.luma for one in small]
    height, width = regions.labels.shape
    sums = np.zeros((height, width, 2), np.float32)
    sizes = np.zeros((height, width), np.float32)
    steps = np.unique(np.linspace(0, max(0, len(lumas) - 2), FLOWS).astype(int))
    for step in steps:
        flow = dense_flow(lumas[step], lumas[min(step + 1, len(lumas) - 1)], fine=False)
        flow = cv2.resize(flow, (width, height), interpolation=cv2.INTER_AREA)
        sums += flow
        sizes += np.sqrt((flow**2).sum(-1))
    net = np.sqrt((sums**2).sum(-1))
    courses = []
    for number in range(regions.count):
        weight = regions.activity * (regions.labels == number)
        size = float((weight * sizes).sum())
        speed = size / max(float(weight.sum()), 1e-6) / len(steps)
        courses.append(Course(speed, float((weight * net).sum()) / max(size, 1e-6)))
    return courses
