"""The camera's own move: what the most of the picture does, as a similarity per frame.

A similarity (shift, turn, zoom) is two complex numbers: z -> a z + b with z = x + iy, in pixels
from the centre of the picture, of the full size.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.flow import Array, consistency, dense_flow, pixel_grid


@dataclass(frozen=True, slots=True)
class Similarity:
    """z -> a z + b."""

    a: complex = 1
    b: complex = 0

    def then(self, other: "Similarity") -> "Similarity":
        """First this, then `other`."""
        return Similarity(other.a * self.a, other.a * self.b + other.b)

    @property
    def inverse(self) -> "Similarity":
        """What undoes it."""
        return Similarity(1 / self.a, -self.b / self.a)

    def displacement(self, height: int, width: int, scale: float) -> Array:
        """The field of the move, H W 2, for a picture `scale` times the full size, in its own
        pixels."""
        grid = pixel_grid(height, width)
        centre = complex((width - 1) / 2, (height - 1) / 2)
        z = grid[..., 0] + 1j * grid[..., 1] - centre
        moved = self.a * z + self.b * scale - z
        return np.dstack([moved.real, moved.imag]).astype(np.float32)

    def matrix(self, height: int, width: int) -> Array:
        """The 2×3 matrix for cv2.warpAffine on the full-size picture (first to second)."""
        centre = complex((width - 1) / 2, (height - 1) / 2)
        shift = self.b + centre - self.a * centre
        return np.array(
            [[self.a.real, -self.a.imag, shift.real], [self.a.imag, self.a.real, shift.imag]]
        )


def measure_camera(first: Array, second: Array, full_width: int) -> Similarity:
    """The camera's move from `first` to `second` (H W uint8, small), in pixels of a picture
    `full_width` wide.

    RANSAC over a dense field; the identity where too little agrees.
    """
    forward = dense_flow(first, second, fine=False)
    sure = consistency(forward, dense_flow(second, first, fine=False))
    return fit_similarity(forward, sure, full_width / first.shape[1])


def fit_similarity(field: Array, sure: Array, scale: float) -> Similarity:
    """The similarity that most of `field` follows, times `scale` in pixels; the identity where
    there is none."""
    height, width = sure.shape
    step = max(2, min(height, width) // 48)
    # Near the border the field knows one side only, and leans outward.
    edge_y, edge_x = height // 16, width // 16
    ys, xs = np.mgrid[edge_y : height - edge_y : step, edge_x : width - edge_x : step]
    keep = sure[ys, xs] > 0.5
    if keep.sum() < 12:
        return Similarity()
    centre = np.array([(width - 1) / 2, (height - 1) / 2], np.float32)
    start = np.stack([xs, ys], -1)[keep].astype(np.float32) - centre
    end = start + field[ys, xs][keep]
    cv2.setRNGSeed(0)
    matrix, inliers = cv2.estimateAffinePartial2D(
        start, end, ransacReprojThreshold=0.7, maxIters=400, confidence=0.995
    )
    if matrix is None or inliers.mean() < 0.2:
        return Similarity()
    return Similarity(complex(matrix[0, 0], matrix[1, 0]), complex(*matrix[:, 2]) * scale)


def mean_move(moves: Sequence[Similarity]) -> Similarity:
    """The average of small moves; the identity of none."""
    if not moves:
        return Similarity()
    log_a = np.mean([np.log(move.a) for move in moves])
    return Similarity(complex(np.exp(log_a)), complex(np.mean([move.b for move in moves])))


def part_of(move: Similarity, share: float) -> Similarity:
    """`share` of a small move; 0 is the identity."""
    return Similarity(complex(np.exp(np.log(move.a) * share)), move.b * share)
