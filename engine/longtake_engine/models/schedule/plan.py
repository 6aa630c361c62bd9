"""The schedule for a canvas that is longer than a backend's window."""

from collections.abc import Collection

from longtake_engine.models.schedule.keyframe import keyframes_first
from longtake_engine.models.schedule.line import inward, mirrored, onward
from longtake_engine.models.schedule.window import Limits, Schedule, Way, Window


def plan(known: Collection[int], wanted: range, limits: Limits, way: Way | None = None) -> Schedule:
    """Which frames each call of a backend sees and which it makes.

    Every wanted frame is made exactly once, by a window whose seen frames are known or made before
    it, and no window holds more than the limits say.

    Args:
        known: Frames that are wholly known, in any order. Those within `wanted` do not count.
        wanted: The frames to make.
        limits: Of each window.
        way: How; None for keyframes first between two known sides, with far frames in sight where
            the limits have room for such, and else each window going on from the one before it.
    """
    before = sorted(frame for frame in known if frame < wanted.start)
    after = sorted(frame for frame in known if frame >= wanted.stop)
    if not wanted:
        return Schedule(way or "autoregressive", ())
    if way is None:
        way = _fitting(before, after, limits)
    near = Limits(limits.window_frames, limits.overlap_frames)
    if way == "hierarchical":
        if len(wanted) > near.new_frames > 1:
            return Schedule(way, tuple(_hierarchy(before, wanted, after, near)))
        way = "autoregressive"
    used = limits if way == "long_range" else near
    return Schedule(way, tuple(_line(before, wanted, after, used)))


def _fitting(before: list[int], after: list[int], limits: Limits) -> Way:
    if before and after:
        return "hierarchical"
    return "long_range" if limits.recalled_frames else "autoregressive"


def _line(before: list[int], wanted: range, after: list[int], limits: Limits) -> list[Window]:
    if before and after:
        return list(inward(before, wanted, after, limits))
    if after:
        return list(mirrored(onward((-n for n in after), _mirror(wanted), limits)))
    return list(onward(before, wanted, limits))


def _hierarchy(before: list[int], wanted: range, after: list[int], limits: Limits) -> list[Window]:
    if after and not before:
        known = sorted(-frame for frame in after)
        return list(mirrored(keyframes_first(known, _mirror(wanted), [], limits)))
    return list(keyframes_first(before, wanted, after, limits))


def _mirror(frames: range) -> range:
    """The frames -n, rising."""
    return range(1 - frames.stop, 1 - frames.start)
