"""The camera's way through a clip and how it goes on: its drift eased to rest, its shake in kind.

A velocity is four numbers a frame: logarithm of size, turn (radians), pixels across, pixels down.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.luma import luma8
from longtake_engine.models.camera import Similarity, measure_camera, part_of
from longtake_engine.models.flow import Array
from longtake_engine.models.reel import Reel
from longtake_engine.picture import Picture

WIDTH = 480  # pictures are compared at this width
DRIFT_S = 0.35  # spread of the mean that tells drift from shake
LEVELS = 2.0  # 8-bit levels of detail that tell where a picture went
STANDS = 0.1  # a camera that explains no more cells than this than it confuses stands still
LAG = 6  # pictures across which it is told whether the camera moves
STEADY = 0.04  # pixels at WIDTH: a shake under this is what measuring adds
POINTS = 400  # that are followed for an exact measurement
LEAST_POINTS = 12
LEAST_SIDE = 32  # pixels of a picture in which points can be followed
AGREED = 0.4  # share of the points that agree on a move without a dense field
NEAR = 0.35  # pixels that the points of one move are off it at most
FARTHEST = 0.03  # of the width: a correction beyond this is a wrong measurement
WILD = 4.0  # times its usual size: a shake beyond this is a wrong measurement
EASE_S = (1.6, 6.0)  # until an uneven drift and an even one come to rest
FORGETTING_S = 0.8  # in which the shake gives back what it carried the camera off


@dataclass(frozen=True, slots=True)
class Travel:
    """How the camera went from picture to picture of a clip, the one beside the join last."""

    moves: tuple[Similarity, ...]  # from each picture to the next, full-size pixels
    velocities: Array  # T 4 float64, the same for a single frame
    width: int  # of the full-size picture
    rate: float  # frames a second

    @property
    def stands(self) -> bool:
        """Whether the camera stands still."""
        return not self.velocities.any()

    @property
    def drift(self) -> Array:
        """T 4: the smooth part of the velocities."""
        return _smooth(self.velocities, DRIFT_S * self.rate)

    @property
    def shake(self) -> Array:
        """T 4: what is left of the velocities; zeros where it is too small to be real."""
        shake = self.velocities - self.drift
        usual = np.median(np.abs(shake), axis=0) * 1.4826
        if not len(shake) or self._length(usual) < self._least:
            return np.zeros_like(shake)
        return np.clip(shake, -WILD * usual, WILD * usual)

    @property
    def ease_s(self) -> float:
        """Seconds until the drift comes to rest: the more even it was, the longer."""
        drift = self.drift
        if not len(drift):
            return EASE_S[0]
        before = drift[-1 - min(round(self.rate), len(drift) // 2)]
        off = self._length(drift[-1] - before) / max(self._length(drift[-1]), 1e-6)
        return EASE_S[0] + (EASE_S[1] - EASE_S[0]) * float(np.clip(1 - off / 0.5, 0, 1))

    @property
    def rests(self) -> bool:
        """Whether the camera, if it moves at all, goes so slowly that standing is no stop."""
        if self.stands:
            return True
        return not self.shake.any() and self._length(self.drift[-1]) < self._least

    @property
    def _least(self) -> float:
        return STEADY * self.width / WIDTH

    def to_last(self) -> list[Similarity]:
        """From each picture to the last one."""
        chain = [Similarity()]
        for move in reversed(self.moves):
            chain.append(move.then(chain[-1]))
        return chain[::-1]

    def onward(self, steps: int, ease_s: float, seed: int = 0) -> list[Similarity]:
        """From the last picture to each step from 0 on, `steps` + 1 of them.

        The first step goes as fast as the last known one did. The drift slows by a squared cosine,
        the shake is the clip's own, from its end backwards and then to and fro.
        """
        if self.rests:
            return [Similarity()] * (steps + 1)
        drift, shake = self.drift[-1], self.shake
        off = np.zeros(4)
        keeps = float(np.exp(-1 / (FORGETTING_S * self.rate)))
        cameras = [Similarity()]
        for step, place in enumerate(_wander(len(shake), steps, self.rate, seed)):
            now = np.pi / 2 * min(1.0, step / (ease_s * self.rate))
            before, off = off, off * keeps + shake[place]
            cameras.append(cameras[-1].then(_move(drift * np.cos(now) ** 2 + off - before)))
        return cameras

    def _length(self, velocity: Array) -> float:
        """Pixels that a velocity moves the sides of the picture."""
        size, turn, across, down = velocity
        return float(np.hypot(across, down) + np.hypot(size, turn) * self.width / 2)


def measure_travel(reel: Reel, gaps: Sequence[int], rate: float, cancel: CancelToken) -> Travel:
    """The camera's way through the pictures of `reel`.

    Args:
        reel: The pictures.
        gaps: Frames from each picture to the next: 1 where none is left out.
        rate: Frames a second.
        cancel: Asked between pictures.
    """
    width = reel.format.width
    moves: list[Similarity] = []
    votes: list[float] = []
    lumas: deque[Array] = deque(maxlen=LAG + 1)
    for number in range(len(reel)):
        cancel.check()
        lumas.append(luma8(Picture((reel.plane(number, 0),), reel.format), WIDTH))
        if len(lumas) > 1:
            before, now = lumas[-2], lumas[-1]
            moves.append(_measure(before, now, width))
            votes.append(_vote(lumas[0], now, _chain(moves[-len(lumas) + 1 :]), width))
    still = _stands(votes, round(rate / 2))
    moves = [Similarity() if at_rest else move for at_rest, move in zip(still, moves, strict=True)]
    each = [part_of(move, 1 / gap) for move, gap in zip(moves, gaps, strict=True)]
    velocities = np.array([_velocity(move) for move in each]).reshape(-1, 4)
    return Travel(tuple(moves), velocities, width, rate)


def _measure(first: Array, second: Array, full_width: int) -> Similarity:
    """The camera's move from `first` to `second`, by points where many agree, else by a dense field
    and points."""
    followed = _follow(first, second, Similarity(), full_width, coarse=True)
    if followed and followed[1] > AGREED:
        return followed[0]
    return refine(first, second, measure_camera(first, second, full_width), full_width)


def _chain(moves: Sequence[Similarity]) -> Similarity:
    whole = Similarity()
    for move in moves:
        whole = whole.then(move)
    return whole


def _stands(votes: Sequence[float], reach: int) -> list[bool]:
    """Whether the camera stood at each step, by the votes on up to `reach` steps to either side."""
    around = [votes[max(0, n - reach) : n + reach + 1] for n in range(len(votes))]
    return [float(np.median(some)) < STANDS for some in around]


def refine(first: Array, second: Array, move: Similarity, full_width: int) -> Similarity:
    """`move` with what it leaves of the way from `first` to `second` added; both H W uint8, small.

    Points are followed, which is several times as exact as a dense field.
    """
    followed = _follow(first, second, move, full_width)
    if followed is None:
        return move
    exact = followed[0]
    far = abs(exact.b - move.b) > FARTHEST * full_width or abs(exact.a - move.a) > FARTHEST
    return move if far else exact


def _follow(
    first: Array, second: Array, move: Similarity, full_width: int, *, coarse: bool = False
) -> tuple[Similarity, float] | None:
    """The move from `first` to `second` that most points make, and their share; None where there
    are too few.

    Lucas and Kanade's method, from `move` on; `coarse`: over a pyramid, where `move` may be far
    off.
    """
    height, width = second.shape
    if min(height, width) < LEAST_SIDE:
        return None
    scale = width / full_width
    laid, inside = _laid(first, move, scale)
    points = cv2.goodFeaturesToTrack(second, POINTS, 0.01, 6, mask=inside)
    if points is None or len(points) < LEAST_POINTS:
        return None
    levels = 3 if coarse else 1
    found, told, _ = cv2.calcOpticalFlowPyrLK(second, laid, points, points.copy(), maxLevel=levels)
    kept = told.ravel() == 1
    if kept.sum() < LEAST_POINTS:
        return None
    centre = np.array([(width - 1) / 2, (height - 1) / 2], np.float32)
    start, end = (p.reshape(-1, 2)[kept] - centre for p in (found, points))
    cv2.setRNGSeed(0)
    matrix, inliers = cv2.estimateAffinePartial2D(start, end, ransacReprojThreshold=NEAR)
    if matrix is None or inliers.sum() < LEAST_POINTS:
        return None
    rest = Similarity(complex(matrix[0, 0], matrix[1, 0]), complex(*matrix[:, 2]) / scale)
    return move.then(rest), float(inliers.sum()) / len(points)


def _laid(first: Array, move: Similarity, scale: float) -> tuple[Array, Array]:
    """`first` moved (its pixels are `scale` times as many), and 255 where it lies."""
    height, width = first.shape
    matrix = Similarity(move.a, move.b * scale).matrix(height, width)
    size = (width, height)
    laid = cv2.warpAffine(first, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    inside = cv2.warpAffine(np.full(first.shape, 255, np.uint8), matrix, size)
    return laid, cv2.erode(inside, np.ones((9, 9), np.uint8))


def _velocity(move: Similarity) -> tuple[float, float, float, float]:
    size, turn = np.log(abs(move.a)), np.angle(move.a)
    return float(size), float(turn), move.b.real, move.b.imag


def _move(velocity: Array) -> Similarity:
    size, turn, across, down = (float(number) for number in velocity)
    return Similarity(complex(np.exp(complex(size, turn))), complex(across, down))


def _vote(first: Array, second: Array, move: Similarity, full_width: int) -> float:
    """Of the cells with detail, the share that `move` explains better than standing still, less
    the share that it explains worse.

    A camera moves all that is in the picture; clouds, waves and cars move a part of it.
    """
    height, width = second.shape
    laid, _ = _laid(first, move, width / full_width)
    detail = cv2.blur(cv2.Laplacian(second, cv2.CV_32F) ** 2, (9, 9)) > LEVELS**2
    cells = (max(1, width // 24), max(1, height // 24))

    def mean(image: Array) -> Array:
        return cv2.resize(image * detail, cells, interpolation=cv2.INTER_AREA)

    known = mean(np.ones(second.shape, np.float32))
    stayed = mean(cv2.absdiff(first, second).astype(np.float32))
    moved = mean(cv2.absdiff(laid, second).astype(np.float32))
    better, worse = moved < 0.9 * stayed - 0.05 * known, stayed < 0.9 * moved - 0.05 * known
    told = known > 0.1
    return float(better[told].mean() - worse[told].mean()) if told.any() else 0.0


def _smooth(values: Array, spread: float) -> Array:
    """Rows of `values` averaged over neighbours, by a Gaussian that is cut off at both ends."""
    reach = max(1, round(3 * spread))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / max(spread, 1e-3)) ** 2)
    count = len(values)
    if not count:
        return values
    whole = np.convolve(np.ones(count), kernel)[reach : reach + count, None]
    sums = [np.convolve(column, kernel)[reach : reach + count] for column in values.T]
    return np.stack(sums, 1) / whole


def _wander(count: int, steps: int, rate: float, seed: int) -> list[int]:
    """Which of `count` velocities each step shows: from the last one backwards, then to and fro
    between changing places, each turn showing one twice so that no speed jumps."""
    random = np.random.default_rng([seed, 1])
    places: list[int] = []
    at, way = count - 1, -1
    least = min(round(rate), max(1, count // 2))
    turn = 0
    while len(places) < steps:
        places.append(at)
        if at == turn:
            way = -way
            low, high = (at + least, count - 1) if way > 0 else (0, at - least)
            turn = int(random.integers(min(low, high), max(low, high) + 1))
            turn = min(max(turn, 0), count - 1)
        else:
            at += way
    return places
