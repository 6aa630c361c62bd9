"""Whether two pictures show the same scene, from what they share."""

from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.luma import luma8
from longtake_engine.models.flow import consistency, dense_flow, pixel_grid, sample
from longtake_engine.picture import Picture

WIDTH = 320
BLUR = 4.0  # pixels, of the window in which structure is compared
NOISE = 4.0  # variance, 8-bit levels squared, that is taken for none
POINTS = 800  # corners looked for in each picture
NEAR = 4.0  # pixels by which a corner may miss its place

# Measured over 120 pairs of pictures of one clip, up to 60 frames apart, and 60 of two clips: those
# of two clips agreed by 0.06 at most and shared 8 corners at most.
MOVED = 0.2  # agreement from which motion leads from one picture to the other
SHARED = 16  # corners from which both show the same place


@dataclass(frozen=True, slots=True)
class Scene:
    """What two pictures have in common."""

    agreement: float  # 0 to 1: how far motion makes one of the other, seen from both sides
    shared_corners: int  # found again in the other picture, all by one and the same camera move

    @property
    def moved(self) -> bool:
        """Whether it is one scene in which things or the camera moved."""
        return self.agreement >= MOVED

    @property
    def same_place(self) -> bool:
        """Whether both show one place, however far the pictures are apart."""
        return self.moved or self.shared_corners >= SHARED


def compare_scenes(first: Picture, second: Picture) -> Scene:
    """What two pictures of the same format have in common."""
    one, other = luma8(first, WIDTH), luma8(second, WIDTH)
    forward, backward = dense_flow(one, other), dense_flow(other, one)
    moved = sample(other, pixel_grid(*one.shape) + forward)
    alike = consistency(forward, backward) * _correlation(one, moved)
    return Scene(float(max(0.0, alike.mean())), _shared_corners(one, other))


def _correlation(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Of two lumas around each pixel, H W, -1 to 1; plain places are alike."""
    a, b = one.astype(np.float32), other.astype(np.float32)

    def blur(image: np.ndarray) -> np.ndarray:
        return cv2.GaussianBlur(image, (0, 0), BLUR)

    mean_a, mean_b = blur(a), blur(b)
    var_a, var_b = blur(a * a) - mean_a**2, blur(b * b) - mean_b**2
    both = blur(a * b) - mean_a * mean_b
    return (both + NOISE) / np.sqrt((var_a + NOISE).clip(1) * (var_b + NOISE).clip(1))


def _shared_corners(one: np.ndarray, other: np.ndarray) -> int:
    """Corners of one (ORB, Rublee et al. 2011) that one move, turn and zoom carries onto the
    other's."""
    finder = cv2.ORB.create(POINTS)
    found = [finder.detectAndCompute(luma, None) for luma in (one, other)]  # pyright: ignore
    if any(words is None for _, words in found):
        return 0
    matches = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(found[0][1], found[1][1])
    if len(matches) < SHARED:
        return 0
    from_ = np.array([found[0][0][match.queryIdx].pt for match in matches], np.float32)
    to = np.array([found[1][0][match.trainIdx].pt for match in matches], np.float32)
    _, kept = cv2.estimateAffinePartial2D(from_, to, ransacReprojThreshold=NEAR)
    return 0 if kept is None else int(kept.sum())
