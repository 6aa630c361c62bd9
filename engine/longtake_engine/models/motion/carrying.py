"""Where each region of the last picture has come to, some steps on."""

import numpy as np

from longtake_engine.models.flow import (
    Array,
    fill_unsure,
    pixel_grid,
    sample,
    splat,
    squared_length,
)


def carry(local: Array, damping: Array, limit: Array, step: int) -> Array:
    """The way that what is seen at each pixel has come in `step` steps, H W 2 in field pixels.

    Args:
        local: H W 2: first step of each region, lying where the region is before it.
        damping: H W: share of its speed that a region keeps from step to step, below 1.
        limit: H W: steps of its first speed that a region may travel in all.
        step: 1 or more.
    """
    travelled = (1 - damping**step) / np.maximum(1 - damping, 1e-6)
    travelled = limit * (1 - np.exp(-travelled / limit))
    displacement = local * travelled[..., None]
    speed = np.sqrt(squared_length(displacement))
    nearer = np.exp(np.minimum(speed, 20) / 4).astype(np.float32)
    carried, coverage = splat(displacement, displacement, nearer)
    arrived = np.minimum(coverage, 1)
    carried = fill_unsure(carried, arrived)
    # Each step went to the nearest pixel: read it again where it truly came from.
    exact = sample(displacement, pixel_grid(*damping.shape) - carried)
    carried += (exact - carried) * arrived[..., None]
    return carried
