"""A thing that was lost, looked for in the whole picture."""

from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.flow import Array
from longtake_engine.models.follow.texture import SHRUNK, Memory, odds_of

ALIKE = 2.5  # times the usual distance to its own like at which a place is no more of the thing
STRANGE = 3.0  # log-odds against what is like neither the thing nor the ground
CLEAR = 1.0  # log-odds that the places of a find have in the mean
LEAST_SHARE = 0.2  # of the thing's last size that a find covers
MOST_SHARE = 3.0
REACH, REACH_A_FRAME = 1.5, 0.25  # of the thing's size: how far from where it was lost
BLUR = 0.08  # of the thing's size: gaps that are closed


@dataclass(frozen=True, slots=True)
class Lost:
    """What is known of a thing that is not seen."""

    at: tuple[float, float]  # pixels: where it would be, had it gone on with the background
    size: float  # pixels: the square root of its area
    frames: int  # since it was lost

    def later(self, move: tuple[float, float]) -> "Lost":
        """A frame on, the camera having moved by `move` pixels there."""
        return Lost((self.at[0] + move[0], self.at[1] + move[1]), self.size, self.frames + 1)


def seek(texture: Array, memory: Memory, lost: Lost, usual: float) -> tuple[Array, float] | None:
    """Where the thing is again (h w float32, by place) and how surely (0..1); None where not.

    Args:
        texture: Of the whole picture, h w 16.
        memory: Of the thing and of its surroundings.
        lost: Where and how large it was.
        usual: Squared distance that the thing's places have to what is remembered of it.
    """
    odds = _odds(texture, memory, usual)
    size = lost.size / SHRUNK
    smooth = cv2.GaussianBlur(odds, (0, 0), max(0.7, BLUR * size))
    smooth[~_near(odds.shape, lost)] = -1
    count, parts, stats, _ = cv2.connectedComponentsWithStats((smooth > 0.3).astype(np.uint8))
    best, merit = 0, 0.0
    for part in range(1, count):
        area = stats[part, cv2.CC_STAT_AREA]
        if not LEAST_SHARE * size * size < area < MOST_SHARE * size * size:
            continue
        total = float(odds[parts == part].sum())
        if total > merit and total / area > CLEAR:
            best, merit = part, total
    if not best:
        return None
    found = parts == best
    sure = float(1 / (1 + np.exp(-odds[found].mean())))
    return found.astype(np.float32), sure


def _odds(texture: Array, memory: Memory, usual: float) -> Array:
    to_thing, to_ground = memory.distances(texture)
    odds = odds_of(to_thing, to_ground)
    strange = np.clip(to_thing / (ALIKE * max(usual, 1e-3)) - 1, 0, 1)
    return odds - STRANGE * strange


def _near(shape: tuple[int, ...], lost: Lost) -> Array:
    """The places that the thing may have come to."""
    reach = lost.size * (REACH + REACH_A_FRAME * lost.frames)
    x, y = (np.arange(n) * SHRUNK for n in shape[::-1])
    return (np.abs(x - lost.at[0])[None] <= reach) & (np.abs(y - lost.at[1])[:, None] <= reach)
