"""How far made frames live as the clip does, whatever they show."""

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np

from longtake_engine.luma import luma8
from longtake_engine.models.camera import measure_camera
from longtake_engine.picture import Picture

BEST = 0.7  # what is kept alive is not what came
STILL = 0.1  # 8-bit levels of change under which there is no life to keep
NEW = 30.0  # 8-bit levels of novelty at which nothing seen before can stand for what came
STANDS = 0.02  # of the width (or of the size) that a standing camera may wander in half a second


def measure_promise(hidden: Sequence[Picture], shown: Sequence[Picture]) -> float:
    """0 to 1, how far what was seen before can stand for what came.

    0 where the camera moves, somebody does what was not done before, or there is hardly anything to
    keep alive.

    Args:
        hidden: The clip's own frames where new ones are to stand, small; two or more.
        shown: The frames before them, the nearest last; two or more.
    """
    if _steps([shown[-1], *hidden]).mean() < STILL or not camera_stands(shown):
        return 0.0
    return float(np.clip((NEW - _novelty(hidden, shown)) / 10, 0, 1))


def measure_aliveness(
    made: Sequence[Picture], hidden: Sequence[Picture], shown: Sequence[Picture]
) -> float:
    """0 to BEST: made frames move as much as the hidden ones, in the same places, without a jump.

    Args:
        made: Frames that a backend made, small.
        hidden: The clip's own frames in their place.
        shown: The frames before them, the nearest last.
    """
    real, ours = _steps([shown[-1], *hidden]), _steps([shown[-1], *made])
    strength = max(float(ours.mean() / max(real.mean(), STILL)), 1e-3)
    life = np.clip((min(strength, 1 / strength) - 0.3) / 0.4, 0, 1)
    largest = float(ours.mean(axis=(1, 2)).max() / max(real.mean(axis=(1, 2)).max(), STILL))
    smooth = np.clip(2.5 - largest, 0, 1)
    return float(BEST * life * _same_places(ours, real) * smooth)


def _novelty(hidden: Sequence[Picture], shown: Sequence[Picture]) -> float:
    """How unlike anything shown the hidden frames are where they are most so, 8-bit levels.

    Of each cell of a hidden frame the least difference to the same cell of any shown frame; the
    worst hundredth of them. Ripples come again nearly as they were, gestures do not.
    """
    known = np.stack([luma8(picture) for picture in shown]).astype(np.float32)
    least = [
        _cells(np.abs(known - luma8(picture).astype(np.float32))).min(axis=0) for picture in hidden
    ]
    return float(np.quantile(least, 0.99))


def _cells(images: np.ndarray) -> np.ndarray:
    """Means of T H W over cells of about a 32nd of the width, what is left over cut off."""
    count, height, width = images.shape
    cell = max(1, width // 32)
    rows, columns = height // cell, width // cell
    cut = images[:, : rows * cell, : columns * cell]
    return cut.reshape(count, rows, cell, columns, cell).mean(axis=(2, 4))


def _same_places(ours: np.ndarray, real: np.ndarray) -> float:
    """0 to 1, how well two runs of change agree on where it is."""
    maps = [np.sqrt(steps.mean(axis=0)).ravel() for steps in (ours, real)]
    if min(m.std() for m in maps) < 1e-6:
        return 0.0
    return float(np.clip(np.corrcoef(*maps)[0, 1] / 0.8, 0, 1))


def camera_stands(shown: Sequence[Picture]) -> bool:
    """Whether the camera hardly went anywhere in the last half second of `shown`, two or more."""
    first, last = (luma8(picture) for picture in (shown[-min(13, len(shown))], shown[-1]))
    move = measure_camera(first, last, last.shape[1])
    return abs(move.b) < STANDS * last.shape[1] and abs(move.a - 1) < STANDS


def _steps(pictures: Sequence[Picture]) -> np.ndarray:
    """Change from picture to picture in cells of about a 32nd of the width, T H W."""
    steps = [cv2.absdiff(luma8(before), luma8(after)) for before, after in pairwise(pictures)]
    return _cells(np.stack(steps).astype(np.float32))
