"""A host's context as a timeline, on which everything that is known about timelines can be done."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange
from opentimelineio.schema import Clip, Timeline

from longtake_bridge.errors import wrong_call
from longtake_bridge.host.context import Context, Item, Track
from longtake_bridge.timeline.clip_search import ClipAddress
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.file_format import format_of
from longtake_bridge.timeline.location import url_from_path
from longtake_bridge.timeline.timing import exact_rate, range_at

ITEM_KEY = "longtake_host"  # in a clip's metadata: the number of its item, and whether its shadow
_NUMBERED = re.compile(r"(.*?)%(?:0(\d+))?d(.*)", re.DOTALL)  # shot.%04d.png
# The probe says how long a file is. Said to begin at 0 and to be longer than any, a file has its
# frames counted from its first one, whatever its timecode.
_ANY_LENGTH_FRAMES = 10**9


@dataclass(frozen=True, slots=True)
class HostSequence:
    """What a host said of its timeline, as a timeline."""

    context: Context
    document: TimelineDocument
    tracks: tuple[Track, ...]  # the host's, in the order of the timeline's
    origin_frame: int  # the host's number of the timeline's first frame

    @property
    def timeline(self) -> Timeline:
        """The timeline; tracks without anything on them are not there."""
        return self.document.timeline

    @property
    def rate(self) -> Fraction:
        """Timeline frames a second."""
        return self.document.rate

    def picture(self, item: int) -> int:
        """The item that is edited where `item` is selected: of a sound the picture it belongs to.

        Raises:
            BridgeError: WRONG_CALL; there is no such item, or no picture.
        """
        items = self.context.items
        if item >= len(items):
            raise wrong_call(f"The context has {len(items)} items and no item {item}.")
        one = items[item]
        if one.track.kind == "video":
            return item
        for number, other in enumerate(items):
            same = (other.media, other.record_start) == (one.media, one.record_start)
            if same and other.track.kind == "video":
                return number
        raise wrong_call(
            f'"{one.name}" is sound without its picture; select a clip with a picture.'
        )

    def address(self, item: int) -> ClipAddress:
        """Where an item lies on the timeline."""
        return next(
            ClipAddress((), place, index)
            for place, track in enumerate(self.timeline.tracks)
            for index, child in enumerate(track)
            if item_of(child) == (item, False)
        )


def item_of(child: otio.core.Composable) -> tuple[int, bool] | None:
    """Which item something on the timeline is, and whether it is only its shadow; None for none."""
    said = child.metadata.get(ITEM_KEY)
    return (int(said["item"]), bool(said["shadow"])) if said is not None else None


def build_sequence(context: Context) -> HostSequence:
    """The timeline that a context speaks of.

    Raises:
        BridgeError: WRONG_CALL; what it says cannot be so.
    """
    if context.rate is None:
        raise wrong_call("The context does not say the timeline's rate; give it, such as 25.")
    if not context.items:
        raise wrong_call("Nothing is selected: the context has no items.")
    rate = exact_rate(context.rate)
    origin = min(context.start_frame, *(item.record_start for item in context.items))
    lanes = _lanes(context)
    timeline = Timeline("host")
    for track, lane in lanes:
        kind = otio.schema.TrackKind.Video if track.kind == "video" else otio.schema.TrackKind.Audio
        name = track.name or f"{track.kind} {track.index}"
        timeline.tracks.append(otio.schema.Track(name, kind=kind))
        timeline.tracks[-1].extend(_children(lane, context, rate, origin))
    path = _folder(context) / "host.otio"  # never written; relative media would start from there
    document = TimelineDocument(path, format_of(path), timeline, rate)
    return HostSequence(context, document, tuple(track for track, _ in lanes), origin)


Lane = list[tuple[int, bool]]  # numbers of items, and whether it is only their shadow


def _lanes(context: Context) -> list[tuple[Track, Lane]]:
    """What lies on each track, from the bottom, in time order."""
    found: dict[tuple[str, int], Lane] = {}
    named: dict[tuple[str, int], Track] = {}
    for number, item in enumerate(context.items):
        key = (item.track.kind, item.track.index)
        found.setdefault(key, []).append((number, False))
        named.setdefault(key, item.track)
    if context.shared_tracks:
        for kind, other in (("video", "audio"), ("audio", "video")):
            _cast_shadows(context, found, kind, other)
    keys = sorted(found, key=lambda key: (key[0] == "audio", key[1]))
    return [(named[key], _in_order(found[key], context.items)) for key in keys]


def _cast_shadows(
    context: Context, found: dict[tuple[str, int], Lane], kind: str, other: str
) -> None:
    """Lets what lies on a track of one kind take up room on the same track of the other."""
    for number, item in enumerate(context.items):
        if item.track.kind == kind and (other, item.track.index) in found:
            found[(other, item.track.index)].append((number, True))


def _in_order(lane: Lane, items: Sequence[Item]) -> Lane:
    ordered = sorted(lane, key=lambda one: items[one[0]].record_start)
    for (one, _), (other, _) in pairwise(ordered):
        end = items[one].record_start + items[one].record_frames
        if items[other].record_start < end:
            raise wrong_call(
                f'"{items[one].name}" and "{items[other].name}" (items {one} and {other}) lie over '
                "each other on one track; give each its own, or shared_tracks false."
            )
    return ordered


def _children(
    lane: Lane, context: Context, rate: Fraction, origin: int
) -> Iterator[otio.core.Composable]:
    at = origin
    for number, shadow in lane:
        item = context.items[number]
        if item.record_start > at:
            yield otio.schema.Gap(
                source_range=range_at(Fraction(0), (item.record_start - at) / rate, rate)
            )
        if item.head_transition and not shadow:
            yield _transition(rate)
        yield _clip(item, number, rate, shadow=shadow)
        if item.tail_transition and not shadow:
            yield _transition(rate)
        at = item.record_start + item.record_frames


def _transition(rate: Fraction) -> otio.schema.Transition:
    nothing = RationalTime(0, float(rate))
    return otio.schema.Transition("transition", "SMPTE_Dissolve", nothing, nothing)


def _clip(item: Item, number: int, rate: Fraction, *, shadow: bool) -> Clip:
    source_rate = exact_rate(item.source_rate) if item.source_rate else rate
    clip = Clip(item.name, otio.schema.MissingReference())
    clip.metadata[ITEM_KEY] = {"item": number, "shadow": shadow}
    clip.enabled = item.enabled
    clip.source_range = TimeRange(
        RationalTime(item.source_start, float(source_rate)),
        RationalTime(item.record_frames, float(rate)),
    )
    if item.media is not None and not shadow:
        clip.media_reference = _reference(item.media, source_rate)
    speed = _speed(item, rate, source_rate)
    if speed != 1.0:
        clip.effects.append(otio.schema.LinearTimeWarp(name="speed", time_scalar=speed))
    return clip


def _reference(media: str, rate: Fraction) -> otio.core.MediaReference:
    path = Path(media)
    if not path.is_absolute():
        raise wrong_call(f'"{media}" is no absolute path; give media by their whole paths.')
    numbered = _NUMBERED.fullmatch(path.name)
    whole = TimeRange(RationalTime(0, float(rate)), RationalTime(_ANY_LENGTH_FRAMES, float(rate)))
    if numbered is None:
        return otio.schema.ExternalReference(url_from_path(path), whole)
    return otio.schema.ImageSequenceReference(
        target_url_base=url_from_path(path.parent),
        name_prefix=numbered[1],
        name_suffix=numbered[3],
        frame_zero_padding=int(numbered[2] or 0),
        rate=float(rate),
        available_range=whole,
    )


def _speed(item: Item, rate: Fraction, source_rate: Fraction) -> float:
    """How fast an item runs; 1 where its source is as long as it is, to a frame of either rate."""
    if item.speed != 1.0 or item.source_frames is None:
        return item.speed
    source_s, record_s = item.source_frames / source_rate, item.record_frames / rate
    if abs(source_s - record_s) <= max(1 / rate, 1 / source_rate):
        return 1.0
    return float(source_s / record_s)


def _folder(context: Context) -> Path:
    for text in (context.project, context.media_folder):
        if text is not None:
            return Path(text).parent
    named = next((item.media for item in context.items if item.media is not None), None)
    return Path(named).parent if named is not None else Path.cwd()
