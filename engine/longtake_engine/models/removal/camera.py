"""How the camera moved from any frame of a shot to any other, as a homography."""

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np

from longtake_engine.models.flow import dense_flow
from longtake_engine.models.removal.box import Array
from longtake_engine.models.removal.shot import Shot, View, dilated

POINTS = 500  # that are followed
LEAST_POINTS = 24
MANY_POINTS = 60  # from which on a homography can be told from a similarity
RING = 12  # pixels around a hole that do not vote
NEAR = 1.0  # pixels that a point of the background is off the camera's move at most
STILL = 0.12  # pixels: a smaller move of most points is noise of the measurement
WILDEST = 0.35  # of the width: a corner that goes further from frame to frame is a mistake


class Camera:
    """The moves between neighbouring frames of a shot, each measured once."""

    def __init__(self, shot: Shot, pool: ThreadPoolExecutor | None = None) -> None:
        """With a `pool`, many moves are measured beside each other."""
        self._shot = shot
        self._pool = pool
        self._steps: dict[int, Array] = {}

    def step(self, frame: int) -> Array:
        """3 × 3 float64: where a pixel of `frame` is seen in the next one."""
        if frame not in self._steps:
            first, second = self._shot.view(frame), self._shot.view(frame + 1)
            self._steps[frame] = measure_move(first, second)
        return self._steps[frame]

    def moves(self, frame: int, others: range) -> dict[int, Array]:
        """From `frame` to each of `others`, which it lies among: 3 × 3 float64."""
        self._measure(range(others.start, others.stop - 1))
        found = {frame: np.eye(3)}
        for other in range(frame + 1, others.stop):
            found[other] = _scaled(self.step(other - 1) @ found[other - 1])
        for other in range(frame - 1, others.start - 1, -1):
            found[other] = _scaled(np.linalg.inv(self.step(other)) @ found[other + 1])
        return found

    def _measure(self, frames: range) -> None:
        """Those steps of `frames` that are missing, while the frames after them are read."""
        if self._pool is None:
            return
        view = self._shot.view
        asked = {
            frame: self._pool.submit(measure_move, view(frame), view(frame + 1))
            for frame in frames
            if frame not in self._steps
        }
        self._steps.update((frame, move.result()) for frame, move in asked.items())


def measure_move(first: View, second: View) -> Array:
    """The camera's move between two neighbouring frames, 3 × 3 float64; the identity where it
    stands or nothing tells.

    Points outside the holes are followed (Lucas and Kanade's method), and the move that most of
    them make found by RANSAC.
    """
    pairs = _followed(first, second)
    if len(pairs[0]) < LEAST_POINTS:
        pairs = _dense(first, second)
    start, end = pairs
    if len(start) < LEAST_POINTS:
        return np.eye(3)
    cv2.setRNGSeed(0)
    if len(start) < MANY_POINTS:
        part, told = cv2.estimateAffinePartial2D(start, end, ransacReprojThreshold=NEAR)
        move = None if part is None else np.vstack([part, [0, 0, 1]])
    else:
        move, told = cv2.findHomography(start, end, cv2.RANSAC, NEAR, maxIters=800)
    if move is None or not _sane(move, first.luma.shape):
        return np.eye(3)
    kept = told.ravel() > 0
    stays = np.abs(end[kept] - start[kept]).max(1)
    if kept.any() and np.median(stays) < STILL:
        return np.eye(3)
    return _scaled(move)


def carried(points: Array, move: Array) -> Array:
    """Where `move` (3 × 3) takes `points` (… 2); float32."""
    x, y = points[..., 0], points[..., 1]
    m = move.astype(np.float32)
    depth = m[2, 0] * x + m[2, 1] * y + m[2, 2]
    across = (m[0, 0] * x + m[0, 1] * y + m[0, 2]) / depth
    down = (m[1, 0] * x + m[1, 1] * y + m[1, 2]) / depth
    return np.stack([across, down], -1).astype(np.float32)


def _followed(first: View, second: View) -> tuple[Array, Array]:
    """N 2 float32 twice: points of `first` and where they are in `second`, both ways alike."""
    outside = np.where(dilated(first.hole, RING), np.uint8(0), np.uint8(255))
    points = cv2.goodFeaturesToTrack(first.luma, POINTS, 0.005, 8, mask=outside)
    none = np.zeros((0, 2), np.float32)
    if points is None or min(first.luma.shape) < 32:
        return none, none
    window = {"winSize": (15, 15), "maxLevel": 4}
    found, told, _ = cv2.calcOpticalFlowPyrLK(
        first.luma, second.luma, points, points.copy(), **window
    )
    back, again, _ = cv2.calcOpticalFlowPyrLK(
        second.luma, first.luma, found, found.copy(), **window
    )
    start, end, returned = (p.reshape(-1, 2) for p in (points, found, back))
    kept = (told.ravel() == 1) & (again.ravel() == 1)
    kept &= np.abs(returned - start).max(1) < 0.7
    height, width = first.luma.shape
    kept &= (end >= 0).all(1) & (end[:, 0] < width) & (end[:, 1] < height)
    there = np.clip(np.rint(end), 0, (width - 1, height - 1)).astype(int)
    kept &= ~dilated(second.hole, RING)[there[:, 1], there[:, 0]]
    return start[kept], end[kept]


def _dense(first: View, second: View) -> tuple[Array, Array]:
    """The same by a dense field, where there are no corners to follow."""
    field = dense_flow(first.luma, second.luma, fine=False)
    height, width = first.luma.shape
    rows, columns = np.mgrid[2:height:8, 2:width:8]
    kept = ~(dilated(first.hole | second.hole, RING)[rows, columns])
    start = np.stack([columns, rows], -1)[kept].astype(np.float32)
    return start, start + field[rows, columns][kept]


def _sane(move: Array, size: tuple[int, ...]) -> bool:
    height, width = size
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]], np.float32)
    depth = corners @ move[2, :2] + move[2, 2]
    if (depth * move[2, 2] <= 0).any():
        return False
    return bool(np.abs(carried(corners, move) - corners).max() < WILDEST * width)


def _scaled(move: Array) -> Array:
    return move / move[2, 2]
