"""Shots laid on a track of their own above a timeline, in two steps, as `api` extends clips.

`prepare_shots` reads the timeline and says where shots can go, `finish_shots` puts the takes in
and writes the new timeline. Nothing is written before `finish_shots`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from opentimelineio.schema import Clip, Gap, Timeline, Track, TrackKind

from longtake_bridge.errors import BridgeError, bad_input, wrong_call
from longtake_bridge.timeline.api import Target, fits, open_document, save_document
from longtake_bridge.timeline.clip_search import track_label
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.media import MediaFacts, Probe, media_path
from longtake_bridge.timeline.piece import check_takes
from longtake_bridge.timeline.placement import PlacedTake, Placement, Span, TrackRef
from longtake_bridge.timeline.placing import place_in
from longtake_bridge.timeline.plan import MadeTake, placed_take
from longtake_bridge.timeline.track_edit import lay_out
from longtake_bridge.timeline.wish import Wish

TRACK = "B-roll"


@dataclass(frozen=True, slots=True)
class PreparedShots:
    """Where shots go on a timeline."""

    document: TimelineDocument
    wishes: tuple[Wish, ...]
    taken: Mapping[int, BridgeError]  # by number: those for which there is no room, and why
    track: TrackRef
    is_new_track: bool
    target: Target
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnShot:
    """A piece of the user's own footage for a wish."""

    media: MediaFacts
    start_frame: int  # in the file, at its rate


Shot = Sequence[MadeTake] | OwnShot


@dataclass(frozen=True, slots=True)
class FinishedShots:
    """What was done."""

    timeline_path: Path
    placements: tuple[Placement, ...]
    notes: tuple[str, ...]


def prepare_shots(
    path: Path,
    find_wishes: Callable[[TimelineDocument], tuple[Wish, ...]],
    *,
    target: Target,
    probe: Probe,
    track_name: str | None = None,
) -> PreparedShots:
    """Where the shots that `find_wishes` finds go: a track called `track_name`, new on top where
    there is none.

    Raises:
        BridgeError: The timeline cannot be read, or not be written so.
    """
    document, notes = open_document(path, target, probe, _any_clip)
    document.check_target(target.path, replace_existing=target.replace_existing)
    document.rehearse(target.path)
    wishes = find_wishes(document)
    track, is_new = _track(document.timeline, track_name or TRACK)
    there = None if is_new else _nth_video(document.timeline, track.index)
    return PreparedShots(
        document, wishes, dict(_taken(wishes, there)), track, is_new, target, notes
    )


def finish_shots(
    prepared: PreparedShots, shots: Mapping[int, Shot], requests: Mapping[int, Mapping[str, Any]]
) -> FinishedShots:
    """The shots laid on their track, by the numbers of their wishes, and the timeline written.

    Raises:
        BridgeError: The timeline could not be written as asked.
    """
    timeline = prepared.document.timeline.deepcopy()
    placements: list[Placement] = []
    notes = list(prepared.notes)
    for wish in prepared.wishes:
        if wish.number not in shots:
            continue
        shot = shots[wish.number]
        placement = place_shot(prepared.track, wish, shot, requests.get(wish.number, {}))
        if prepared.is_new_track and not placements:
            placement = replace(placement, action="new_track")
        notes += place_in(placement, timeline)
        placements.append(placement)
    paths = frozenset(
        take.media.path for shot in shots.values() if not isinstance(shot, OwnShot) for take in shot
    )
    document = prepared.document.with_timeline(timeline, paths)
    notes += save_document(document, prepared.target)
    path = prepared.target.path.absolute()
    return FinishedShots(path, tuple(placements), tuple(dict.fromkeys(notes)))


def place_shot(track: TrackRef, wish: Wish, shot: Shot, request: Mapping[str, Any]) -> Placement:
    """The placement of a shot over what lies below it, silent.

    Raises:
        BridgeError: BAD_INPUT; it is shorter than wished for.
    """
    span = wish.span
    if isinstance(shot, OwnShot):
        media = shot.media
        frames = frames_of(span, media.rate)
        takes: tuple[PlacedTake, ...] = (
            PlacedTake(
                "footage", str(media.path), media.frame_count, media.rate, media.start_frame
            ),
        )
        source = Span(shot.start_frame, frames, media.rate)
        name = media.path.stem
    else:
        fitting = [take for take in shot if fits(take, shot[0])]
        check_takes(fitting, span.duration_frames)
        takes = tuple(placed_take(take) for take in fitting)
        source = Span(0, span.duration_frames, shot[0].media.rate)
        name = wish.text[:48]
    return Placement(
        action="overwrite",
        track=track,
        record_range=span,
        source_range=source,
        name=f"{name} (B-roll)" if name else "B-roll",
        takes=takes,
        request=request,
    )


def frames_of(span: Span, rate: Fraction) -> int:
    """Frames at `rate` that last at least as long as `span`."""
    return -(-span.duration_s * rate // 1)


def clip_beneath(document: TimelineDocument, start_s: Fraction) -> Clip | None:
    """The uppermost clip of a file that is seen at a moment; else the first one of the timeline."""
    first: Clip | None = None
    for track in reversed(_videos(document.timeline)):
        for lying in lay_out(track):
            clip = lying.item
            if not isinstance(clip, Clip) or not getattr(clip.media_reference, "target_url", ""):
                continue
            if lying.start_s <= start_s < lying.end_s:
                return clip
            first = first or clip
    return first


def path_beneath(document: TimelineDocument, start_s: Fraction) -> Path | None:
    """The file of `clip_beneath`, where it is there."""
    clip = clip_beneath(document, start_s)
    if clip is None:
        return None
    path = media_path(clip, document.locate)
    return path if path.is_file() else None


def _track(timeline: Timeline, name: str) -> tuple[TrackRef, bool]:
    videos = _videos(timeline)
    for index, track in enumerate(videos):
        if name in (track.name, track_label(timeline.tracks, list(timeline.tracks).index(track))):
            return TrackRef("video", index, track.name), False
    return TrackRef("video", len(videos), name), True


def _taken(wishes: Sequence[Wish], track: Track | None) -> list[tuple[int, BridgeError]]:
    """Those for which there is no room, and why."""
    found: list[tuple[int, BridgeError]] = []
    free_s = Fraction(0)
    for wish in wishes:
        span = wish.span
        lying = _lying_at(track, span) if track is not None else None
        if lying is not None:
            there = f'"{lying}" lies there on the track already; choose another track or place.'
            found.append((wish.number, wrong_call(there)))
        elif span.start_s < free_s:
            found.append((wish.number, wrong_call("It would begin before the one before it ends.")))
        else:
            free_s = span.end_s
    return found


def _lying_at(track: Track, span: Span) -> str | None:
    slack_s = 1 / span.rate / 2
    for lying in lay_out(track):
        reaches_in = lying.start_s < span.end_s - slack_s and lying.end_s > span.start_s + slack_s
        if reaches_in and not isinstance(lying.item, Gap):
            return lying.item.name or "A clip"
    return None


def _videos(timeline: Timeline) -> list[Track]:
    return [
        track
        for track in timeline.tracks
        if isinstance(track, Track) and track.kind == TrackKind.Video
    ]


def _nth_video(timeline: Timeline, index: int) -> Track:
    return _videos(timeline)[index]


def _any_clip(document: TimelineDocument) -> Clip:
    clip = clip_beneath(document, Fraction(-1))
    if clip is None:
        raise bad_input(
            f"{document.path.name} names no media, so its frame rate is not known; export it as "
            "another format."
        )
    return clip
