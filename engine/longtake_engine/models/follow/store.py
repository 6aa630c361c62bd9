"""Mattes that are kept for later, compressed."""

import zlib
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.flow import Array


@dataclass(frozen=True, slots=True)
class Kept:
    """One frame's small matte and what is known of it."""

    packed: bytes
    box: tuple[int, int, int, int]  # left, top, right, bottom of what was packed
    size: tuple[int, int]  # height, width of the look
    confidence: float
    present: bool

    @classmethod
    def of(cls, matte: Array, confidence: float, present: bool) -> "Kept":
        """The matte (H W 0..1), to 1/255."""
        eight = np.rint(np.clip(matte, 0, 1) * 255).astype(np.uint8)
        x, y, wide, high = cv2.boundingRect(eight)
        part = np.ascontiguousarray(eight[y : y + high, x : x + wide])
        box = (x, y, x + wide, y + high)
        size = (matte.shape[0], matte.shape[1])
        return cls(zlib.compress(part.tobytes(), 1), box, size, confidence, present)

    @property
    def matte(self) -> Array:
        """H W float32 0..1."""
        left, top, right, bottom = self.box
        whole = np.zeros(self.size, np.float32)
        if right > left and bottom > top:
            flat = np.frombuffer(zlib.decompress(self.packed), np.uint8)
            part = flat.reshape(bottom - top, right - left)
            whole[top:bottom, left:right] = part.astype(np.float32) / 255
        return whole
