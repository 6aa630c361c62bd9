"""What a shot is about, found without being shown: what moves against the camera.

Each pair of frames is laid on each other by the camera's own move; what still moves is the
subject's. A window of the new picture's share of the old one then goes where most of that is, by
dynamic programming over the whole shot, so that it does not jump between things.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import repeat

import cv2
import numpy as np

from longtake_engine.luma import luma8
from longtake_engine.models.camera import fit_similarity
from longtake_engine.models.flow import Array, consistency, dense_flow
from longtake_engine.picture import Picture

WIDTH = 256  # pixels at which pictures are looked at
CELLS = 48  # that each direction is told in
APART_S = 0.13  # between two pictures that are compared: slow things have moved by then
NOISE = 0.5  # small pixels: less motion is none
SMOOTH_S = 0.2  # standard deviation over time
LEAST = 0.0015  # mean share of moving pixels under which nothing moves
MIDDLE = 0.1  # what lies in the middle counts for, against all that moves
TURN = 0.04  # what moving the window by a cell from frame to frame costs
FARTHEST = 4  # cells that it goes in a frame


@dataclass(frozen=True, slots=True)
class Stir:
    """How much moves against the camera in each cell of one frame, 0 to 1 each."""

    across: Array  # CELLS float32, from left to right
    down: Array  # CELLS float32, from top to bottom


def find_stir(pictures: Iterable[Picture], rate: float) -> Iterator[Stir]:
    """What moves in each of the `pictures`, neighbours of one shot in time order, `rate` a second.

    Some pictures are compared, and those between them told by the same: what is given comes late,
    but all of it comes.
    """
    apart = max(1, round(APART_S * rate))
    before: Array | None = None
    told = Stir(np.zeros(CELLS, np.float32), np.zeros(CELLS, np.float32))
    waiting = 0
    for number, picture in enumerate(pictures):
        if number % apart == 0:
            small = luma8(picture, WIDTH)
            if before is not None:
                told = _between(before, small)
                yield from repeat(told, waiting)
                waiting = 0
            before = small
        waiting += 1
    yield from repeat(told, waiting)


def find_way(profiles: Array, share: float, rate: float) -> tuple[Array, bool]:
    """Where the window over a subject lies, and whether there is one.

    Args:
        profiles: T CELLS float32: `Stir.across` or `Stir.down` of the frames of one shot.
        share: Of the old picture that the new one shows in this direction, under 1.
        rate: Frames a second.

    Returns:
        T float32: the middle of the window as a share of the picture; the picture's own middle
        where nothing moves.
    """
    count, cells = profiles.shape
    if float(profiles.mean()) < LEAST:
        return np.full(count, 0.5, np.float32), False
    smooth = cv2.GaussianBlur(profiles, (0, 0), 0.7, sigmaY=max(0.5, SMOOTH_S * rate))
    wide = max(1, round(share * cells))
    sums = np.cumsum(np.pad(smooth, ((0, 0), (1, 0))), axis=1)
    inside = sums[:, wide:] - sums[:, :-wide]
    inside = inside / (smooth.sum(1, keepdims=True) + LEAST * cells)
    places = np.arange(inside.shape[1], dtype=np.float32) + wide / 2
    off = np.abs(places / cells - 0.5) * 2
    chosen = _best_way(inside - MIDDLE * off)
    return _settled(smooth, places[chosen] / cells, share), True


def _between(first: Array, second: Array) -> Stir:
    field = dense_flow(first, second, fine=False)
    sure = consistency(field, dense_flow(second, first, fine=False))
    height, width = first.shape
    camera = fit_similarity(field, sure, 1.0).displacement(height, width, 1.0)
    own = np.linalg.norm(field - camera, axis=-1)
    moving = np.clip((own - NOISE) / (4 * NOISE), 0, 1) * np.clip(2 * sure, 0.3, 1)
    across = cv2.resize(moving.mean(0)[None], (CELLS, 1), interpolation=cv2.INTER_AREA)[0]
    down = cv2.resize(moving.mean(1)[None], (CELLS, 1), interpolation=cv2.INTER_AREA)[0]
    return Stir(across.astype(np.float32), down.astype(np.float32))


def _best_way(worth: Array) -> Array:
    """T int: the place of each frame, of T N float32, by Viterbi's algorithm."""
    count, places = worth.shape
    steps = range(-FARTHEST, FARTHEST + 1)
    came = np.zeros((count, places), np.int8)
    total = worth[0].astype(np.float64)
    for frame in range(1, count):
        padded = np.pad(total, FARTHEST, constant_values=-np.inf)
        ways = np.stack(
            [
                padded[FARTHEST + step : FARTHEST + step + places] - TURN * abs(step)
                for step in steps
            ]
        )
        best = ways.argmax(0)
        came[frame] = best - FARTHEST
        total = ways.max(0) + worth[frame]
    chosen = np.zeros(count, int)
    chosen[-1] = int(total.argmax())
    for frame in range(count - 1, 0, -1):
        chosen[frame - 1] = chosen[frame] + came[frame, chosen[frame]]
    return chosen


def _settled(profiles: Array, middles: Array, share: float) -> Array:
    """`middles` moved to the centre of what moves in the window round them."""
    cells = profiles.shape[1]
    at = (np.arange(cells, dtype=np.float32) + 0.5) / cells
    window = np.exp(-(((at[None] - middles[:, None]) / (0.5 * share)) ** 4))
    weight = profiles * window + 1e-4 * window
    return ((weight * at).sum(1) / weight.sum(1)).astype(np.float32)
