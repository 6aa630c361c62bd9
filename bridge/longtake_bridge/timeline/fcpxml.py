"""FCPXML at exact rates, around an adapter that only knows whole ones.

otio-fcpx-xml-adapter 1.0.0 counts frames at int(rate) and cuts off where it should round: 23.976 is
read as 23, a clip of 29 frames at 25 as 28. Here every time is stretched by 1001/1000 on the way
in, so that the adapter sees 24, and back on the way out; and its one conversion is replaced for the
length of the call. Goes when the adapter counts in fractions.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from types import ModuleType
from typing import Any

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange
from opentimelineio.schema import Timeline, TrackKind

from longtake_bridge.errors import bad_input, not_possible
from longtake_bridge.timeline.timing import exact_rate, seconds_of

_TIME = re.compile(r'\b(offset|start|duration|tcStart|frameDuration)="(-?\d+)(?:/(\d+))?s"')
_FRAME = re.compile(r'\bframeDuration="(\d+)(?:/(\d+))?s"')
_PULLDOWN = Fraction(1001, 1000)
# What the adapter has a frame duration for.
_WHOLE_RATES = (24, 25, 30, 50, 60)


def read(text: str) -> otio.core.SerializableObject:
    """What an FCPXML document holds, at its exact rates.

    Raises:
        BridgeError: BAD_INPUT; it mixes rates such as 23.976 and 25.
    """
    rates = {1 / Fraction(int(m[1]), int(m[2] or 1)) for m in _FRAME.finditer(text)}
    pulled = {rate.denominator == 1001 for rate in rates}
    if len(pulled) > 1:
        raise bad_input(
            "This FCPXML mixes whole rates and rates such as 23.976, which its adapter cannot "
            "count; export the timeline as .otio or FCP 7 XML."
        )
    scale = 1 / _PULLDOWN if True in pulled else Fraction(1)
    with _counting_exactly() as adapter:
        found = adapter.read_from_string(_TIME.sub(lambda m: _scaled(m, scale), text))
    for timeline in _timelines(found):
        _order_tracks(timeline)
        if True in pulled:
            _map_rates(timeline, lambda rate: float(rate * 1000 / 1001))
    return found


def write(timeline: Timeline) -> str:
    """The FCPXML document of a timeline.

    Raises:
        BridgeError: NOT_POSSIBLE; its rates are none that the adapter can write.
    """
    rates = {exact_rate(time.rate) for time in _times(timeline)}
    pulled = {rate.denominator == 1001 for rate in rates}
    if len(pulled) > 1 or any(round(rate) not in _WHOLE_RATES for rate in rates):
        said = ", ".join(f"{float(rate):g}" for rate in sorted(rates))
        raise not_possible(
            f"FCPXML through its adapter cannot hold a timeline with the rates {said}; write an "
            ".otio or FCP 7 XML."
        )
    whole = timeline.deepcopy()
    _map_rates(whole, lambda rate: float(round(rate)))
    with _counting_exactly() as adapter:
        text = adapter.write_to_string(whole)
    scale = _PULLDOWN if True in pulled else Fraction(1)
    return _TIME.sub(lambda m: _scaled(m, scale), text)


@contextmanager
def _counting_exactly() -> Iterator[ModuleType]:
    adapter = otio.adapters.from_name("fcpx_xml").module()
    originals = (adapter.to_rational_time, adapter.FcpxXml._number_of_frames)
    adapter.to_rational_time = _to_rational_time
    adapter.FcpxXml._number_of_frames = _number_of_frames
    try:
        yield adapter
    finally:
        adapter.to_rational_time, adapter.FcpxXml._number_of_frames = originals


def _to_rational_time(text: str | None, fps: float) -> RationalTime:
    return RationalTime(round(_parse(text) * round(fps)), round(fps))


def _number_of_frames(reader: Any, text: str | None, format_id: str) -> int:
    return round(_parse(text) * reader._format_frame_rate(format_id))


def _parse(text: str | None) -> Fraction:
    return Fraction(text.rstrip("s")) if text else Fraction(0)


def _scaled(match: re.Match[str], scale: Fraction) -> str:
    time = Fraction(int(match[2]), int(match[3] or 1)) * scale
    if match[1] == "frameDuration" or time.denominator != 1:  # the adapter wants a fraction there
        return f'{match[1]}="{time.numerator}/{time.denominator}s"'
    return f'{match[1]}="{time.numerator}s"'


def _timelines(found: otio.core.SerializableObject) -> list[Timeline]:
    if isinstance(found, Timeline):
        return [found]
    if isinstance(found, otio.schema.SerializableCollection):
        return [one for one in found if isinstance(one, Timeline)]
    return []


def _order_tracks(timeline: Timeline) -> None:
    """Puts the tracks as OTIO has them: pictures from the bottom up, then sound."""
    tracks = list(timeline.tracks)

    def lane(track: otio.schema.Track) -> tuple[bool, int]:
        number = int(track.name) if re.fullmatch(r"-?\d+", track.name) else 0
        return track.kind != TrackKind.Video, abs(number)

    del timeline.tracks[:]
    timeline.tracks.extend(sorted(tracks, key=lane))
    for track in timeline.tracks:
        same = [t for t in timeline.tracks if t.kind == track.kind]
        track.name = f"{track.kind} {next(n for n, t in enumerate(same, 1) if t is track)}"


def _times(timeline: Timeline) -> Iterator[RationalTime]:
    for item in timeline.find_children(descended_from_type=otio.core.Item):
        if item.source_range is not None:
            yield item.source_range.start_time
            yield item.source_range.duration


def _map_rates(timeline: Timeline, change: Callable[[Fraction], float]) -> None:
    """Gives every time on a timeline another rate at the same count of frames."""

    def moved(span: TimeRange) -> TimeRange:
        return TimeRange(*(_at_rate(time, change) for time in (span.start_time, span.duration)))

    if timeline.global_start_time is not None:
        timeline.global_start_time = _at_rate(timeline.global_start_time, change)
    items = [timeline.tracks, *timeline.find_children(descended_from_type=otio.core.Item)]
    for item in items:
        if item.source_range is not None:
            item.source_range = moved(item.source_range)
        for marker in item.markers:
            marker.marked_range = moved(marker.marked_range)
        if isinstance(item, otio.schema.Clip):
            for reference in item.media_references().values():
                if reference.available_range is not None:
                    reference.available_range = moved(reference.available_range)


def _at_rate(time: RationalTime, change: Callable[[Fraction], float]) -> RationalTime:
    rate = exact_rate(time.rate)
    return RationalTime(float(seconds_of(time) * rate), change(rate))
