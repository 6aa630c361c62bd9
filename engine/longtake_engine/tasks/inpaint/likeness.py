"""How like a region of one picture is to that of another."""

import cv2
import numpy as np

SIGMA = 1.5  # pixels: the window of Wang et al. (2004), Image Quality Assessment
C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
BEST_DB = 50.0


def region_psnr_db(first: np.ndarray, second: np.ndarray, region: np.ndarray) -> float:
    """PSNR of two lumas H W uint8 where `region` (H W bool) says, `BEST_DB` at most."""
    error = first[region].astype(np.float32) - second[region]
    mean = float((error * error).mean()) if error.size else 0.0
    return float(min(BEST_DB, 10 * np.log10(255**2 / max(mean, 1e-6))))


def region_ssim(first: np.ndarray, second: np.ndarray, region: np.ndarray) -> float:
    """Mean structural similarity of two lumas H W uint8 where `region` (H W bool) says."""
    a, b = first.astype(np.float32), second.astype(np.float32)
    mean_a, mean_b = _smooth(a), _smooth(b)
    both, of_a, of_b = mean_a * mean_b, mean_a * mean_a, mean_b * mean_b
    common = _smooth(a * b) - both
    spread = _smooth(a * a) - of_a + _smooth(b * b) - of_b
    likeness = (2 * both + C1) * (2 * common + C2) / ((of_a + of_b + C1) * (spread + C2))
    return float(likeness[region].mean()) if region.any() else 1.0


def region_change(first: np.ndarray, second: np.ndarray, region: np.ndarray) -> float:
    """Mean absolute difference of two lumas where `region` says, 8-bit levels."""
    return float(cv2.absdiff(first, second)[region].mean()) if region.any() else 0.0


def _smooth(plane: np.ndarray) -> np.ndarray:
    return cv2.GaussianBlur(plane, (11, 11), SIGMA)
