"""The measures: on 8-bit RGB frames, H W 3, at the clip's own size."""

import cv2
import numpy as np

Array = np.ndarray


def psnr(first: Array, second: Array) -> float:
    """dB over all pixels and channels; 68 at most."""
    error = cv2.norm(first, second, cv2.NORM_L2SQR) / first.size
    return float(10 * np.log10(255.0**2 / max(error, 1e-2)))


def ssim(first: Array, second: Array) -> float:
    """Structural similarity of the luma (Wang et al. 2004, Gaussian window of 1.5 pixels)."""
    a, b = (cv2.cvtColor(f, cv2.COLOR_RGB2GRAY).astype(np.float32) for f in (first, second))

    def blur(image: Array) -> Array:
        return cv2.GaussianBlur(image, (11, 11), 1.5)

    mean_a, mean_b = blur(a), blur(b)
    var_a, var_b = blur(a * a) - mean_a**2, blur(b * b) - mean_b**2
    cov = blur(a * b) - mean_a * mean_b
    top = (2 * mean_a * mean_b + 6.5025) * (2 * cov + 58.5225)
    return float((top / ((mean_a**2 + mean_b**2 + 6.5025) * (var_a + var_b + 58.5225))).mean())
