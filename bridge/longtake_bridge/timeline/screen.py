"""What is on screen: which frame of which file each frame of a track shows."""

from dataclasses import dataclass
from fractions import Fraction

import opentimelineio as otio
from opentimelineio.schema import Clip, ExternalReference, Gap, Stack, Timeline, Track

from longtake_bridge.timeline.timing import nearest_frame, seconds_of
from longtake_bridge.timeline.track_edit import lay_out


@dataclass(frozen=True, slots=True)
class Shown:
    """One run of a track that is not gap."""

    name: str
    start_frame: int  # record, timeline frames from the track's start
    duration_frames: int
    url: str  # of its media; empty for a nested timeline or a clip without any
    source_s: Fraction  # source time at its first frame


def shown_on(track: Track, rate: Fraction) -> tuple[Shown, ...]:
    """All that a track shows, in order."""
    shown: list[Shown] = []
    for lying in lay_out(track):
        if isinstance(lying.item, Gap):
            continue
        start, end = nearest_frame(lying.start_s, rate), nearest_frame(lying.end_s, rate)
        source_s = seconds_of(lying.item.trimmed_range().start_time)
        url = _url(lying.item)
        shown.append(Shown(lying.item.name, start, end - start, url, source_s))
    return tuple(shown)


def on_screen(track: Track, frame: int, rate: Fraction) -> tuple[str, Fraction] | None:
    """The URL and the source time, in seconds, that a record frame shows; None in a gap."""
    for run in shown_on(track, rate):
        if run.start_frame <= frame < run.start_frame + run.duration_frames:
            return run.url, run.source_s + (frame - run.start_frame) / rate
    return None


def tracks_of(timeline: Timeline) -> tuple[Track, ...]:
    """The tracks of a timeline that show or sound anything."""
    return tuple(
        track
        for track in timeline.tracks
        if isinstance(track, Track) and any(not isinstance(item, Gap) for item in track)
    )


def _url(item: otio.core.Item) -> str:
    if isinstance(item, Stack) or not isinstance(item, Clip):
        return ""
    reference = item.media_reference
    return reference.target_url or "" if isinstance(reference, ExternalReference) else ""
