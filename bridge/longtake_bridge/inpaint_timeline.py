"""A region of a clip on a timeline removed: planned there, made by the engine, put in its place.

with Engine.open() as engine:
    edit = InpaintEdit(Path("edit.otio"), "Interview B")
    away = InpaintOptions(boxes=(parse_box("120,80,60,40@01:00:12:05"),))
    result = inpaint_timeline(engine, edit, options=away)
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from longtake.v1 import job_pb2

from longtake_bridge.client import Engine
from longtake_bridge.errors import wrong_call
from longtake_bridge.inpaint import check_inpaint, inpaint_work
from longtake_bridge.length import Length
from longtake_bridge.media_probe import made_take, media_folder, probe_with
from longtake_bridge.option import InpaintOptions
from longtake_bridge.output import absolute, default_suffix, nearest_folder, timeline_output_path
from longtake_bridge.request import (
    OnChange,
    ignore_change,
    job_spec,
    options_to_keep,
    unheard_notes,
)
from longtake_bridge.result import Result, take_from_proto
from longtake_bridge.timeline.api import (
    Target,
    file_identity,
    fits,
    made_path,
    open_document,
    save_document,
)
from longtake_bridge.timeline.clip_search import find_clip, find_item
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.media import probe_clip
from longtake_bridge.timeline.placing import place
from longtake_bridge.timeline.region import RegionPlan, place_region, plan_region


@dataclass(frozen=True, slots=True)
class InpaintEdit:
    """Which clip of which timeline, and where the result goes."""

    timeline_path: Path
    clip_name: str
    output: Path | None = None  # beside the timeline, replacing nothing, where None
    media_folder: Path | None = None  # "NAME Media" beside the new timeline where None


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An edit that can be done."""

    document: TimelineDocument
    target: Target
    plan: RegionPlan
    options: InpaintOptions  # on frames of the clip's file
    request: dict[str, Any]
    notes: tuple[str, ...]


def inpaint_timeline(
    engine: Engine,
    edit: InpaintEdit,
    *,
    options: InpaintOptions,
    on_change: OnChange = ignore_change,
) -> Result:
    """What was made and where it lies: only what the clip shows, and a little more, is made anew.

    The clip keeps its original among its takes.

    Raises:
        BridgeError: The edit cannot be done, the engine refused, or the work was cancelled. No
            timeline has been written.
    """
    prepared = _prepare(engine, edit, options)
    folder = prepared.target.media_folder
    with media_folder(folder):
        job = engine.run_job(_spec(prepared, folder), on_change)
    takes = tuple(take_from_proto(take) for take in job.takes)
    made = [made_take(engine, take) for take in takes]
    fitting = [take for take in made if fits(take, made[0])]
    placement = place_region(prepared.plan, fitting, prepared.request)
    placed = place(placement, prepared.document.timeline)
    document = prepared.document.with_timeline(
        placed.timeline, frozenset(take.media.path for take in fitting)
    )
    lost = save_document(document, prepared.target)
    notes = (*prepared.notes, *placed.notes, *lost, *unheard_notes(engine, options, takes))
    told = placement.to_json_object()
    return Result(
        job=job.id,
        takes=takes,
        placement=told,
        timeline=str(prepared.target.path.absolute()),
        notes=tuple(dict.fromkeys(notes)),
        jobs=(job.id,),
        placements=(told,),
    )


def estimate_inpaint_timeline(
    engine: Engine, edit: InpaintEdit, *, options: InpaintOptions
) -> job_pb2.EstimateJobResponse:
    """What it would cost.

    Raises:
        BridgeError: The edit cannot be done, or the engine refused.
    """
    prepared = _prepare(engine, edit, options)
    folder = nearest_folder(prepared.target.media_folder)
    return engine.estimate(_spec(prepared, folder))


def _prepare(engine: Engine, edit: InpaintEdit, options: InpaintOptions) -> _Prepared:
    check_inpaint(options)
    target = Target(
        path=timeline_output_path(edit.timeline_path, edit.output, done="inpainted"),
        media_dir=edit.media_folder,
        suffix=default_suffix(Path(), options.codec),
        replace_existing=options.force,
    )
    probe = probe_with(engine)
    document, notes = open_document(
        edit.timeline_path,
        target,
        probe,
        lambda document: find_item(
            document.timeline, find_clip(document.timeline, edit.clip_name, document.rate)
        ),
    )
    document.check_target(target.path, replace_existing=target.replace_existing)
    document.rehearse(target.path)
    address = find_clip(document.timeline, edit.clip_name, document.rate)
    media = probe_clip(find_item(document.timeline, address), document.locate, probe)
    plan = plan_region(document.timeline, address, media=media, rate=document.rate)
    asked = on_media(engine, plan, options)
    return _Prepared(document, target, plan, asked, inpaint_request(options), notes)


def on_media(engine: Engine, plan: RegionPlan, options: InpaintOptions) -> InpaintOptions:
    """`options` as the engine is asked: everything on frames of the clip's own file.

    A mask that is as long as what is made, or as what is shown, begins there.

    Raises:
        BridgeError: WRONG_CALL; the clip shows nothing at a timecode that was given.
    """
    start = plan.frame_at(options.between_start) if options.between_start else plan.first_frame
    if options.between_start is None and options.between_end is None:
        start = 0  # at any time: what lies beside the clip is hidden from the engine as well
    end = plan.frame_at(options.between_end) if options.between_end else None
    if end is not None and end <= start:
        raise wrong_call("--between ends before it begins; give the earlier place first.")
    return replace(
        options,
        boxes=tuple(replace(box, frame=plan.frame_of(box), timecode="") for box in options.boxes),
        points=tuple(
            replace(point, frame=plan.frame_of(point), timecode="") for point in options.points
        ),
        between_start=Length(frames=start) if start else None,
        between_end=Length(frames=end) if end is not None else None,
        mask_start_frame=_mask_start(engine, plan, options),
        sequence_rate=plan.sequence_rate or options.sequence_rate,
    )


def inpaint_request(options: InpaintOptions) -> dict[str, Any]:
    """Everything that was asked for, as JSON: it is kept on the made clip, to make it again."""
    between = (options.between_start, options.between_end)
    return {
        "task": "inpaint",
        "mask": str(absolute(options.mask_path)) if options.mask_path is not None else None,
        "mask_hides": options.mask_hides,
        "mask_start_frame": options.mask_start_frame,
        "boxes": [str(box) for box in options.boxes],
        "points": [str(point) for point in options.points],
        "defects": list(options.defects),
        "between": [str(place) if place is not None else None for place in between],
        "margin": options.margin,
        **options_to_keep(options),
    }


def _mask_start(engine: Engine, plan: RegionPlan, options: InpaintOptions) -> int | None:
    if options.mask_path is None or options.mask_start_frame is not None:
        return options.mask_start_frame
    streams = engine.probe(str(absolute(options.mask_path)), None).video_streams
    count = streams[0].frame_count if streams else 0
    start, made = plan.output_range
    if count in (1, plan.media.frame_count):
        return None
    if count == made:
        return start
    shown = round(plan.anchor.record_range.duration_s * plan.media.rate)
    return plan.first_frame if count == shown else None


def _spec(prepared: _Prepared, folder: Path) -> job_pb2.JobSpec:
    plan, options = prepared.plan, prepared.options
    source = plan.media.path
    target = replace(prepared.target, media_dir=folder)
    said: list[Any] = [*file_identity(source), plan.output_range, prepared.request]
    if options.mask_path is not None:
        said += file_identity(absolute(options.mask_path))
    path = made_path(target, f"{plan.anchor.clip_name}_inpainted", said)
    if options.codec == "source":  # only now is it known of which file
        path = path.with_suffix(default_suffix(source, options.codec))
    return job_spec(inpaint_work(source, options, shown=plan.output_range), path, options)
