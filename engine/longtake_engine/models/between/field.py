"""The motion at a moment between two pictures, from the motion at both ends.

Fields are H W 2 float32 in their own pixels: the way from the first picture to the second of what
is seen at a place at that moment.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from longtake_engine.models.between.warp import along, grid, scaled

Array = np.ndarray
Images = tuple[Array, Array]  # of both ends, H W uint8, of the fields' size

INVERSIONS = 2  # a third one changes nothing that can be measured
TOLERANCE = 1.5  # grey levels of disagreement at which a motion counts for much less
OTHERS = 1.0  # grey levels by which a motion from elsewhere must agree better
WINDOW = (5, 5)
EASED_FROM, EASED_TO = 12.0, 24.0  # grey levels of disagreement
SMOOTH = 2.0  # pixels of the field


def invert(forward: Array, backward: Array, time: float) -> tuple[Array, Array]:
    """The motion at `time` as the first picture's field tells it, and as the second's does.

    By fixed-point inversion: what is at a place then came from where the motion there leads back
    to. Backward warps only, so there are no holes.
    """
    from_first, back = forward, backward
    for _ in range(INVERSIONS):
        from_first = along(forward, from_first, -time)
        back = along(backward, back, time - 1)
    return from_first, -back


def ends(images: Images, motion: Array, time: float) -> Images:
    """Both images brought to `time` along `motion`."""
    return along(images[0], motion, -time), along(images[1], motion, 1 - time)


def within(field: Array, share: float = 1.0) -> Array:
    """H W float32, 1 where `share` of `field` leads to a place in the picture, 0 beyond it."""
    height, width = field.shape[:2]
    x, y = cv2.split(cv2.scaleAdd(field, share, grid(height, width)))
    inside = (x > -0.5) & (x < width - 0.5) & (y > -0.5) & (y < height - 0.5)
    return inside.astype(np.float32)


def difference(images: Images) -> Array:
    """How much two images differ around each place, H W float32, grey levels."""
    return cv2.blur(cv2.absdiff(*images).astype(np.float32), WINDOW)


def choose(motions: Sequence[Array], images: Images, time: float) -> Array:
    """At each place the motion along which the ends agree best, mixed where they are alike.

    The first two were measured on these images, and need not agree as well as the others.
    """
    costs = [difference(ends(images, motion, time)) for motion in motions]
    costs[2:] = [cost + np.float32(OTHERS) for cost in costs[2:]]
    least = costs[0]
    for cost in costs[1:]:
        least = cv2.min(least, cost)
    shares = [cv2.exp(cv2.subtract(least, cost) * np.float32(1 / TOLERANCE)) for cost in costs]
    total, sums = scaled(motions[0], shares[0]), shares[0]
    for motion, share in zip(motions[1:], shares[1:], strict=True):
        total, sums = cv2.add(total, scaled(motion, share)), cv2.add(sums, share)
    return scaled(total, 1 / sums)


def mixed(motions: Sequence[Array], share: Array) -> Array:
    """`share` (H W) of the first of two fields, the rest of the second."""
    return cv2.blendLinear(motions[0], motions[1], share, 1 - share)


def eased(motion: Array, left: Array) -> Array:
    """`motion` smoothed where the ends still differ by `left` (H W): nothing fits there, and a
    field with steps would draw lines that are in neither picture."""
    share = np.clip((left - EASED_FROM) / (EASED_TO - EASED_FROM), 0, 1)
    return mixed((cv2.GaussianBlur(motion, (0, 0), SMOOTH), motion), share)


def falls(before: Array, after: Array, width: float = 1.0) -> Array:
    """0 to 1 by how far a cost has fallen: 1/2 where it has not changed."""
    return 1 / (1 + cv2.exp(np.clip((after - before) * np.float32(1 / width), -20.0, 20.0)))


def refined(motion: Array, left: Array, images: Images, warped: Images, time: float) -> Array:
    """`motion` with as much of what is `left` of it between both warped ends as helps."""
    after = ends(images, cv2.add(motion, left), time)
    return cv2.add(motion, scaled(left, falls(difference(warped), difference(after))))
