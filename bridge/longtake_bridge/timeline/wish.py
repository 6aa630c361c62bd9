"""The shots that are wished for on a timeline: by its markers, or at a place in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from opentimelineio.opentime import TimeRange
from opentimelineio.schema import Clip, Marker, Timeline, Track, TrackKind

from longtake_bridge.errors import wrong_call
from longtake_bridge.length import Length
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.made_clip import METADATA_KEY
from longtake_bridge.timeline.placement import Span
from longtake_bridge.timeline.timing import (
    count_frames,
    frame_to_timecode,
    nearest_frame,
    seconds_of,
    timecode_to_frame,
)

_WISH = re.compile(r"^\s*b-?roll\s*:\s*(?P<text>.*\S)", re.IGNORECASE | re.DOTALL)
_FRAME = re.compile(r"(\d{1,9})f", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wish:
    """A shot that is wished for."""

    number: int  # from 1, in time order
    span: Span  # record
    text: str  # a prompt, the path of a still, or words to search for
    timecode: str  # where it begins, as the editor shows it

    @property
    def name(self) -> str:
        """For a person: which one."""
        return f"shot {self.number} at {self.timecode}"


def marked_wishes(document: TimelineDocument, duration: Length | None) -> tuple[Wish, ...]:
    """A wish for every marker whose name or note begins with "broll:".

    It lasts as long as its marker; where that marks a moment, `duration`.

    Raises:
        BridgeError: WRONG_CALL; there is none, or one has no length and there is no `duration`.
    """
    rate = document.rate
    found: list[tuple[int, int, str]] = []
    for start_s, duration_s, text in _marks(document.timeline):
        start, frames = nearest_frame(start_s, rate), nearest_frame(duration_s, rate)
        if frames <= 1:
            if duration is None:
                raise wrong_call(
                    f'The marker "broll: {text}" marks a moment; give --duration, such as'
                    " --duration 3s, or draw the marker out in the editor."
                )
            frames = count_frames(duration, rate)
        found.append((start, frames, text))
    if not found:
        raise wrong_call(
            f'{document.path.name} has no marker that begins with "broll:"; name one so in the'
            ' editor, such as "broll: rain on a window", or say yourself what to show, and where.'
        )
    return number_wishes(document, sorted(set(found)))


def wish_at(document: TimelineDocument, timecode: str, duration: Length, text: str) -> Wish:
    """A wish at a timecode that the timeline shows, or at frame 48 of it as "48f".

    Raises:
        BridgeError: WRONG_CALL; the timecode is none, or lies before the timeline.
    """
    counted = _FRAME.fullmatch(timecode.strip())
    if counted is not None:
        frame = int(counted[1])
    else:
        frame = timecode_to_frame(timecode, document.rate) - origin_frame(document)
    if frame < 0:
        raise wrong_call(
            f"{timecode} lies before the timeline begins, at"
            f" {frame_to_timecode(origin_frame(document), document.rate)}; give a later one."
        )
    (wish,) = number_wishes(document, [(frame, count_frames(duration, document.rate), text)])
    return wish


def number_wishes(
    document: TimelineDocument, wanted: list[tuple[int, int, str]]
) -> tuple[Wish, ...]:
    """Wishes of (start_frame, duration_frames, text), counted from 1."""
    rate, origin = document.rate, origin_frame(document)
    return tuple(
        Wish(number, Span(start, frames, rate), text, frame_to_timecode(origin + start, rate))
        for number, (start, frames, text) in enumerate(wanted, start=1)
    )


def origin_frame(document: TimelineDocument) -> int:
    """The timecode that the timeline shows at its first frame, in frames."""
    start = document.timeline.global_start_time
    return nearest_frame(seconds_of(start), document.rate) if start is not None else 0


def wish_of(marker: Marker) -> str:
    """What a marker wishes for; empty for any other marker."""
    if METADATA_KEY in marker.metadata or "cue" in dict(marker.metadata.get("mlt", {})):
        return ""
    for said in (marker.name, getattr(marker, "comment", ""), *_notes(marker)):
        match = _WISH.match(str(said or ""))
        if match is not None:
            return " ".join(match["text"].split())
    return ""


def _marks(timeline: Timeline) -> Iterator[tuple[Fraction, Fraction, str]]:
    """Start and length in seconds from the timeline's start, and text, of every marked wish."""
    stack = timeline.tracks
    for holder in (stack, *(track for track in stack if isinstance(track, Track))):
        for marker in holder.markers:
            text = wish_of(marker)
            if text:
                span = marker.marked_range
                yield seconds_of(span.start_time), seconds_of(span.duration), text
    for track in stack:
        if isinstance(track, Track) and track.kind == TrackKind.Video:
            for clip in track.find_clips():
                yield from _clip_marks(clip, timeline)


def _clip_marks(clip: Clip, timeline: Timeline) -> Iterator[tuple[Fraction, Fraction, str]]:
    shown = clip.trimmed_range()
    for marker in clip.markers:
        text = wish_of(marker)
        if not text or not shown.contains(marker.marked_range.start_time):
            continue
        seen = clip.transformed_time_range(marker.marked_range, timeline.tracks)
        if isinstance(seen, TimeRange):
            yield seconds_of(seen.start_time), seconds_of(seen.duration), text


def _notes(marker: Marker) -> Iterator[str]:
    """Notes where adapters keep them: FCP XML's `comment`, Resolve's `Note`."""
    for inner in marker.metadata.values():
        if hasattr(inner, "items"):
            for key, value in inner.items():
                if str(key).lower() in ("comment", "note", "notes") and isinstance(value, str):
                    yield value
