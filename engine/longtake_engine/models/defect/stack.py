"""A few pictures spread over a shot: what in them stays put, and whether the rest moves."""

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.luma import luma8
from longtake_engine.models.flow import Array
from longtake_engine.picture import Picture

SAMPLES = 24
LEAST_SAMPLES = 6
GAP = 4  # frames between two of them at least, where the shot is long enough
MOVED = 5.0  # 8-bit levels that a place usually changes by where the scene moves


@dataclass(frozen=True, slots=True)
class Stack:
    """Lumas of one shot, in time order."""

    lumas: Array  # N H W uint8

    @classmethod
    def sampled(
        cls, pictures: Mapping[int, Picture], frames: range, width: int, cancel: CancelToken
    ) -> "Stack":
        """Spread over `frames`, no wider than `width` (0: as they are)."""
        count = int(np.clip(len(frames) // GAP, min(LEAST_SAMPLES, len(frames)), SAMPLES))
        spread = np.linspace(0, len(frames) - 1, count) if frames else np.array([])
        lumas = []
        for place in np.unique(np.rint(spread).astype(int)):
            cancel.check()
            lumas.append(luma8(pictures[frames[int(place)]], width))
        return cls(np.stack(lumas) if lumas else np.zeros((0, 1, 1), np.uint8))

    def change(self) -> Array:
        """What each place usually changes by from one picture to the next, H W float32."""
        steps = [
            cv2.blur(cv2.absdiff(one, other), (5, 5))
            for one, other in zip(self.lumas[:-1], self.lumas[1:], strict=True)
        ]
        return np.median(np.stack(steps), axis=0).astype(np.float32)

    def moves(self, share: float) -> bool:
        """Whether `share` of the picture changes from one to the next."""
        if len(self.lumas) < LEAST_SAMPLES:
            return False
        return float((self.change() > MOVED).mean()) > share
