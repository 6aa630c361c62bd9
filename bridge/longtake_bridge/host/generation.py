"""B-roll at a host's playhead: footage of the user's own where some fits, else a shot that is
made."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from longtake.v1 import job_pb2
from opentimelineio.schema import Track as TimelineTrack
from opentimelineio.schema import TrackKind

from longtake_bridge.broll.plan import Plan, Planner
from longtake_bridge.client import Engine
from longtake_bridge.errors import wrong_call
from longtake_bridge.generate import parse_camera, shot_spec
from longtake_bridge.host.context import Context, Settings, Track
from longtake_bridge.host.preparation import (
    Finished,
    Preparation,
    apply_all,
    chosen_options,
    made_file,
    media_folder,
    request_of,
)
from longtake_bridge.host.sequence import HostSequence
from longtake_bridge.length import parse_length
from longtake_bridge.option import BrollOptions
from longtake_bridge.timeline.api import Target, file_identity
from longtake_bridge.timeline.placement import Span
from longtake_bridge.timeline.plan import MadeTake
from longtake_bridge.timeline.shot import TRACK, PreparedShots, place_shot
from longtake_bridge.timeline.spot import track_ref
from longtake_bridge.timeline.timing import count_frames, frame_to_timecode
from longtake_bridge.timeline.wish import Wish

USUAL = "4s"


def broll_options(settings: Settings) -> BrollOptions:
    """What `settings` say of a shot.

    Raises:
        BridgeError: WRONG_CALL; they say what cannot be understood.
    """
    return BrollOptions(
        **chosen_options(settings),
        camera=parse_camera(settings.camera) if settings.camera is not None else None,
        expand_prompt=settings.expand_prompt,
        duration=parse_length(settings.duration or USUAL),
        still_paths=tuple(Path(still) for still in settings.stills),
        own_first=settings.own_first,
    )


def prepare_generation(engine: Engine, sequence: HostSequence, settings: Settings) -> Preparation:
    """What laying a shot over the timeline at the playhead takes.

    Raises:
        BridgeError: It cannot be done; it says why.
    """
    options = broll_options(settings)
    if not (options.prompt or options.still_paths):
        raise wrong_call("Say what to show: a prompt, or stills.")
    if sequence.context.at is None:
        raise wrong_call("Put the playhead where the shot shall begin.")
    sequence, wish, number = _with_track(sequence, options)
    track = track_ref(sequence.timeline, (), number)
    target = Target(sequence.document.path)
    prepared = PreparedShots(sequence.document, (wish,), {}, track, False, target, ())
    planner = Planner(engine, prepared, options, ())
    (plan,) = planner.plans((wish,))
    if plan.error is not None:
        raise plan.error

    def make_jobs(folder: Path) -> tuple[job_pb2.JobSpec, ...]:
        return (_job(folder, plan, settings),) if plan.make is not None else ()

    def finish(takes: Sequence[Sequence[MadeTake]]) -> Finished:
        shot = plan.own if plan.own is not None else list(takes[0])
        said = {"own": str(plan.own.media.path) if plan.own is not None else None}
        request = request_of("generate", settings, said)
        return apply_all(sequence, [place_shot(track, wish, shot, request)])

    return Preparation(
        media_folder=media_folder(sequence.context, _source(plan)),
        make_jobs=make_jobs,
        real_frames=wish.span.duration_frames if plan.own is not None else 0,
        new_frames=wish.span.duration_frames if plan.make is not None else 0,
        notes=(plan.sentence, *planner.notes),
        finish=finish,
    )


def _with_track(sequence: HostSequence, options: BrollOptions) -> tuple[HostSequence, Wish, int]:
    """The sequence with a track for the shot, the wish, and the track's number."""
    context, rate = sequence.context, sequence.rate
    assert context.at is not None and options.duration is not None, "looked at before"
    if context.at < sequence.origin_frame:
        raise wrong_call("The playhead lies before all that the timeline shows; move it.")
    frames = count_frames(options.duration, rate)
    span = Span(context.at - sequence.origin_frame, frames, rate)
    wish = Wish(1, span, options.prompt, frame_to_timecode(context.at, rate))
    track = _free_track(context, context.at, context.at + frames)
    keys = [(one.kind, one.index) for one in sequence.tracks]
    if (track.kind, track.index) in keys:
        return sequence, wish, keys.index((track.kind, track.index))
    # Above a track with a higher number there may be none yet; those between hold nothing.
    number = sum(1 for kind, index in keys if kind == "video" and index < track.index)
    timeline = sequence.timeline.deepcopy()
    timeline.tracks.insert(number, TimelineTrack(track.name or TRACK, kind=TrackKind.Video))
    tracks = (*sequence.tracks[:number], track, *sequence.tracks[number:])
    document = sequence.document.with_timeline(timeline)
    return replace(sequence, document=document, tracks=tracks), wish, number


def _free_track(context: Context, start: int, stop: int) -> Track:
    """The lowest video track that is free there and above all that is seen there; a new one on top
    where there is none.

    Raises:
        BridgeError: WRONG_CALL; a track is named, and something lies there.
    """
    lying = [
        item.track
        for item in context.items
        if item.record_start < stop and item.record_start + item.record_frames > start
    ]
    rooms = [one for one in lying if one.kind == "video" or context.shared_tracks]
    if context.track is not None:
        if context.track.index in {one.index for one in rooms}:
            raise wrong_call(
                "Something lies there on this track already; choose another track, or none."
            )
        return Track("video", context.track.index, context.track.name or TRACK)
    highest = max((one.index for one in rooms), default=-1)
    known = {item.track.index: item.track for item in context.items if item.track.kind == "video"}
    above = [index for index in sorted(known) if index > highest]
    if above:
        return known[above[0]]
    used = [item.track.index for item in context.items if item.track.kind == "video"]
    return Track("video", max([highest, *used]) + 1, TRACK)


def _source(plan: Plan) -> Path:
    """A file that says where made media may lie, where the project does not."""
    make = plan.make
    if plan.own is not None or make is None:
        return plan.own.media.path if plan.own is not None else Path.cwd() / "shot"
    return make.like_path or (make.still_paths[0] if make.still_paths else Path.cwd() / "shot")


def _job(folder: Path, plan: Plan, settings: Settings) -> job_pb2.JobSpec:
    make = plan.make
    assert make is not None, "what is made has options"
    said: list[Any] = ["generate", plan.wish.span.duration_frames, str(make.frame_rate)]
    for path in (*make.still_paths, *((make.like_path,) if make.like_path else ())):
        said += file_identity(path)
    label = make.still_paths[0].stem if make.still_paths else plan.wish.text
    path = made_file(folder, f"broll_{label}", make.like_path or Path(), settings, said)
    return shot_spec(make, path)
