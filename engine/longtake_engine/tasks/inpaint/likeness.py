"""How like a region of one picture is to that of another."""

import cv2
import numpy as np

from longtake_engine.tasks.likeness import ssim_map

BEST_DB = 50.0


def region_psnr_db(first: np.ndarray, second: np.ndarray, region: np.ndarray) -> float:
    """PSNR of two lumas H W uint8 where `region` (H W bool) says, `BEST_DB` at most."""
    error = first[region].astype(np.float32) - second[region]
    mean = float((error * error).mean()) if error.size else 0.0
    return float(min(BEST_DB, 10 * np.log10(255**2 / max(mean, 1e-6))))


def region_ssim(first: np.ndarray, second: np.ndarray, region: np.ndarray) -> float:
    """Mean structural similarity of two lumas H W uint8 where `region` (H W bool) says."""
    return float(ssim_map(first, second)[region].mean()) if region.any() else 1.0


def region_change(first: np.ndarray, second: np.ndarray, region: np.ndarray) -> float:
    """Mean absolute difference of two lumas where `region` says, 8-bit levels."""
    return float(cv2.absdiff(first, second)[region].mean()) if region.any() else 0.0
