"""The best outline by what speaks for and against each pixel, along the picture's own edges."""

import cv2
import numpy as np

from longtake_engine.models.flow import Array

STEP = 0.35  # of both ascents; 1 / sqrt(8) is the most that converges
SMOOTHNESS = 3.0  # log-odds that a pixel's length of outline costs where the picture is plain
LEAST_COST = 0.06  # share of it left on the strongest edges


def edge_cost(seen: Array) -> tuple[Array, Array]:
    """What an outline costs between each pixel and the next one across, and down: H W float32,
    from SMOOTHNESS where they look alike to nearly nothing where they do not.

    The scale is the picture's own mean contrast, as in GrabCut (Rother et al. 2004).
    """
    smooth = cv2.GaussianBlur(seen, (0, 0), 0.8).astype(np.float32)
    costs = []
    for axis in (1, 0):
        step = np.zeros(seen.shape[:2], np.float32)
        squares = np.square(np.diff(smooth, axis=axis)).sum(-1)
        usual = max(float(squares.mean()), 0.5)
        cost = SMOOTHNESS * (LEAST_COST + (1 - LEAST_COST) * np.exp(-squares / (2 * usual)))
        if axis == 1:
            step[:, :-1] = cost
        else:
            step[:-1] = cost
        costs.append(step)
    return costs[0], costs[1]


def cut(odds: Array, costs: tuple[Array, Array], start: Array, steps: int) -> Array:
    """The region that the log-odds `odds` (H W, above 0: inside) and the outline's `costs` want,
    H W float32 0..1.

    A minimum cut made continuous, whose optimum is the same (Chan et al. 2006), by the primal-dual
    steps of Chambolle & Pock (2011) from the region `start`.
    """
    region = start.astype(np.float32).copy()
    leading = region.copy()
    across, down = (np.zeros_like(region) for _ in range(2))
    pull = odds.astype(np.float32) * STEP
    for _ in range(steps):
        across[:, :-1] += STEP * (leading[:, 1:] - leading[:, :-1])
        down[:-1] += STEP * (leading[1:] - leading[:-1])
        np.clip(across, -costs[0], costs[0], out=across)
        np.clip(down, -costs[1], costs[1], out=down)
        flow = across + down
        flow[:, 1:] -= across[:, :-1]
        flow[1:] -= down[:-1]
        before = region
        region = np.clip(region + STEP * flow + pull, 0, 1)
        leading = 2 * region - before
    return region
