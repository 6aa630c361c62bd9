"""How far the scene goes by at each place of the picture: what lies on the sensor or on the film
does not go with it."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from longtake_engine.models.camera import Similarity, fit_similarity
from longtake_engine.models.flow import Array, dense_flow, pixel_grid, sample

WIDTH = 320  # pixels at which motion is measured
AROUND = 0.02  # of the width: over which it is averaged
NOISE = 0.3  # 8-bit levels: a change that tells nothing
RESTS = 0.05  # pixels, at WIDTH: the camera stands
FAR_ENOUGH = 1.0  # pixels, at WIDTH: a shorter step is told together with the next ones
LONGEST = 6  # frames of one step
VISIBLE = 1  # 8-bit levels by which a move of the camera must change a place to be judged there
LEAST_VISIBLE = 0.01  # of the picture
EXPLAINED = 0.6  # share of these places that the move makes more alike
ALONG = 0.5  # of the camera's way that a place must have gone as well


@dataclass(frozen=True, slots=True)
class Step:
    """From one frame to a later one, in pixels of the fields, which are WIDTH wide."""

    seen: Array  # H W 2: what goes by at each place
    camera: Array  # H W 2: what would go by if all of the scene stood still
    is_drive: bool  # the camera goes into the picture, or zooms, more than it pans

    @property
    def sure(self) -> Array:
        """H W 2: what goes by with all of the scene, as the camera pans; 0 elsewhere.

        What is followed by the camera, what moves by itself and what is driven towards do not
        count: behind them the same may come again, or stay.
        """
        length = (self.camera * self.camera).sum(axis=2)
        along = (self.seen * self.camera).sum(axis=2)
        goes = (along > ALONG * length) & (length > RESTS**2)
        if self.is_drive:
            goes[:] = False
        return self.seen * goes[..., None]


@dataclass(slots=True)
class Passing:
    """Measures each step of a shot, frame by frame."""

    _last: Array | None = None
    _age: int = 0  # frames since then

    def see(self, luma: Array) -> Step | None:
        """The step to `luma` (H W uint8, always of one size), from where the last step ended; None
        where it is too small yet to be told, and on the first frame."""
        height, width = luma.shape
        size = (min(WIDTH, width), max(1, round(height * min(WIDTH, width) / width)))
        small = cv2.resize(luma, size, interpolation=cv2.INTER_AREA)
        if self._last is None:
            self._last = small
            return None
        self._age += 1
        step = _step(self._last, small)
        if self._age < LONGEST and float(np.abs(step.camera).max()) < FAR_ENOUGH:
            return None
        self._last, self._age = small, 0
        return step


@dataclass(slots=True)
class Way:
    """How far the scene has gone by at each place since a shot began: `Step.sure` added up."""

    now: Array | None = None  # H W 2, in pixels of a picture WIDTH wide; None before the first step
    _passing: Passing = field(default_factory=Passing)
    _low: Array | None = None  # the least and the most of it so far
    _high: Array | None = None

    def see(self, luma: Array) -> None:
        """The next frame, H W uint8."""
        step = self._passing.see(luma)
        if step is None:
            return
        if self.now is None or self._low is None or self._high is None:
            self.now = step.sure
            self._low, self._high = np.minimum(self.now, 0), np.maximum(self.now, 0)
        else:
            self.now = self.now + step.sure
            self._low = np.minimum(self._low, self.now)
            self._high = np.maximum(self._high, self.now)

    def travel(self, shape: tuple[int, ...]) -> Array:
        """Between which bounds it went, across and down together, for a picture of `shape` (height,
        width) and in its pixels, H W. A scene that goes to and fro does not get far."""
        if self._low is None or self._high is None:
            return np.zeros(shape, np.float32)
        return scaled(self._high - self._low, shape).sum(axis=2)


def scaled(way: Array | None, shape: tuple[int, ...]) -> Array:
    """`way` (H W 2) for a picture of `shape` and in its pixels; zeros for None."""
    if way is None:
        return np.zeros((*shape, 2), np.float32)
    scale = np.float32(shape[1] / way.shape[1])
    return cv2.resize(way, shape[::-1], interpolation=cv2.INTER_LINEAR) * scale


def _step(last: Array, here: Array) -> Step:
    field = dense_flow(last, here, fine=False)
    height, width = here.shape
    # What has no structure of its own seems to stand: where most of the picture does, or seems
    # to, nothing can be told.
    move = fit_similarity(field, np.ones(here.shape, np.float32), 1.0)
    camera = move.displacement(height, width, 1.0)
    if not _explains(camera, last, here):
        move, camera = Similarity(), np.zeros_like(camera)
    # What changes tells the motion: a spot on the sensor does not change, and must not hold it.
    change = cv2.absdiff(last, here).astype(np.float32)
    weight = change * change + NOISE**2
    side = 2 * max(1, round(AROUND * width)) + 1
    total = soften(weight, side)
    seen = np.dstack([soften(weight * field[..., axis], side) / total for axis in (0, 1)])
    return Step(seen, camera, abs(move.a - 1) * width / 2 > abs(move.b))


def _explains(camera: Array, last: Array, here: Array) -> bool:
    """Whether the two pictures are more alike where the camera moves by `camera` than where it
    stands. Dense motion spreads from a car over all of an empty road."""
    moved = sample(here, pixel_grid(*here.shape) + camera)
    visible = cv2.absdiff(here, moved) > VISIBLE
    if visible.mean() < LEAST_VISIBLE:
        return False
    better = cv2.absdiff(last, moved) < cv2.absdiff(last, here)
    return float(better[visible].mean()) > EXPLAINED


def soften(image: Array, side: int) -> Array:
    """`image` averaged over about `side` pixels, softly."""
    return cv2.blur(cv2.blur(image, (side, side)), (side, side))
