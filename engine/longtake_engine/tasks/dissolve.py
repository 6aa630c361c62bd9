"""The last dissolve before an end: where one shot gives way to another bit by bit."""

from collections import deque
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np

from longtake_engine.models.flow import dense_flow, pixel_grid, sample
from longtake_engine.tasks.glance import Glance

DISSOLVE_S = 0.3
SLOWEST = 4.0  # 8-bit levels that a dissolve changes the picture by in that time, at least
ONE_WAY = 0.87  # share of a pixel's changes that go the same way; motion was seen up to 0.84

SPANS_S = (0.2, 0.28, 0.4, 0.56, 0.76, 1.04, 1.36)  # within which pictures are taken for mixtures
SMALL = (40, 22)  # pixels
ANOTHER = 0.7  # correlation of two pictures, at most, that may be of different shots
FLAT = 3.0  # 8-bit levels of standard deviation: less holds nothing to tell
MIXED = 0.93  # share of each picture between them that a mixture of the two explains, at least
# What a mixture leaves unexplained, at most, of what the nearer of the two alone does. In even
# shots of 28 clips it left 0.4 or more where it explained as much.
LEFT = 0.36
PERHAPS = (0.85, 0.7)  # the same of pictures beside such as are surely mixed
WHOLE = 0.12  # how far the shares of the two may add up to something else than 1
DONE = 0.95  # share of the second shot with which it has taken over


def last_dissolve(glances: Sequence[Glance], rate: float) -> int:
    """The first frame after the last dissolve, `len(glances)` if they end in one; 0 for none."""
    return _last_mixture(glances, rate) or _last_one_way(glances, rate)


class _Mixture(NamedTuple):
    start: int  # of the pictures mixed
    stop: int
    done: int  # the first between them that is all of the second shot
    sure: bool


def _last_mixture(glances: Sequence[Glance], rate: float) -> int:
    """As `last_dissolve`, by pictures that are mixtures of one before and one after them.

    In a single shot the picture between two unlike ones is like neither, and no mixture of them.
    """
    if len(glances) < 4:
        return 0
    lumas = (glance.luma.astype(np.float32) for glance in glances)
    rows = [cv2.resize(luma, SMALL, interpolation=cv2.INTER_AREA).ravel() for luma in lumas]
    pictures = np.stack([row - row.mean() for row in rows]).astype(np.float64)
    products = pictures @ pictures.T / pictures.shape[1]
    power = np.maximum(np.diag(products), 1e-6)
    found = []
    for span in sorted({max(5, round(seconds * rate)) for seconds in SPANS_S}):
        for start in range(len(glances) - span):
            stop = start + span
            alike = products[start, stop] / np.sqrt(power[start] * power[stop])
            if alike < ANOTHER and min(power[start], power[stop]) > FLAT**2:
                found += _mixture(products, start, stop)
    last = max((mixture.done for mixture in found if mixture.sure), default=0)
    # Where one is sure, its end may show in others that are less so.
    for mixture in sorted(found):
        if mixture.start < last - 1 < mixture.stop:
            last = max(last, mixture.done)
    return last


def _mixture(products: np.ndarray, start: int, stop: int) -> list["_Mixture"]:
    """What the pictures between `start` and `stop` are a mixture of, if they are one of these two.

    Args:
        products: T T: scalar products of the pictures with each other.
        start: The one before.
        stop: The one after.
    """
    ends, between = [start, stop], slice(start + 1, stop)
    onto = products[ends, between]
    shares = np.linalg.solve(products[np.ix_(ends, ends)] + np.eye(2) * 1e-6, onto)
    power = np.maximum(np.diag(products)[between], 1e-6)
    explained = (shares * onto).sum(0) / power
    if explained.min() < PERHAPS[0] or np.abs(shares.sum(0) - 1).max() > WHOLE:
        return []
    alone = (onto**2 / np.diag(products)[ends][:, None] / power).max(0)
    quarter = max(1, len(power) // 4)
    middle = slice(quarter, len(power) - quarter)
    left = (1 - explained[middle]) / (1 - alone[middle] + 1e-3)
    if left.max() > PERHAPS[1]:
        return []
    sure = explained.min() > MIXED and left.max() < LEFT
    still = np.flatnonzero(shares[1] < DONE)  # the first shot shows
    done = start + 2 + int(still[-1]) if len(still) else 0
    return [_Mixture(start, stop, done, bool(sure))]


def _last_one_way(glances: Sequence[Glance], rate: float) -> int:
    """As `last_dissolve`, by how each place changes.

    What moves comes and goes, and flow explains it; a dissolve changes each place the same way
    from step to step, and nothing explains it.
    """
    steps = max(8, round(DISSOLVE_S * rate))
    recent: deque[np.ndarray] = deque()
    total = np.zeros(glances[0].luma.shape, np.float32) if glances else np.zeros(0)
    last = 0
    for number, (a, b) in enumerate(pairwise(glances)):
        recent.append(_unexplained(a, b))
        total += recent[-1]
        if len(recent) > steps:
            total -= recent.popleft()
        travelled = float(np.abs(total).mean())
        if len(recent) == steps and travelled >= SLOWEST:
            way = sum(float(np.abs(rest).mean()) for rest in recent)
            if travelled > ONE_WAY * way:
                last = number + 2
    return last


def _unexplained(first: Glance, second: Glance) -> np.ndarray:
    """What `second` shows that neither motion nor a change of level and contrast makes of
    `first`."""
    field = dense_flow(second.luma, first.luma, fine=False)
    moved = sample(first.luma, pixel_grid(*first.luma.shape) + field)
    a, b = (cv2.GaussianBlur(i.astype(np.float32), (0, 0), 1.5) for i in (moved, second.luma))
    a, b = a - a.mean(), b - b.mean()
    return b - a * np.float32((a * b).sum() / max(1.0, float((a * a).sum())))
