"""Patches of a picture as short vectors, to be compared many at a time."""

from dataclasses import dataclass

import numpy as np

Array = np.ndarray

RADIUS = 3  # pixels: patches are 7 × 7
SIDE = 2 * RADIUS + 1
WORDS = 20  # numbers that a patch is told by
SAMPLES = 3000  # patches that the words are learned from
CHUNK = 1 << 15


def cut_patches(image: Array, places: Array) -> Array:
    """The patches of `image` (H W C) around `places` (N, flat indices), N × SIDE·SIDE·C.

    Beyond its border the picture is mirrored.
    """
    width, channels = image.shape[1:]
    padded = np.pad(image, ((RADIUS, RADIUS), (RADIUS, RADIUS), (0, 0)), mode="reflect")
    row, column = np.divmod(places, width)
    first = row * padded.shape[1] + column
    steps = np.arange(SIDE)[:, None] * padded.shape[1] + np.arange(SIDE)
    flat = padded.reshape(-1, channels)
    return flat[first[:, None] + steps.ravel()].reshape(len(places), -1)


@dataclass(frozen=True, slots=True)
class Basis:
    """The directions in which the patches of one picture differ most (PCA)."""

    mean: Array
    words: Array  # SIDE·SIDE·C × K

    @classmethod
    def learn(cls, image: Array, places: Array, random: np.random.Generator) -> "Basis":
        """Of the patches of `image` around some of `places`."""
        some = random.choice(places, min(SAMPLES, len(places)), replace=False)
        patches = cut_patches(image, some)
        mean = patches.mean(0)
        off = patches - mean
        _, vectors = np.linalg.eigh(off.T @ off)
        return cls(mean, np.ascontiguousarray(vectors[:, : -WORDS - 1 : -1]))

    def tell(self, image: Array, places: Array) -> Array:
        """The patches of `image` around `places`, N K float32."""
        parts = [
            (cut_patches(image, places[start : start + CHUNK]) - self.mean) @ self.words
            for start in range(0, len(places), CHUNK)
        ]
        return np.concatenate(parts).astype(np.float32)
