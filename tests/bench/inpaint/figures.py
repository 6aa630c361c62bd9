"""How near a filled hole comes to the truth, in it alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from longtake_engine.models.flow import consistency, dense_flow, pixel_grid

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over the frames that have a hole."""

    psnr_db: float
    ssim: float
    temporal: float  # levels: mean difference of the changes from frame to frame to the true ones
    warp: float  # levels: mean difference of frames laid on each other by the true motion
    invented: float  # share of the hole that no frame saw; NaN where that is not told


def measure(
    made: Sequence[Array], truth: Sequence[Array], holes: Sequence[Array], seen: Sequence
) -> Figures:
    """Of RGB frames, H W 3 uint8, and their holes."""
    errors, likeness, changes, warps, invented = [], [], [], [], []
    for number, hole in enumerate(holes):
        if not hole.any():
            continue
        errors.append(_psnr(made[number], truth[number], hole))
        likeness.append(_ssim(made[number], truth[number])[hole].mean())
        if seen[number] is not None:
            invented.append(1 - seen[number][hole].mean())
        both = hole & holes[number - 1] if number else np.zeros_like(hole)
        if both.any():
            change = made[number].astype(int) - made[number - 1]
            true = truth[number].astype(int) - truth[number - 1]
            changes.append(np.abs(change - true)[both].mean())
        if number:
            warps.append(_warp(made, truth, number, hole))
    told = float(np.mean(invented)) if invented else float("nan")
    return Figures(
        float(np.mean(errors)),
        float(np.mean(likeness)),
        float(np.mean(changes)) if changes else 0.0,
        float(np.nanmean(warps)) if warps else 0.0,
        told,
    )


def _psnr(made: Array, truth: Array, hole: Array) -> float:
    error = (made[hole].astype(np.float64) - truth[hole]) ** 2
    return min(60.0, float(10 * np.log10(255.0**2 / max(error.mean(), 1e-6))))


def _ssim(first: Array, second: Array) -> Array:
    a, b = (cv2.cvtColor(f, cv2.COLOR_RGB2GRAY).astype(np.float32) for f in (first, second))

    def blur(image: Array) -> Array:
        return cv2.GaussianBlur(image, (11, 11), 1.5)

    mean_a, mean_b = blur(a), blur(b)
    var_a, var_b = blur(a * a) - mean_a**2, blur(b * b) - mean_b**2
    cov = blur(a * b) - mean_a * mean_b
    top = (2 * mean_a * mean_b + 6.5025) * (2 * cov + 58.5225)
    return top / ((mean_a**2 + mean_b**2 + 6.5025) * (var_a + var_b + 58.5225))


def _warp(made: Sequence[Array], truth: Sequence[Array], number: int, hole: Array) -> float:
    """Mean difference in the hole to the frame before, laid there by the motion of the truth;
    only where that motion is told both ways."""
    now, before = (cv2.cvtColor(truth[n], cv2.COLOR_RGB2GRAY) for n in (number, number - 1))
    back = dense_flow(now, before, fine=False)
    sure = (consistency(back, dense_flow(before, now, fine=False)) > 0.5) & hole
    if not sure.any():
        return float("nan")
    at = pixel_grid(*hole.shape) + back
    laid = cv2.remap(made[number - 1], at[..., 0], at[..., 1], cv2.INTER_LINEAR)
    return float(np.abs(made[number].astype(int) - laid)[sure].mean())
