"""Windows along a line of frames, each going on from the one before it."""

from collections.abc import Iterable, Iterator

from longtake_engine.models.schedule.window import Limits, Window


def onward(known: Iterable[int], wanted: range, limits: Limits) -> Iterator[Window]:
    """Windows from the start of `wanted` to its end, each seeing the frames just before it.

    Implements "Autoreg" of Harvey et al. (2022), and their "Long-range" where the limits let far
    frames be seen: part of what a window sees is then always of the frames that were known before
    the first one, or of the first window's own where none were.

    Args:
        known: Frames before `wanted`; none at all for a run from nothing.
        wanted: The frames to make.
        limits: Of each window.
    """
    have = sorted(known)
    originals = tuple(have)
    at = wanted.start
    while at < wanted.stop:
        seen = last_of(have, limits.overlap_frames)
        recalled = _spread(
            [frame for frame in originals if frame not in seen], limits.recalled_frames
        )
        room = limits.window_frames - len(seen) - len(recalled)
        count = _share(wanted.stop - at, room, limits.new_frames)
        made = tuple(range(at, at + count))
        yield Window(seen, made, recalled)
        originals = originals or made
        have = list(last_of([*have, *made], limits.overlap_frames))
        at += count


def inward(
    before: Iterable[int], wanted: range, after: Iterable[int], limits: Limits
) -> Iterator[Window]:
    """Windows from both ends of `wanted` by turns; the last one sees both sides and joins them."""
    left, right = sorted(before), sorted(after)
    rest, forward = wanted, True
    while rest:
        window = _joining(left, rest, right, limits)
        if window is not None:
            yield window
            return
        count = min(limits.new_frames, -(-len(rest) // 2))
        if forward:
            made = tuple(rest[:count])
            yield Window(last_of(left, limits.overlap_frames), made)
            left, rest = [*left, *made], rest[count:]
        else:
            made = tuple(rest[-count:])
            yield Window(tuple(right[: limits.overlap_frames]), made)
            right, rest = [*made, *right], rest[:-count]
        forward = not forward


def mirrored(windows: Iterable[Window]) -> Iterator[Window]:
    """`windows` with time running the other way: frame n becomes frame -n."""
    for window in windows:
        seen, made, recalled = (
            tuple(sorted(-frame for frame in frames))
            for frames in (window.seen, window.made, window.recalled)
        )
        yield Window(seen, made, recalled, window.spacing)


def last_of(frames: list[int], count: int) -> tuple[int, ...]:
    """The last `count` of `frames`, or all."""
    return tuple(frames[max(0, len(frames) - count) :])


def _joining(left: list[int], rest: range, right: list[int], limits: Limits) -> Window | None:
    """The one window that makes all of `rest`; None where it does not fit with a sight of both
    sides."""
    room = limits.window_frames - len(rest)
    overlap = limits.overlap_frames
    sides = min(len(left), overlap) + min(len(right), overlap)
    if room < (sides if sides < limits.window_frames else 2):
        return None
    from_right = min(len(right), overlap, max(room - min(len(left), overlap), room // 2))
    from_left = min(len(left), overlap, room - from_right)
    return Window((*last_of(left, from_left), *right[:from_right]), tuple(rest))


def _share(left: int, room: int, later_room: int) -> int:
    """Frames that this window makes so that it and those after it, as few as can be, are about
    equally long: a last window of one frame costs as much as a full one."""
    later = max(0, -(-(left - room) // later_room))
    even = -(-left // (later + 1))
    return min(room, max(even, left - later * later_room))


def _spread(frames: list[int], count: int) -> tuple[int, ...]:
    """Up to `count` of `frames`, evenly from the first to the last."""
    if len(frames) <= count:
        return tuple(frames)
    if count == 1:
        return (frames[len(frames) // 2],)
    return tuple(frames[round(n * (len(frames) - 1) / (count - 1))] for n in range(count))
