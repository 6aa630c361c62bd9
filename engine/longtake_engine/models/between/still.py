"""What stands still before something that moves: logos and titles."""

import cv2
import numpy as np

from longtake_engine.models.between.warp import along, length

Array = np.ndarray

LEAST_MOTION = 1.0  # pixels of the field
LEAST_CHANGE = 3.0  # grey levels by which the picture would change if it moved
STILL_SHARE = 0.25  # of that change which a still place may show
QUIET_FROM, QUIET_TO = 3.4, 1.8  # grey levels: less is no motion but grain


def quiet(images: tuple[Array, Array]) -> Array:
    """H W float32, 1 where both images show the same but for grain.

    Motion measured on grain alone is chance, and reading along it would stir what stands still.
    """
    differs = cv2.blur(cv2.absdiff(*images).astype(np.float32), (5, 5))
    return np.clip((QUIET_FROM - differs) / (QUIET_FROM - QUIET_TO), 0, 1)


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
    differs = cv2.blur(cv2.absdiff(*images).astype(np.float32), (3, 3))
    moved = along(images[0], motion, -1)
    would = cv2.blur(cv2.absdiff(images[1], moved).astype(np.float32), (3, 3))
    still = fast & (would > LEAST_CHANGE) & (differs < STILL_SHARE * would)
    # Single places are chance; what is written is joined, and its inside belongs to it.
    still = cv2.morphologyEx(still.astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    return cv2.morphologyEx(still, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)).astype(np.float32)
