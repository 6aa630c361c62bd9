"""Which other frames a hole is filled from: those that show what lies behind, near ones first."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from longtake_engine.models.removal.box import Array
from longtake_engine.models.removal.camera import carried
from longtake_engine.models.removal.shot import CELL, Shot

WANTED = 4.0  # frames that shall show each cell
NEARNESS = 12.0  # frames: one as far off counts half as much as a neighbour
MOST = 8  # frames in all


@dataclass(frozen=True, slots=True)
class Choice:
    """Frames that a hole is filled from."""

    frames: list[int]  # the most useful first
    shown: float  # share of the hole that one of them shows


def choose(shot: Shot, frame: int, moves: Mapping[int, Array], needed: float = WANTED) -> Choice:
    """The frames, of those that `moves` leads to, that together show the most of the hole of
    `frame`: each cell of it `needed` times."""
    rows, columns = np.nonzero(shot.cells(frame))
    centres = (np.stack([columns, rows], -1).astype(np.float32) + 0.5) * CELL
    others = [other for other in moves if other != frame]
    if not others or not len(centres):
        return Choice([], 0.0)
    shown = np.stack([_shown(shot.cells(other), centres, moves[other]) for other in others])
    worth = np.array([NEARNESS / (NEARNESS + abs(other - frame)) for other in others], np.float32)
    wanted = np.full(len(centres), needed, np.float32)
    chosen: list[int] = []
    while len(chosen) < min(MOST, len(others)):
        scores = (shown * np.minimum(wanted, 1)).sum(1) * worth
        best = int(np.argmax(scores))
        if scores[best] <= 0:
            break
        chosen.append(others[best])
        wanted = np.maximum(wanted - shown[best], 0)
        worth[best] = 0
    return Choice(chosen, float((wanted < needed).mean()))


def _shown(closed: Array, centres: Array, move: Array) -> Array:
    """N float32: 1 where a frame with `closed` cells shows what lies at `centres`."""
    place = np.floor(carried(centres, move) / CELL)
    height, width = closed.shape
    inside = (place >= 0).all(1) & (place[:, 0] < width) & (place[:, 1] < height)
    place = np.clip(place, 0, (width - 1, height - 1)).astype(int)
    return (inside & ~closed[place[:, 1], place[:, 0]]).astype(np.float32)
