"""How like one picture is to another in structure."""

import cv2
import numpy as np

SIGMA = 1.5  # pixels
C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def ssim_map(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Structural similarity at every pixel of two lumas H W in 8-bit levels, float32, 1 if alike.

    Source: Wang et al. (2004), "Image quality assessment", with a Gaussian window.
    """
    a, b = first.astype(np.float32), second.astype(np.float32)
    mean_a, mean_b = _smooth(a), _smooth(b)
    both, of_a, of_b = mean_a * mean_b, mean_a * mean_a, mean_b * mean_b
    common = _smooth(a * b) - both
    spread = _smooth(a * a) - of_a + _smooth(b * b) - of_b
    return (2 * both + C1) * (2 * common + C2) / ((of_a + of_b + C1) * (spread + C2))


def _smooth(plane: np.ndarray) -> np.ndarray:
    return cv2.GaussianBlur(plane, (11, 11), SIGMA)
