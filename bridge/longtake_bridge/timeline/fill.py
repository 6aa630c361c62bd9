"""Filling the gaps of a timeline, or hiding its jump cuts, in two steps, as `api` extends clips.

`prepare_fill` reads the timeline and says what the engine has to make for each gap, `finish_fill`
puts the takes in and writes the new timeline. Nothing is written before `finish_fill`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from opentimelineio.schema import Clip, TrackKind

from longtake_bridge.errors import BridgeError, bad_input
from longtake_bridge.timeline.api import (
    Target,
    file_identity,
    fits,
    made_path,
    open_document,
    save_document,
)
from longtake_bridge.timeline.choice import Choice, Chosen, choose
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.look import Look
from longtake_bridge.timeline.made_clip import METADATA_KEY, METADATA_VERSION, describe
from longtake_bridge.timeline.meant import Left
from longtake_bridge.timeline.media import Probe
from longtake_bridge.timeline.piece import PiecePlan, place_piece
from longtake_bridge.timeline.placement import Placement
from longtake_bridge.timeline.placing import place_in
from longtake_bridge.timeline.plan import MadeTake


@dataclass(frozen=True, slots=True)
class PieceToMake:
    """One job for the engine: the frames between two clips."""

    number: int  # of the gap or cut
    input_paths: tuple[Path, Path]
    shown: tuple[tuple[int, int], tuple[int, int]]  # (start_frame, duration_frames) of each
    frames: int  # at the rate of the first
    output_path: Path  # of the first take
    sequence_rate: Fraction | None  # of an image sequence
    no_audio: bool


@dataclass(frozen=True, slots=True)
class PreparedFill:
    """All gaps or cuts of a timeline, what is done about each, and what has to be made for it."""

    document: TimelineDocument
    chosen: tuple[Chosen, ...]  # in the order of their numbers
    target: Target
    to_make: tuple[PieceToMake, ...]
    request: Mapping[str, Any]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FinishedFill:
    """What was done."""

    timeline_path: Path
    placements: tuple[Placement, ...]  # in the order in which they were applied
    notes: tuple[str, ...]  # what an editor should know, one sentence each


def prepare_fill(
    path: Path,
    choice: Choice,
    *,
    target: Target,
    request: Mapping[str, Any],
    probe: Probe,
    no_audio: bool = False,
) -> PreparedFill:
    """What filling the timeline at `path` takes.

    `request` is everything that was asked for, as JSON; it is kept on the made clips and tells one
    made file from another.

    Raises:
        BridgeError: Nothing can be done; it says why, and nothing has been written.
    """
    document, notes = open_document(path, target, probe, _any_clip)
    document.check_target(target.path, replace_existing=target.replace_existing)
    document.rehearse(target.path)
    chosen = _rehearsed(document, choose(Look(document, probe), choice))
    to_make = tuple(
        _to_make(one.spot.number, one.plan, target, request, no_audio=no_audio)
        for one in chosen
        if one.plan is not None and one.plan.make_frames
    )
    return PreparedFill(document, chosen, target, to_make, request, notes)


def finish_fill(
    prepared: PreparedFill, takes: Mapping[int, Sequence[MadeTake]], *, no_audio: bool = False
) -> FinishedFill:
    """The gaps filled with the takes of each, by number, best first, and the timeline written.

    A gap for which something had to be made and nothing was stays as it is.

    Raises:
        BridgeError: The timeline could not be written as asked.
    """
    timeline = prepared.document.timeline.deepcopy()
    placements: list[Placement] = []
    notes = list(prepared.notes)
    for one in _in_order(prepared.chosen):
        number, plan = one.spot.number, one.plan
        made = takes.get(number, ())
        if plan is None or (plan.make_frames and not made):
            continue
        fitting = [take for take in made if fits(take, made[0])]
        notes += [
            f"{take.media.path.name} covers other frames than the active take and is left off the "
            "timeline."
            for take in made
            if take not in fitting
        ]
        placement = place_piece(plan, fitting, _name(plan), _whole_request(prepared, number, plan))
        notes += place_in(placement, timeline)
        placements.append(placement)
        wants_sound = any(sound.span is not None for sound in plan.sound) and not no_audio
        if fitting and wants_sound and not fitting[0].media.has_sound:
            notes.append(
                f"The piece made for {one.name} has no sound; the gap under it stays silent."
            )
    # What real frames alone have filled leaves no clip that could say so.
    timeline.metadata[METADATA_KEY] = {
        "version": METADATA_VERSION,
        "request": dict(prepared.request),
        "filled": [describe(placement) for placement in placements if not placement.takes],
    }
    made_paths = frozenset(take.media.path for found in takes.values() for take in found)
    document = prepared.document.with_timeline(timeline, made_paths)
    notes += save_document(document, prepared.target)
    return FinishedFill(
        prepared.target.path.absolute(), tuple(placements), tuple(dict.fromkeys(notes))
    )


def _in_order(chosen: Sequence[Chosen]) -> list[Chosen]:
    """What is done, nested timelines first, then from the end, so that nothing sought has moved."""
    return sorted(
        (one for one in chosen if one.plan is not None),
        key=lambda one: (len(one.spot.nest), one.spot.span.start_frame),
        reverse=True,
    )


def _rehearsed(document: TimelineDocument, chosen: Sequence[Chosen]) -> tuple[Chosen, ...]:
    """The same, less what turns out not to go: everything is tried with stand-ins before work."""
    left: dict[int, Left] = {}
    while True:
        tried = tuple(
            replace(one, plan=None, left=left[one.spot.number]) if one.spot.number in left else one
            for one in chosen
        )
        fault = _rehearse(document, tried)
        if fault is None:
            return tried
        left |= fault


def _rehearse(document: TimelineDocument, chosen: Sequence[Chosen]) -> dict[int, Left] | None:
    """The first gap or cut that cannot be done, by its number; None where all can."""
    timeline = document.timeline.deepcopy()
    for one in _in_order(chosen):
        assert one.plan is not None, "what is done has a plan"
        try:
            place_in(place_piece(one.plan, _stand_in(one.plan), "", {}), timeline)
        except BridgeError as error:
            return {one.spot.number: Left(error.sentence.rstrip("."))}
    return None


def _stand_in(plan: PiecePlan) -> list[MadeTake]:
    if not plan.make_frames:
        return []
    media = replace(plan.before.media, frame_count=plan.make_frames, has_sound=True)
    return [MadeTake(media, 0, "", {})]


def _name(plan: PiecePlan) -> str:
    names = list(dict.fromkeys((plan.before.anchor.clip_name, plan.after.anchor.clip_name)))
    done = "filled" if plan.action == "fill_gap" else "morph cut"
    return f"{' to '.join(name for name in names if name) or 'Gap'} ({done})"


def _whole_request(prepared: PreparedFill, number: int, plan: PiecePlan) -> dict[str, Any]:
    """All it takes to make the piece again, even where the clips themselves are gone by then."""
    return {
        **prepared.request,
        "number": number,
        "before": plan.before.anchor.clip_name,
        "after": plan.after.anchor.clip_name,
        "inputs": [str(plan.before.media.path), str(plan.after.media.path)],
        "shown": [[span.start_frame, span.duration_frames] for span in plan.input_spans],
        "before_frames": plan.before_frames,
        "after_frames": plan.after_frames,
        "make_frames": plan.make_frames,
    }


def _to_make(
    number: int, plan: PiecePlan, target: Target, request: Mapping[str, Any], *, no_audio: bool
) -> PieceToMake:
    first, second = plan.input_spans
    shown = (
        (first.start_frame, first.duration_frames),
        (second.start_frame, second.duration_frames),
    )
    paths = (plan.before.media.path, plan.after.media.path)
    # The sound of a shot whose jump is hidden is the original.
    silent = no_audio or plan.action == "overwrite"
    said = [*map(file_identity, paths), shown, plan.make_frames, silent, dict(request)]
    return PieceToMake(
        number=number,
        input_paths=paths,
        shown=shown,
        frames=plan.make_frames,
        output_path=made_path(target, _name(plan), said),
        sequence_rate=plan.before.sequence_rate or plan.after.sequence_rate,
        no_audio=silent,
    )


def _any_clip(document: TimelineDocument) -> Clip:
    """The first clip with a picture: an EDL takes its rate from it."""
    for track in document.timeline.tracks:
        if track.kind == TrackKind.Video:
            for clip in track.find_clips():
                if getattr(clip.media_reference, "target_url", ""):
                    return clip
    raise bad_input(
        f"{document.path.name} names no media, so its frame rate is not known; export it as "
        "another format."
    )
