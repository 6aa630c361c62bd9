"""What the pictures of a clip saw around the last one, and how far a camera looks beyond it."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.camera import Similarity
from longtake_engine.models.flow import Array
from longtake_engine.picture import PictureFormat

SPARSE = 3  # of so many views one is looked at
ACROSS = 96  # cells that the picture is wide; everything is told in cells
AROUND = 0.5  # pictures' widths and heights that are looked at on every side


@dataclass(frozen=True, slots=True)
class Reach:
    """Which cells around the last picture each known picture saw."""

    saw: Array  # T h w bool
    format: PictureFormat

    @classmethod
    def of(cls, to_last: Sequence[Similarity], format: PictureFormat) -> "Reach":
        """From where each picture lies; `to_last[-1]` is the identity."""
        return cls(np.stack([_covered(move, format) for move in to_last]), format)

    def beyond(self, cameras: Sequence[Similarity]) -> float:
        """How far the farthest of the views lies beyond what was seen, as a share of the width.

        Args:
            cameras: From the last picture to each view.
        """
        unseen = np.where(self.saw.any(0), np.uint8(0), np.uint8(1))
        far = cv2.distanceTransform(unseen, cv2.DIST_L2, 5)
        views = self._shown(cameras)
        return float(far[views].max()) / ACROSS

    def choose(self, cameras: Sequence[Similarity]) -> list[int]:
        """The pictures that together saw most of what the views show, few of them, in the order
        in which they lie on each other: the last picture first."""
        needed = self._shown(cameras) & ~self.saw[-1]
        count = len(self.saw)
        recent = 0.99 ** np.arange(count)[::-1]
        chosen = [count - 1]
        while needed.any():
            gains = (self.saw & needed).sum((1, 2)) * recent
            best = int(gains.argmax())
            if gains[best] < 1:
                break
            chosen.append(best)
            needed &= ~self.saw[best]
        return chosen

    def _shown(self, cameras: Sequence[Similarity]) -> Array:
        """h w bool: what the views show."""
        shown = np.zeros(self.saw.shape[1:], bool)
        for camera in {*cameras[::SPARSE], cameras[-1]}:
            shown |= _covered(camera.inverse, self.format)
        return shown


def _covered(move: Similarity, format: PictureFormat) -> Array:
    """h w bool: the cells that lie inside a picture moved by `move`."""
    cell = format.width / ACROSS
    down = max(1, round(format.height / cell))
    height, width = round(down * (1 + 2 * AROUND)), round(ACROSS * (1 + 2 * AROUND))
    x = (np.arange(width) + 0.5 - width / 2) * cell
    y = (np.arange(height) + 0.5 - height / 2) * cell
    back = move.inverse
    at = back.a * (x + 1j * y[:, None]) + back.b
    return (np.abs(at.real) <= format.width / 2) & (np.abs(at.imag) <= format.height / 2)
