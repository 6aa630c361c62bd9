"""The motion at a moment between two pictures, from the motion at both ends.

Fields are H W 2 float32 in their own pixels: the way from the first picture to the second of what
is seen at a place at that moment.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from longtake_engine.models.flow import pixel_grid, sample

Array = np.ndarray

INVERSIONS = 3
TOLERANCE = 1.5  # grey levels of disagreement at which a motion counts for much less
WINDOW = (5, 5)


def invert(forward: Array, backward: Array, time: float) -> tuple[Array, Array]:
    """The motion at `time` as the first picture's field tells it, and as the second's does.

    By fixed-point inversion: what is at a place then came from where the motion there leads back
    to. Backward warps only, so there are no holes.
    """
    grid = pixel_grid(*forward.shape[:2])
    from_first, from_second = forward, -backward
    for _ in range(INVERSIONS):
        from_first = sample(forward, grid - time * from_first)
        from_second = -sample(backward, grid + (1 - time) * from_second)
    return from_first, from_second


def ends(images: tuple[Array, Array], motion: Array, time: float) -> tuple[Array, Array]:
    """Both images brought to `time` along `motion`."""
    grid = pixel_grid(*motion.shape[:2])
    first = sample(images[0], cv2.scaleAdd(motion, -time, grid))
    return first, sample(images[1], cv2.scaleAdd(motion, 1 - time, grid))


def disagreement(images: tuple[Array, Array], motion: Array, time: float) -> Array:
    """How much the two ends differ around each place, H W float32, grey levels."""
    return cv2.blur(cv2.absdiff(*ends(images, motion, time)).astype(np.float32), WINDOW)


def weights(costs: Sequence[Array], tolerance: float) -> list[Array]:
    """How much each of several motions counts at each place; they sum to 1 there."""
    least = np.minimum.reduce(costs)
    shares = [np.exp(np.maximum((least - cost) / tolerance, -20.0)) for cost in costs]
    total = np.add.reduce(shares)
    return [share / total for share in shares]


def choose(motions: Sequence[Array], images: tuple[Array, Array], time: float) -> Array:
    """At each place the motion along which the ends agree best, mixed where they are alike."""
    costs = [disagreement(images, motion, time) for motion in motions]
    shares = weights(costs, TOLERANCE)
    mixed = sum(share[..., None] * motion for share, motion in zip(shares, motions, strict=True))
    return np.asarray(mixed, np.float32)


def falls(before: Array, after: Array, width: float = 1.0) -> Array:
    """0 to 1 by how far a cost has fallen: 1/2 where it has not changed."""
    return 1 / (1 + np.exp(np.clip((after - before) / width, -20.0, 20.0)))
