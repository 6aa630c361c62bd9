"""What a host has to do on its timeline, read off the timeline before and after the edit."""

import math
from collections.abc import Iterator
from fractions import Fraction

import opentimelineio as otio
from opentimelineio.schema import Clip, Timeline

from longtake_bridge.errors import not_possible
from longtake_bridge.host.change import Change, Put, Remove, Set
from longtake_bridge.host.context import Item, Track
from longtake_bridge.host.sequence import HostSequence, item_of
from longtake_bridge.timeline.made_clip import METADATA_KEY, is_made
from longtake_bridge.timeline.timing import exact_rate, nearest_frame, seconds_of
from longtake_bridge.timeline.track_edit import Lying, lay_out


def changes_to(sequence: HostSequence, edited: Timeline) -> tuple[Change, ...]:
    """The steps that make the host's timeline what `edited` is, in the order to do them.

    Raises:
        BridgeError: NOT_POSSIBLE; the edit would take frames off something on a shared track.
    """
    lying = [
        (track, one)
        for track, lane in zip(sequence.tracks, edited.tracks, strict=True)
        for one in lay_out(lane)
        if isinstance(one.item, Clip)
    ]
    sets: dict[int, Set] = {}
    puts: list[Put] = []
    for track, one in lying:
        known = item_of(one.item)
        if is_made(one.item):
            puts.append(_put_made(sequence, track, one))
        elif known is None or known[1]:
            continue
        elif known[0] in sets:
            puts.append(_put_rest(sequence, track, one, known[0]))
        else:
            sets[known[0]] = _set(sequence, one, known[0])
    _check_shadows(sequence, lying)
    gone = [Remove(number) for number in range(len(sequence.context.items)) if number not in sets]
    return (*gone, *_ordered([one for one in sets.values() if _differs(one)]), *puts)


def _ordered(sets: list[Set]) -> Iterator[Set]:
    """First what only gets shorter, then the rest from the end, so that nothing meets another."""
    shrinks = [one for one in sets if max(one.head_frames, one.tail_frames, one.moved_frames) <= 0]
    yield from shrinks
    others = [one for one in sets if one not in shrinks]
    yield from sorted(others, key=lambda one: one.record_start, reverse=True)


def _differs(one: Set) -> bool:
    return bool(one.head_frames or one.tail_frames or one.moved_frames)


def _set(sequence: HostSequence, lying: Lying, number: int) -> Set:
    item, rate = sequence.context.items[number], sequence.rate
    start, frames = _record(sequence, lying)
    rate_of_source = _source_rate(item, rate)
    source_s = seconds_of(lying.item.trimmed_range().start_time)
    head = nearest_frame((item.source_start / rate_of_source - source_s) / _speed(item), rate)
    tail = frames - item.record_frames - head
    return Set(
        item=number,
        record_start=start,
        record_frames=frames,
        source_start=nearest_frame(source_s, rate_of_source),
        head_frames=head,
        tail_frames=tail,
        moved_frames=start + head - item.record_start,
    )


def _put_made(sequence: HostSequence, track: Track, lying: Lying) -> Put:
    clip = lying.item
    start, frames = _record(sequence, lying)
    references = clip.media_references()
    said = clip.metadata[METADATA_KEY]["takes"]
    takes = [references[take["media_reference"]] for take in said]
    active = clip.media_reference
    rate = exact_rate(active.available_range.start_time.rate)
    first_s = seconds_of(active.available_range.start_time)
    shown_s = seconds_of(clip.source_range.start_time) - first_s
    whole = nearest_frame(seconds_of(active.available_range.duration), rate)
    source_start = nearest_frame(shown_s, rate)
    count = math.ceil(frames / sequence.rate * rate)
    return Put(
        track=track,
        record_start=start,
        record_frames=frames,
        name=clip.name,
        media=_path(sequence, active),
        source_start=source_start,
        source_frames=min(count, whole - source_start),
        source_rate=rate,
        takes=tuple(_path(sequence, take) for take in takes),
        dressed_as=_dresser(sequence, track, clip),
        copy_of=None,
    )


def _put_rest(sequence: HostSequence, track: Track, lying: Lying, number: int) -> Put:
    """What lies after a hole that was cut into an item."""
    item = sequence.context.items[number]
    start, frames = _record(sequence, lying)
    rate = _source_rate(item, sequence.rate)
    return Put(
        track=track,
        record_start=start,
        record_frames=frames,
        name=item.name,
        media=item.media or "",
        source_start=nearest_frame(seconds_of(lying.item.trimmed_range().start_time), rate),
        source_frames=math.ceil(frames / sequence.rate * rate * abs(_speed(item))),
        source_rate=rate,
        takes=(),
        dressed_as=number,
        copy_of=number,
    )


def _dresser(sequence: HostSequence, track: Track, clip: Clip) -> int | None:
    """The item that a made clip goes with: the anchor of its placement, on its own track."""
    wanted = clip.metadata[METADATA_KEY]["clip_name"]
    here = [
        number
        for number, item in enumerate(sequence.context.items)
        if (item.track.kind, item.track.index) == (track.kind, track.index) and item.name == wanted
    ]
    selected = sequence.context.clip
    return selected if selected in here else here[0] if here else None


def _check_shadows(sequence: HostSequence, lying: list[tuple[Track, Lying]]) -> None:
    """Nothing, where what lies on a shared track was at most moved.

    Raises:
        BridgeError: NOT_POSSIBLE; it would be cut.
    """
    left: dict[int, int] = {}
    for _, one in lying:
        known = item_of(one.item)
        if known is not None and known[1] and not is_made(one.item):
            left[known[0]] = left.get(known[0], 0) + _record(sequence, one)[1]
    shadows = (item_of(one) for one in sequence.timeline.find_children())
    for number in {known[0] for known in shadows if known is not None and known[1]}:
        item = sequence.context.items[number]
        if left.get(number) != item.record_frames:
            raise not_possible(
                f'The made frames would lie over "{item.name}" on track {item.track.index}, which '
                "shows something else; move it to a track of its own first."
            )


def _record(sequence: HostSequence, lying: Lying) -> tuple[int, int]:
    """Where something lies in the host's frames, and how many it takes up."""
    start = nearest_frame(lying.start_s, sequence.rate)
    end = nearest_frame(lying.end_s, sequence.rate)
    return start + sequence.origin_frame, end - start


def _path(sequence: HostSequence, reference: otio.core.MediaReference) -> str:
    return str(sequence.document.locate(reference.target_url))


def _source_rate(item: Item, rate: Fraction) -> Fraction:
    return exact_rate(item.source_rate) if item.source_rate else rate


def _speed(item: Item) -> Fraction:
    return Fraction(item.speed).limit_denominator(10_000) or Fraction(1)
