"""The way of a picture that follows its subject: it rests, sets out softly, and keeps its pace.

The subject may move in the middle of the picture without the picture moving. The picture's way is
the shortest within that freedom, so that it stands as long as it can and then goes evenly (as the
camera paths of Grundmann et al. 2011, *Auto-Directed Video Stabilization with Robust L1 Optimal
Camera Paths*); its corners are rounded.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.tasks.outpaint.layout import Axis

DEAD = 0.09  # of the picture's size: so far from the middle the subject may be unfollowed
OWN_DEAD = 0.2  # the same where the subject was found by itself: what moves of it changes
FASTEST = 1.5  # of the picture's size in a second
EASE_S = 0.3  # standard deviation of what rounds the corners: it sets out in about three times that
MEDIAN = 5  # frames


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where the subject is in one direction, as shares of the old picture's size."""

    centre: float
    weight: float = 1.0  # 0: it was not seen


def plan_course(
    axis: Axis, sightings: Sequence[Sighting], rate: float, dead: float = DEAD
) -> list[float]:
    """Where the old picture begins in the new one, frame by frame of one shot, in its pixels.

    While the picture rests, and at both ends of a move, whole chroma samples lie on whole ones.

    Args:
        axis: Across or down; the old picture is cut off there.
        sightings: Of the subject, frame by frame.
        rate: Frames a second.
        dead: Of the new picture's size: so far from its middle the subject is not moved after.
    """
    lowest, highest = float(axis.size - axis.scaled), 0.0
    low, high = _freedom(axis, sightings, dead * axis.size)
    way = _limited(_shortest(low, high), FASTEST * axis.size / rate)
    smooth = _rounded(way, EASE_S * rate)
    return [float(value) for value in np.clip(np.round(smooth, 6), lowest, highest)]


def whole(course: Sequence[float], axis: Axis) -> list[float]:
    """`course` in whole chroma samples, so that every pixel is the clip's own."""
    return [float(round(at / axis.step) * axis.step) for at in course]


def _freedom(
    axis: Axis, sightings: Sequence[Sighting], dead: float
) -> tuple[np.ndarray, np.ndarray]:
    """The least and the most that each place may be: T float64, multiples of the step."""
    lowest, highest = float(axis.size - axis.scaled), 0.0
    centres = np.array([one.centre for one in sightings], np.float32)
    seen = np.array([one.weight > 0 for one in sightings])
    centres[seen] = _median(centres[seen])
    aims = axis.size / 2 - centres.astype(np.float64) * axis.scaled
    low = np.where(seen, aims - dead, lowest)
    high = np.where(seen, aims + dead, highest)
    first = np.ceil(lowest / axis.step) * axis.step  # the lowest that is whole
    low = np.clip(np.ceil(low / axis.step) * axis.step, first, highest)
    high = np.clip(np.floor(high / axis.step) * axis.step, first, highest)
    return np.minimum(low, high), np.maximum(low, high)


def _median(values: np.ndarray) -> np.ndarray:
    """Without what is off for a frame or two."""
    if len(values) < MEDIAN:
        return values
    padded = np.pad(values, MEDIAN // 2, mode="edge")
    runs = np.lib.stride_tricks.sliding_window_view(padded, MEDIAN)
    return np.median(runs, axis=1).astype(values.dtype)


def _shortest(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """The shortest way that stays between `low` and `high` (T each), its ends free: a taut
    string."""
    count = len(low)
    at, value = _beginning(low, high)
    way = np.full(count, value)
    while at < count - 1:
        steps = np.arange(1, count - at)
        rises = np.maximum.accumulate((low[at + 1 :] - value) / steps)  # no slope may be under
        falls = np.minimum.accumulate((high[at + 1 :] - value) / steps)  # nor over
        blocked = np.flatnonzero(rises > falls)
        stop = int(blocked[0]) if len(blocked) else len(steps) - 1
        if len(blocked):
            over = (low[at + 1 + stop] - value) / steps[stop] > falls[max(stop - 1, 0)]
            slope = falls[max(stop - 1, 0)] if over else rises[max(stop - 1, 0)]
            limits = high if over else low
        elif rises[stop] <= 0 <= falls[stop]:
            way[at:] = value
            break
        else:
            over = falls[stop] < 0
            slope, limits = (falls[stop], high) if over else (rises[stop], low)
        # The string bends at the last place that holds it to this slope.
        held = np.isclose((limits[at + 1 : at + 1 + stop + 1] - value) / steps[: stop + 1], slope)
        bend = int(np.flatnonzero(held)[-1]) + 1
        way[at : at + bend + 1] = value + slope * np.arange(bend + 1)
        at, value = at + bend, float(limits[at + bend])
        way[at:] = value
    return way


def _beginning(low: np.ndarray, high: np.ndarray) -> tuple[int, float]:
    """The frame up to which the string lies still, and where."""
    least, most = np.maximum.accumulate(low), np.minimum.accumulate(high)
    apart = np.flatnonzero(least > most)
    if not len(apart):
        middle = (least[-1] + most[-1]) / 2
        return len(low) - 1, float(min(most[-1], max(least[-1], np.round(middle / 4) * 4)))
    stop = int(apart[0])
    if low[stop] > most[stop - 1]:  # it has to rise: it begins as high as it may
        value = most[stop - 1]
        return int(np.flatnonzero(high[:stop] == value)[-1]), float(value)
    value = least[stop - 1]
    return int(np.flatnonzero(low[:stop] == value)[-1]), float(value)


def _limited(way: np.ndarray, most: float) -> np.ndarray:
    """`way` at no more than `most` pixels a frame: late by as much as it is early."""
    if len(way) < 2 or np.abs(np.diff(way)).max() <= most:
        return way
    late, early = way.copy(), way.copy()
    for number in range(1, len(way)):
        late[number] = late[number - 1] + np.clip(way[number] - late[number - 1], -most, most)
    for number in range(len(way) - 2, -1, -1):
        early[number] = early[number + 1] + np.clip(way[number] - early[number + 1], -most, most)
    return (late + early) / 2


def _rounded(way: np.ndarray, sigma: float) -> np.ndarray:
    """`way` with its corners rounded; what is straight for long enough stays as it is."""
    if len(way) < 2 or sigma < 0.5:
        return way
    reach = int(3 * sigma) + 1
    kernel = cv2.getGaussianKernel(2 * reach + 1, sigma, cv2.CV_64F).ravel()
    # Mirrored at a point, a move that is under way at a cut stays under way.
    mirrored = np.pad(way, reach, mode="reflect", reflect_type="odd")
    return np.convolve(mirrored, kernel, mode="valid")
