"""A thing followed through a shot: from what a person marked to a matte on every frame."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.models.flow import Array
from longtake_engine.models.follow.first import first_matte
from longtake_engine.models.follow.followed import Followed, at_full_size
from longtake_engine.models.follow.look import look, look_size
from longtake_engine.models.follow.mark import Marks, check_marks
from longtake_engine.models.follow.moving import OFFSETS
from longtake_engine.models.follow.store import Kept
from longtake_engine.models.follow.way import go
from longtake_engine.picture import Picture


class Tracker(Protocol):
    """Something that follows a thing."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

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
        format = pictures[frames.start].format
        given = check_marks(marks, format, frames)
        size = look_size(format)
        marked: list[tuple[int, Array, Array]] = []
        for frame, of_frame in given.items():
            cancel.check()
            seen = look(pictures[frame], size)
            near = _near(pictures, frame, frames, size)
            matte = first_matte(seen, of_frame, size[0] / format.width, near)
            marked.append((frame, seen, matte))
        for frame, kept in _all_ways(pictures, marked, frames, cancel):
            cancel.check()
            yield at_full_size(frame, kept, pictures[frame])


def _near(
    pictures: Mapping[int, Picture], frame: int, frames: range, size: tuple[int, int]
) -> dict[int, Array]:
    """Looks of frames round `frame` that tell what moves, by how many frames they come after it."""
    inside = [offset for offset in OFFSETS if frame + offset in frames]
    return {offset: look(pictures[frame + offset], size) for offset in inside}


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
