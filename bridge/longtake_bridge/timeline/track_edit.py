"""Edits of one track, in place: gaps given and taken, ranges cleared, ends of clips moved.

Every function leaves the track without holes: its children lie end to end. Times are seconds from
the track's start.
"""

from dataclasses import dataclass
from fractions import Fraction

import opentimelineio as otio
from opentimelineio.schema import Gap, Transition

from longtake_bridge.errors import bad_input, not_possible
from longtake_bridge.timeline.timing import range_at, seconds_of, time_at


@dataclass(frozen=True, slots=True)
class Lying:
    """A child of a track that takes up time, and where it lies; half-open, in seconds."""

    index: int
    item: otio.core.Item
    start_s: Fraction
    end_s: Fraction


def item_s(item: otio.core.Item) -> Fraction:
    """Seconds that an item takes up on its track.

    Raises:
        BridgeError: BAD_INPUT; neither the item nor its media say how long it is.
    """
    try:
        return seconds_of(item.duration())
    except otio.exceptions.OTIOError:
        raise bad_input(
            f'"{item.name}" says nowhere how long it is; export the timeline again.'
        ) from None


def lay_out(track: otio.schema.Track) -> list[Lying]:
    """Everything on a track that takes up time, in order."""
    lying: list[Lying] = []
    at_s = Fraction(0)
    for index, item in enumerate(track):
        if isinstance(item, Transition):
            continue
        end_s = at_s + item_s(item)
        lying.append(Lying(index, item, at_s, end_s))
        at_s = end_s
    return lying


def free_after_s(track: otio.schema.Track, index: int) -> Fraction | None:
    """Seconds of gap right after child `index`; None where nothing more follows.

    What a fade-in after the gap needs of it is not free.
    """
    free_s = Fraction(0)
    for item in list(track)[index + 1 :]:
        if isinstance(item, Transition):
            return max(free_s - seconds_of(item.in_offset), Fraction(0))
        if not isinstance(item, Gap):
            return free_s
        free_s += item_s(item)
    return None


def free_before_s(track: otio.schema.Track, index: int) -> Fraction:
    """Seconds of gap right before child `index`, less what a fade-out into the gap needs of it."""
    free_s = Fraction(0)
    for item in reversed(list(track)[:index]):
        if isinstance(item, Transition):
            return max(free_s - seconds_of(item.out_offset), Fraction(0))
        if not isinstance(item, Gap):
            return free_s
        free_s += item_s(item)
    return free_s


def take_gap_after(track: otio.schema.Track, index: int, taken_s: Fraction) -> None:
    """Shortens the gaps right after child `index` by `taken_s`, as far as there are any."""
    while taken_s > 0 and index + 1 < len(track) and isinstance(track[index + 1], Gap):
        taken_s -= _shorten_gap(track, index + 1, taken_s)


def take_gap_before(track: otio.schema.Track, index: int, taken_s: Fraction) -> int:
    """Shortens the gaps right before child `index` by `taken_s`; returns the child's new index."""
    while taken_s > 0 and index > 0 and isinstance(track[index - 1], Gap):
        children = len(track)
        taken_s -= _shorten_gap(track, index - 1, taken_s)
        index -= children - len(track)
    return index


def insert_gap(track: otio.schema.Track, index: int, gap_s: Fraction, rate: float) -> None:
    """Puts `gap_s` more of gap before child `index`: a gap there grows, else a new one is made."""
    for place in (index - 1, index):
        if 0 <= place < len(track) and isinstance(track[place], Gap):
            set_length(track[place], item_s(track[place]) + gap_s, rate)
            return
    gap = Gap(source_range=range_at(Fraction(0), gap_s, rate))
    track.insert(index, gap)


def push_later(
    track: otio.schema.Track, point_s: Fraction, push_s: Fraction, rate: Fraction
) -> None:
    """Moves what starts at `point_s` or later by `push_s`; what spans the point stays whole.

    Raises:
        BridgeError: NOT_POSSIBLE; a transition would be torn apart.
    """
    half_frame_s = 1 / rate / 2
    later = [lying for lying in lay_out(track) if lying.start_s > point_s - half_frame_s]
    if later:
        index = later[0].index
        if index > 0 and isinstance(track[index - 1], Transition):
            raise not_possible(
                f'Pushing everything later would tear the transition before "{later[0].item.name}" '
                f'on "{track.name}" apart; remove it first, or use --overwrite.'
            )
        insert_gap(track, index, push_s, float(rate))
    push_markers(track, point_s, push_s, rate)


def push_markers(item: otio.core.Item, point_s: Fraction, push_s: Fraction, rate: Fraction) -> None:
    """Moves the markers of a track or stack that lie at `point_s` or later by `push_s`."""
    for marker in item.markers:
        marked = marker.marked_range
        begin_s = seconds_of(marked.start_time)
        if begin_s > point_s - 1 / rate / 2:
            moved = time_at(begin_s + push_s, marked.start_time.rate, rate)
            marker.marked_range = otio.opentime.TimeRange(moved, marked.duration)


def clear(
    track: otio.schema.Track, start_s: Fraction, end_s: Fraction, rate: float
) -> tuple[str, ...]:
    """Makes the range one gap, as far as the track reaches; returns what transitions were lost.

    Items that reach into the range are trimmed, one that spans it is split in two; nothing moves.
    """
    places = {lying.index: lying for lying in lay_out(track)}
    reach_s = min(end_s, max((lying.end_s for lying in places.values()), default=Fraction(0)))
    touched = {
        index
        for index, lying in places.items()
        if lying.start_s < reach_s and lying.end_s > start_s
    }
    kept: list[otio.core.Composable] = []
    lost: list[str] = []
    for index, item in enumerate(list(track)):
        if index in touched:
            before = _part(places[index], places[index].start_s, start_s)
            after = _part(places[index], end_s, places[index].end_s)
            gap = Gap(source_range=range_at(Fraction(0), reach_s - start_s, rate))
            first = index == min(touched)
            kept += [part for part in (before, gap if first else None, after) if part is not None]
        elif isinstance(item, Transition) and (
            (index - 1 in touched and places[index - 1].end_s - end_s < seconds_of(item.in_offset))
            or (
                index + 1 in touched
                and start_s - places[index + 1].start_s < seconds_of(item.out_offset)
            )
        ):
            lost.append(_name_sides(track, index))
        else:
            kept.append(item)
    del track[:]
    track.extend(kept)
    return tuple(lost)


def set_length(item: otio.core.Item, length_s: Fraction, rate: float) -> None:
    """Moves the tail of an item so that it takes up `length_s`."""
    shown = item.trimmed_range()
    length = time_at(length_s, shown.duration.rate, rate)
    item.source_range = otio.opentime.TimeRange(shown.start_time, length)


def grow_tail(item: otio.core.Item, by_s: Fraction, rate: float) -> None:
    """Moves the tail of an item later by `by_s`, or earlier where negative."""
    set_length(item, item_s(item) + by_s, rate)


def grow_head(item: otio.core.Item, by_s: Fraction, rate: float) -> None:
    """Moves the head of an item earlier by `by_s` of record time, or later where negative."""
    shown = item.trimmed_range()
    length = time_at(item_s(item) + by_s, shown.duration.rate, rate)
    moved_s = seconds_of(shown.start_time) - by_s * _speed(item)
    start = time_at(moved_s, shown.start_time.rate, rate)
    item.source_range = otio.opentime.TimeRange(start, length)


def _part(lying: Lying, start_s: Fraction, end_s: Fraction) -> otio.core.Item | None:
    """A copy of what lies there, trimmed to the range; None where none of it is in it."""
    start_s, end_s = max(start_s, lying.start_s), min(end_s, lying.end_s)
    if start_s >= end_s:
        return None
    part = lying.item.deepcopy()
    rate = float(lying.item.trimmed_range().duration.rate)
    if start_s > lying.start_s:
        grow_head(part, lying.start_s - start_s, rate)
    if end_s < lying.end_s:
        grow_tail(part, end_s - lying.end_s, rate)
    return part


def _shorten_gap(track: otio.schema.Track, index: int, taken_s: Fraction) -> Fraction:
    """Takes up to `taken_s` off a gap, all of it where that is no more; returns how much."""
    gap_s = item_s(track[index])
    if gap_s <= taken_s:
        del track[index]
        return gap_s
    set_length(track[index], gap_s - taken_s, track[index].trimmed_range().duration.rate)
    return taken_s


def _name_sides(track: otio.schema.Track, index: int) -> str:
    sides = [track[i] for i in (index - 1, index + 1) if 0 <= i < len(track)]
    return " and ".join(f'"{side.name}"' for side in sides if side.name) or "gaps"


def _speed(item: otio.core.Item) -> Fraction:
    speed = Fraction(1)
    for effect in item.effects:
        if isinstance(effect, otio.schema.LinearTimeWarp):
            speed *= Fraction(effect.time_scalar).limit_denominator(10_000)
    return speed
