"""What stands still before something that moves: logos and titles."""

import cv2
import numpy as np

from longtake_engine.models.between.field import within
from longtake_engine.models.between.warp import along, length

Array = np.ndarray

LEAST_MOTION = 1.0  # pixels of the field
LEAST_CHANGE = 3.0  # grey levels by which the picture would change if it moved
STILL_SHARE = 0.25  # of that change which a still place may show
STILL_BEYOND = 0.12  # the same where the motion comes from beyond the border, and tells less
FAR_FROM, FAR_TO = 0.04, 0.06  # of the picture's width
LEAST_SLOPE = 10.0  # grey levels over two pixels, of what is written before a far sweep
QUIET_FROM, QUIET_TO = 3.4, 1.8  # grey levels: less is no motion but grain


def quiet(images: tuple[Array, Array]) -> Array:
    """H W float32, 1 where both images show the same but for grain.

    Motion measured on grain alone is chance, and reading along it would stir what stands still.
    """
    differs = cv2.blur(cv2.absdiff(*images).astype(np.float32), (5, 5))
    return np.clip((QUIET_FROM - differs) / (QUIET_FROM - QUIET_TO), 0, 1)


def far(motion: Array) -> Array:
    """H W float32, 1 where `motion` is farther than chance on grain would have it, else 0.

    There two plain places came to lie on one another, and others lay in between.
    """
    share = length(motion) / np.float32(motion.shape[1])
    return np.clip((share - FAR_FROM) / (FAR_TO - FAR_FROM), 0, 1)


def standing(images: tuple[Array, Array], motion: Array) -> Array:
    """H W float32, 1 where both images show the same though moving by `motion` would have changed
    it, else 0.

    Args:
        images: H W uint8, of field size.
        motion: The field that is suspected of carrying away what stands still.
    """
    fast = length(motion) > LEAST_MOTION
    if not fast.any():
        return np.zeros(fast.shape, np.float32)
    differs = _unlike(*images)
    would = _unlike(along(images[0], motion, -1), images[1])
    share = STILL_BEYOND + (STILL_SHARE - STILL_BEYOND) * within(motion, -1)
    still = fast & (would > LEAST_CHANGE) & (differs < share * would)
    # Plain places lie on one another wherever a sweep leads; what is written has slopes.
    slopes = [cv2.Sobel(images[0], cv2.CV_32F, *way, ksize=1) for way in ((1, 0), (0, 1))]
    plain = cv2.blur(cv2.magnitude(*slopes), (5, 5)) < LEAST_SLOPE
    still &= ~(plain & (far(motion) > 0))
    # Single places are chance; what is written is joined, and its inside belongs to it.
    still = cv2.morphologyEx(still.astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    return cv2.morphologyEx(still, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)).astype(np.float32)


def _unlike(first: Array, second: Array) -> Array:
    """How much two images differ around each place in level and in slope, H W, grey levels.

    Levels alone are the same by chance wherever one crosses the other's, and far motion finds many
    such places.
    """
    apart = cv2.subtract(first, second, dtype=cv2.CV_32F)
    slopes = [cv2.Sobel(apart, cv2.CV_32F, *way, ksize=1) for way in ((1, 0), (0, 1))]
    total = cv2.add(cv2.absdiff(apart, 0.0), cv2.magnitude(*slopes))  # pyright: ignore
    return cv2.blur(total, (3, 3))
