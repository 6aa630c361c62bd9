"""Windows over keyframes first, then over the frames between them."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from longtake_engine.models.schedule.line import inward, last_of, onward
from longtake_engine.models.schedule.window import Limits, Window


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the keyframes lie: number 0 at `first`, number `count` at `last`, evenly."""

    first: int
    last: int
    count: int

    def at(self, number: int) -> int:
        return self.first + round(number * (self.last - self.first) / self.count)


def keyframes_first(
    before: list[int], wanted: range, after: list[int], limits: Limits
) -> Iterator[Window]:
    """Windows over keyframes that reach over all of `wanted`, then over each gap between two.

    Implements "Hierarchy-2" of Harvey et al. (2022). Nothing drifts between keyframes, for each gap
    sees the frame that it has to arrive at.

    Args:
        before: Known frames before `wanted`, rising; may be none.
        wanted: The frames to make.
        after: Known frames after it, rising; may be none, in which case its last frame is the last
            keyframe.
        limits: Of each window; at least 2 new frames beside the overlap.
    """
    grid = _grid(before, wanted, after, limits)
    spacing = max(1, round((grid.last - grid.first) / grid.count))
    numbers = range(0 if not before else 1, grid.count + (0 if after else 1))
    source = {n: grid.at(n) for n in numbers}
    left = _on_grid(grid, before, range(numbers.start - 1, -(1 << 20), -1), spacing)
    right = _on_grid(grid, after, range(numbers.stop, 1 << 20), spacing)
    source |= left | right
    coarse = Limits(limits.window_frames, limits.overlap_frames)
    windows = inward(left, numbers, right, coarse) if right else onward(left, numbers, coarse)
    for window in windows:
        seen, made = (tuple(source[n] for n in side) for side in (window.seen, window.made))
        yield Window(seen, made, spacing=spacing)
    yield from _between([source[n] for n in numbers], before, wanted, after, limits)


def _grid(before: list[int], wanted: range, after: list[int], limits: Limits) -> _Grid:
    """As few keyframes as leave gaps that one window can fill while it sees both ends."""
    first = wanted.start - 1 if before else wanted.start
    last = wanted.stop if after else wanted.stop - 1
    # One frame of the window is the keyframe after the gap; that before it is in the overlap.
    widest = limits.window_frames - max(limits.overlap_frames, 1)
    return _Grid(first, last, max(1, -(-(last - first) // widest)))


def _on_grid(grid: _Grid, known: list[int], numbers: range, spacing: int) -> dict[int, int]:
    """Known frames that stand for places of the grid outside of what is wanted, by number."""
    found: dict[int, int] = {}
    for number in numbers:
        ideal = grid.at(number)
        at = bisect_left(known, ideal)
        nearest = min(known[max(0, at - 1) : at + 1], key=lambda n: abs(n - ideal), default=None)
        if nearest is None or nearest in found.values() or 2 * abs(nearest - ideal) > spacing:
            break
        found[number] = nearest
    return found


def _between(
    keyframes: list[int], before: list[int], wanted: range, after: list[int], limits: Limits
) -> Iterator[Window]:
    """A window for each gap between keyframes, or between one and what is known."""
    have = list(before)
    start = wanted.start
    for keyframe in (*keyframes, wanted.stop):
        gap = range(start, keyframe)
        closing = [keyframe] if keyframe < wanted.stop else after[: limits.overlap_frames]
        if gap:
            room = limits.window_frames - len(gap)
            overlap = max(limits.overlap_frames, 1)
            seen_after = closing[: max(1, room - overlap)] if closing else []
            seen_before = last_of(have, min(overlap, room - len(seen_after)))
            yield Window((*seen_before, *seen_after), tuple(gap))
        have = [*have, *gap, keyframe][-limits.window_frames :]
        start = keyframe + 1
