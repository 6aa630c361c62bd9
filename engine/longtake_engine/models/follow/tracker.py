"""A thing followed through a shot: from what a person marked to a matte on every frame."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.errors import WrongCall
from longtake_engine.luma import luma8
from longtake_engine.models.flow import Array
from longtake_engine.models.follow.edge import refined
from longtake_engine.models.follow.first import first_matte
from longtake_engine.models.follow.look import look
from longtake_engine.models.follow.mark import Marks, by_frame, check_mark
from longtake_engine.models.follow.store import Kept
from longtake_engine.models.follow.way import go
from longtake_engine.picture import Picture, PictureFormat

WIDTH = 480  # pictures are looked at at this width


@dataclass(frozen=True, slots=True)
class Followed:
    """The thing on one frame."""

    frame: int
    matte: Array  # H W float32 at the luma's size, 1 the thing to 0
    confidence: float  # 1 sure to 0 lost
    present: bool  # whether any of it is seen; where not, the matte is empty


class Tracker(Protocol):
    """Something that follows a thing."""

    name: str

    def follow(
        self, pictures: Mapping[int, Picture], marks: Marks, frames: range, cancel: CancelToken
    ) -> Iterator[Followed]:
        """As the function `follow`."""
        ...


@dataclass(frozen=True, slots=True)
class Segmenting:
    """The built-in tracker: looks, motion and the background, without any weights."""

    name: str = "built-in"

    def follow(
        self, pictures: Mapping[int, Picture], marks: Marks, frames: range, cancel: CancelToken
    ) -> Iterator[Followed]:
        """As the function `follow`."""
        given = by_frame(marks)
        if not given:
            raise WrongCall("Nothing is marked: draw a box round the thing or set a point on it.")
        format = pictures[frames.start].format
        for of_frame in given.values():
            for mark in of_frame:
                check_mark(mark, format, frames)
        size = look_size(format)
        marked: list[tuple[int, Array, Array]] = []
        for frame, of_frame in given.items():
            cancel.check()
            seen = look(pictures[frame], size)
            marked.append((frame, seen, first_matte(seen, of_frame, size[0] / format.width)))
        for frame, kept in _all_ways(pictures, marked, frames, cancel):
            cancel.check()
            yield _at_full_size(frame, kept, pictures[frame])


def look_size(format: PictureFormat) -> tuple[int, int]:
    """Width and height at which pictures are looked at."""
    width = min(WIDTH, format.width)
    return width, max(1, round(format.height * width / format.width))


def _all_ways(
    pictures: Mapping[int, Picture],
    marked: list[tuple[int, Array, Array]],
    frames: range,
    cancel: CancelToken,
) -> Iterator[tuple[int, Kept]]:
    """The small mattes of `frames` in rising order: before the first mark, between marks, after
    the last one."""
    first, last = marked[0], marked[-1]
    earlier = dict(go(pictures, first, range(first[0] - 1, frames.start - 1, -1), cancel))
    yield from sorted(earlier.items())
    yield first[0], Kept.of(first[2], 1.0, True)
    for start, end in pairwise(marked):
        yield from _between(pictures, start, end, cancel)
        yield end[0], Kept.of(end[2], 1.0, True)
    yield from go(pictures, last, range(last[0] + 1, frames.stop), cancel)


def _between(
    pictures: Mapping[int, Picture],
    start: tuple[int, Array, Array],
    end: tuple[int, Array, Array],
    cancel: CancelToken,
) -> Iterator[tuple[int, Kept]]:
    """The frames between two marked ones, followed from both and weighed by nearness and trust."""
    later = dict(go(pictures, end, range(end[0] - 1, start[0], -1), cancel))
    for frame, one in go(pictures, start, range(start[0] + 1, end[0]), cancel):
        other = later.pop(frame)
        share = (frame - start[0]) / (end[0] - start[0])
        weights = np.array([(1 - share) * one.confidence, share * other.confidence])
        if not (one.present and other.present):
            weights *= (one.present, other.present)
        if not weights.any():
            yield frame, one
            continue
        weights /= weights.sum()
        matte = weights[0] * one.matte + weights[1] * other.matte
        trust = float(weights @ (one.confidence, other.confidence))
        yield frame, Kept.of(matte, trust, True)


def _at_full_size(frame: int, kept: Kept, picture: Picture) -> Followed:
    if not kept.present:
        return Followed(frame, np.zeros(picture.luma.shape, np.float32), kept.confidence, False)
    return Followed(frame, refined(kept.matte, luma8(picture)), kept.confidence, True)


def follow(
    pictures: Mapping[int, Picture], marks: Marks, frames: range, cancel: CancelToken
) -> Iterator[Followed]:
    """One thing on every frame of `frames`, in rising order.

    What is marked on one frame is united; what is marked on another frame is the same thing drawn
    again, and is followed from there too. Memory does not grow but by some kilobytes a frame.

    Args:
        pictures: Of all `frames`, of one shot; read in short rising runs, most of them twice.
        marks: Boxes that enclose the thing, points on it, mattes of it: each with its frame, or
            by frame.
        frames: To follow it through, of step 1.
        cancel: Asked before each frame.

    Raises:
        WrongCall: A mark cannot be followed, or there is none.
        Cancelled: As `cancel` asks.
    """
    yield from Segmenting().follow(pictures, marks, frames, cancel)
