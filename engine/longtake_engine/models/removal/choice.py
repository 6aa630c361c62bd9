"""Which other frames a hole is filled from: those that show what lies behind, near ones first."""

from collections.abc import Mapping

import cv2
import numpy as np

from longtake_engine.models.removal.box import Array
from longtake_engine.models.removal.camera import carried
from longtake_engine.models.removal.shot import Shot

CELL = 8  # pixels: holes are compared by cells of this size
WANTED = 4.0  # frames that shall show each cell
NEARNESS = 12.0  # frames: one as far off counts half as much as a neighbour
MOST = 8  # frames in all


def choose(shot: Shot, frame: int, moves: Mapping[int, Array]) -> list[int]:
    """The frames, of those that `moves` leads to, that together show the most of the hole of
    `frame`, the most useful first."""
    rows, columns = np.nonzero(_cells(shot.view(frame).hole))
    centres = (np.stack([columns, rows], -1).astype(np.float32) + 0.5) * CELL
    others = [other for other in moves if other != frame]
    if not others or not len(centres):
        return []
    shown = np.stack([_shown(shot, other, carried(centres, moves[other])) for other in others])
    worth = np.array([NEARNESS / (NEARNESS + abs(other - frame)) for other in others], np.float32)
    wanted = np.full(len(centres), WANTED, np.float32)
    chosen: list[int] = []
    while len(chosen) < min(MOST, len(others)):
        scores = (shown * np.minimum(wanted, 1)).sum(1) * worth
        best = int(np.argmax(scores))
        if scores[best] <= 0:
            break
        chosen.append(others[best])
        wanted = np.maximum(wanted - shown[best], 0)
        worth[best] = 0
    return chosen


def _shown(shot: Shot, other: int, at: Array) -> Array:
    """N float32: 1 where `other` shows what lies at `at`."""
    closed = _cells(shot.view(other).near)
    inside = (at >= 0).all(1) & (at[:, 0] < shot.width) & (at[:, 1] < shot.height)
    place = np.clip(at / CELL, 0, (closed.shape[1] - 1, closed.shape[0] - 1)).astype(int)
    return (inside & ~closed[place[:, 1], place[:, 0]]).astype(np.float32)


def _cells(hole: Array) -> Array:
    """h w bool: the cells that are more than half covered, or any of a hole smaller than that."""
    height, width = hole.shape
    size = (-(-width // CELL), -(-height // CELL))
    share = cv2.resize(hole.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    cells = share > 0.5
    return cells if cells.any() else share > 0
