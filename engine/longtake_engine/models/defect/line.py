"""Thin upright lines in one frame, and their way through some frames: what may be a scratch.

A line is one that stands out from both its sides, as in Kokaram (1998) on line scratches. Bands of
the picture vote on it by themselves, so that it is told from edges of the scene that are as strong
but short.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.flow import Array

BANDS = 8
ROWS = (48, 136)  # fewest and most rows that a picture is averaged to
SIDE = 4  # pixels from the middle of a line to what lies beside it
QUIET = 2.0  # 8-bit levels that count little
STRONG = 20.0  # 8-bit levels beyond which a line among others counts no more
AMONG = 65  # pixels over which other lines are looked at
EDGE = 8  # pixels at the picture's border, or its black bars', that tell nothing
BAR = 24.0  # 8-bit levels: a column that is darker everywhere is a bar
DRIFTS = np.linspace(-0.6, 0.6, 13)  # pixels a frame
LEANS = np.linspace(-8, 8, 9)  # pixels from the top to the bottom
CLEAR = 5.0  # times what is usual all over the picture
APART = 6  # pixels between two lines
LONE = 0.06  # of the width: what is near a line
RIVAL = 0.5  # of its strength: a line near it that makes it one of many


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line through some frames one after the other."""

    columns: Array  # T float32: where it is at half the height, in each frame
    drift: float  # pixels a frame
    lean: float  # pixels to the right from the top to the bottom
    sign: int  # 1 brighter than its sides, -1 darker
    strength: float  # 0 to 1: mean vote
    clearness: float  # how many times what is usual all over the picture it stands out
    votes: Array  # T BANDS float32: the vote of each band, from the top
    width: float  # pixels
    is_lone: bool  # no other line is near

    @property
    def bands(self) -> Array:
        """BANDS float32: the mean vote of each."""
        return self.votes.mean(axis=0)

    @property
    def middle(self) -> float:
        """Where it is half way through the frames."""
        return float(self.columns[len(self.columns) // 2])


def vote(luma: Array) -> Array:
    """How far each column of each band shows a line, BANDS W float32 from -1 (dark) to 1."""
    height, width = luma.shape
    rows = int(np.clip(height // 8, *ROWS)) // BANDS * BANDS
    rough = cv2.resize(luma, (width, rows), interpolation=cv2.INTER_AREA).astype(np.float32)
    even = cv2.blur(rough, (3, 1))
    left, right = np.roll(even, SIDE, axis=1), np.roll(even, -SIDE, axis=1)
    above = np.maximum(rough - np.maximum(left, right), 0)
    below = np.maximum(np.minimum(left, right) - rough, 0)
    ridge = above - below
    ridge[:, ~_inside(rough)] = 0
    usual = cv2.blur(np.minimum(np.abs(ridge), STRONG), (AMONG, 3))
    votes = np.clip(ridge / (QUIET + usual), -1, 1)
    return votes.reshape(BANDS, -1, width).mean(axis=1)


def _inside(rough: Array) -> Array:
    """W bool: what is neither the picture's border nor that of a black bar."""
    lit = np.flatnonzero(rough.max(axis=0) > BAR)
    inside = np.zeros(rough.shape[1], bool)
    if len(lit):
        inside[lit[0] + EDGE : max(0, lit[-1] + 1 - EDGE)] = True
    return inside


def find_lines(votes: Array) -> list[Line]:
    """The lines that go through `votes` (T BANDS W), of frames one after the other."""
    lines = []
    for sign in (1, -1):
        near = np.stack([_widened(frame, sign) for frame in votes])
        strength, drift, lean = _best_ways(near)
        middle = np.median(strength)
        spread = 1.4826 * np.median(np.abs(strength - middle)) + 0.005
        clearness = (strength - middle) / spread
        ways = _Ways(near, votes, sign, strength, clearness, drift, lean)
        lines += [ways.line(column) for column in _peaks(clearness)]
    return _without_shadows(lines)


def _without_shadows(lines: list[Line]) -> list[Line]:
    """`lines` without those next to a stronger one: beside a bright line all else is dark."""
    kept: list[Line] = []
    for line in sorted(lines, key=lambda one: -one.strength):
        if all(abs(line.middle - other.middle) > 2 * APART for other in kept):
            kept.append(line)
    return kept


def _widened(votes: Array, sign: int) -> Array:
    """What speaks for a line at each column or next to it, less what speaks against one."""
    kernel = np.ones((1, 3), np.uint8)
    return cv2.dilate(np.maximum(sign * votes, 0), kernel) - np.maximum(-sign * votes, 0)


def _best_ways(near: Array) -> tuple[Array, Array, Array]:
    """Of each column: the mean vote along the best way through it, that way's drift and lean."""
    times, bands, width = near.shape
    best = np.full(width, -1, np.float32)
    drifts, leans = np.zeros(width, np.float32), np.zeros(width, np.float32)
    for drift in DRIFTS:
        total = np.zeros((bands, width), np.float32)
        for frame, shift in zip(near, _drifted(float(drift), times), strict=True):
            total += np.roll(frame, -shift, axis=1)
        for lean in LEANS:
            shifts = _leaned(float(lean))
            along = np.mean([np.roll(b, -s) for b, s in zip(total, shifts, strict=True)], axis=0)
            better = along / times > best
            best[better] = along[better] / times
            drifts[better], leans[better] = drift, lean
    return best, drifts, leans


def _drifted(drift: float, times: int) -> Array:
    """T int: columns away from where the line is half way through the frames."""
    return np.rint(drift * (np.arange(times) - times / 2)).astype(int)


def _leaned(lean: float) -> Array:
    """BANDS int: columns away from where the line is at half the height."""
    return np.rint(lean * ((np.arange(BANDS) + 0.5) / BANDS - 0.5)).astype(int)


def _peaks(clearness: Array) -> list[int]:
    """The columns that stand out, the clearest first, none near a clearer one."""
    peaks: list[int] = []
    for column in np.argsort(-clearness):
        if clearness[column] <= CLEAR:
            break
        if all(abs(column - other) > APART for other in peaks):
            peaks.append(int(column))
    return peaks


@dataclass(frozen=True, slots=True)
class _Ways:
    near: Array
    votes: Array
    sign: int
    strength: Array
    clearness: Array
    drift: Array
    lean: Array

    def line(self, column: int) -> Line:
        drift, lean = float(self.drift[column]), float(self.lean[column])
        times, bands, width = self.near.shape
        down = _drifted(drift, times)[:, None] + _leaned(lean)
        at = np.clip(column + down, 0, width - 1)
        time, band = np.mgrid[:times, :bands]
        # Each frame by itself: film does not run quite straight.
        offsets = np.arange(-3, 4)
        beside = np.clip(at[..., None] + offsets, 0, width - 1)
        own = np.maximum(self.sign * self.votes[time[..., None], band[..., None], beside], 0)
        each = own.mean(axis=1)
        weight = each * (each >= 0.5 * each.max(axis=1, keepdims=True)) + 1e-6
        away = (weight * offsets).sum(axis=1) / weight.sum(axis=1)
        profile = own.mean(axis=(0, 1))
        return Line(
            columns=(column + _drifted(drift, times) + away).astype(np.float32),
            drift=drift,
            lean=lean,
            sign=self.sign,
            strength=float(self.strength[column]),
            clearness=float(self.clearness[column]),
            votes=self.near[time, band, at].astype(np.float32),
            width=float((profile > 0.4 * profile.max()).sum()),
            is_lone=self._is_lone(column),
        )

    def _is_lone(self, column: int) -> bool:
        reach = max(3 * APART, round(LONE * len(self.strength)))
        near = self.strength[max(0, column - reach) : column + reach + 1].copy()
        own = min(column, reach)
        near[max(0, own - 2 * APART) : own + 2 * APART + 1] = 0
        return bool(near.max(initial=0) < RIVAL * self.strength[column])
