"""Finding the clip that a name means."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import opentimelineio as otio

from longtake_bridge.errors import not_possible, wrong_call
from longtake_bridge.timeline.timing import (
    frame_to_timecode,
    nearest_frame,
    seconds_of,
    timecode_to_frame,
)
from longtake_bridge.timeline.track_edit import lay_out

_PLACE = re.compile(r"V([1-9]\d{0,2})@(?:(\d{1,9})f|(\d\d:\d\d:\d\d[:;]\d\d+))")

Nest = tuple[tuple[int, int], ...]  # (track, item) steps from the timeline's stack to a nested one


@dataclass(frozen=True, slots=True)
class ClipAddress:
    """Where an item lies: counted places, so that it is found again in a copy of the timeline."""

    nest: Nest  # empty for the timeline's own tracks
    track: int  # among all tracks of that stack
    item: int  # among all children of the track, transitions included


def find_clip(timeline: otio.schema.Timeline, wanted: str, rate: Fraction) -> ClipAddress:
    """The clip that `wanted` names: NAME, or NAME@2 for the second of several; or where it lies.

    Several of one name are counted along V1, then V2 and so on, each from its start. V2@125f and
    V2@00:00:05:00 are the clip on that track of the timeline itself, whatever it is called: in
    frames from its beginning, or at the timecode that the timeline shows there.

    Raises:
        BridgeError: WRONG_CALL; no clip or several have the name; NOT_POSSIBLE: only sound has it.
    """
    clips = list(_video_clips(timeline.tracks, ()))
    for name, number in _readings(wanted):
        same = [address for address, clip in clips if clip.name == name]
        if number is not None and 1 <= number <= len(same):
            return same[number - 1]
        if number is None and len(same) == 1:
            return same[0]
        if same:
            raise wrong_call(_list_same(timeline, name, same, rate))
    place = _PLACE.fullmatch(wanted)
    if place is not None:
        return _clip_at(timeline, place, rate)
    elsewhere = {clip.name for clip in timeline.find_clips()}
    names = sorted({clip.name for _, clip in clips if clip.name})
    if wanted in elsewhere and wanted not in names:
        raise not_possible(
            f'"{wanted}" lies on no video track; name a clip with a picture: {_quote(names[:5])}.'
        )
    raise wrong_call(_list_nearest(wanted, names))


def find_stack(timeline: otio.schema.Timeline, nest: Nest) -> otio.schema.Stack:
    """The stack that `nest` leads to."""
    stack = timeline.tracks
    for track, item in nest:
        stack = stack[track][item]
    return stack


def find_item(timeline: otio.schema.Timeline, address: ClipAddress) -> otio.schema.Clip:
    """The clip at `address`."""
    return find_stack(timeline, address.nest)[address.track][address.item]


def track_label(stack: otio.schema.Stack, track: int) -> str:
    """V1, A2, ...: the track's kind and its place among its kind."""
    kind = stack[track].kind
    tracks = [one for one in list(stack)[: track + 1] if isinstance(one, otio.schema.Track)]
    place = sum(1 for one in tracks if one.kind == kind)
    return f"{'A' if kind == otio.schema.TrackKind.Audio else 'V'}{place}"


def _video_clips(
    stack: otio.schema.Stack, nest: Nest
) -> Iterator[tuple[ClipAddress, otio.schema.Clip]]:
    for t, track in enumerate(stack):
        if not isinstance(track, otio.schema.Track) or track.kind != otio.schema.TrackKind.Video:
            continue
        for i, item in enumerate(track):
            if isinstance(item, otio.schema.Clip):
                yield ClipAddress(nest, t, i), item
            elif isinstance(item, otio.schema.Stack):
                yield from _video_clips(item, (*nest, (t, i)))


def _clip_at(timeline: otio.schema.Timeline, place: re.Match[str], rate: Fraction) -> ClipAddress:
    """The clip on a track at a frame."""
    if place[2] is not None:
        at_s = int(place[2]) / rate
    else:
        at_s = timecode_to_frame(place[3], rate) / rate
        if timeline.global_start_time is not None:
            at_s -= seconds_of(timeline.global_start_time)
    for index, track in enumerate(timeline.tracks):
        if track_label(timeline.tracks, index) != f"V{place[1]}":
            continue
        for one in lay_out(track):
            if one.start_s <= at_s < one.end_s and isinstance(one.item, otio.schema.Clip):
                return ClipAddress((), index, one.index)
    raise wrong_call(f"No clip lies at {place[0]}; give a frame of the clip that is meant.")


def _readings(wanted: str) -> list[tuple[str, int | None]]:
    name, at, number = wanted.rpartition("@")
    readings: list[tuple[str, int | None]] = [(wanted, None)]
    if at and name and number.isdecimal():
        readings.append((name, int(number)))
    return readings


def _list_same(
    timeline: otio.schema.Timeline, name: str, same: list[ClipAddress], rate: Fraction
) -> str:
    places = []
    for number, address in enumerate(same, start=1):
        stack = find_stack(timeline, address.nest)
        lying = lay_out(stack[address.track])
        begin_s = next(one.start_s for one in lying if one.index == address.item)
        if not address.nest and timeline.global_start_time is not None:
            begin_s += seconds_of(timeline.global_start_time)
        timecode = frame_to_timecode(nearest_frame(begin_s, rate), rate)
        inside = f' in "{stack.name}"' if address.nest else ""
        places.append(
            f'"{name}@{number}" on {track_label(stack, address.track)}{inside} at {timecode}'
        )
    count = f"{len(same)} clips are" if len(same) > 1 else "One clip is"
    return f'{count} called "{name}"; say which: {", ".join(places)}.'


def _list_nearest(wanted: str, names: list[str]) -> str:
    if not names:
        return f'No clip is called "{wanted}", nor has any other clip with a picture a name.'
    near = difflib.get_close_matches(wanted, names, n=3, cutoff=0.4) or names[:5]
    return f'No clip is called "{wanted}"; the nearest names are {_quote(near)}.'


def _quote(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
