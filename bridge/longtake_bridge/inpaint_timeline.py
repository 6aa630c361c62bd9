"""A region of a clip on a timeline removed: planned there, made by the engine, put in its place.

with Engine.open() as engine:
    edit = TimelineEdit(Path("edit.otio"), "Interview B")
    away = InpaintOptions(boxes=(parse_box("120,80,60,40@01:00:12:05"),))
    result = inpaint_timeline(engine, edit, options=away)
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from longtake.v1 import job_pb2

from longtake_bridge.client import Engine
from longtake_bridge.clip_edit import ClipJob, TimelineEdit, open_clip, run_clip_job
from longtake_bridge.errors import wrong_call
from longtake_bridge.inpaint import check_inpaint, inpaint_work
from longtake_bridge.length import Length
from longtake_bridge.marked import put_on_frames
from longtake_bridge.option import InpaintOptions
from longtake_bridge.output import absolute
from longtake_bridge.request import OnChange, ignore_change, job_spec, options_to_keep
from longtake_bridge.result import Result
from longtake_bridge.timeline.api import file_identity
from longtake_bridge.timeline.region import RegionPlan, place_region, plan_region


def inpaint_timeline(
    engine: Engine,
    edit: TimelineEdit,
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
    return run_clip_job(engine, inpaint_clip(engine, edit, options), on_change)


def inpaint_clip(engine: Engine, edit: TimelineEdit, options: InpaintOptions) -> ClipJob:
    """The job that has a region of the clip removed: to be run, or to be estimated.

    Raises:
        BridgeError: The edit cannot be done.
    """
    check_inpaint(options)
    clip = open_clip(engine, edit, options, done="inpainted")
    timeline = clip.document.timeline
    plan = plan_region(timeline, clip.address, media=clip.media, rate=clip.document.rate)
    asked = on_media(engine, plan, options)
    request = inpaint_request(options)
    mask = options.mask_path

    def spec(path: Path) -> job_pb2.JobSpec:
        return job_spec(inpaint_work(plan.media.path, asked, shown=plan.output_range), path, asked)

    return ClipJob(
        clip,
        label=f"{plan.anchor.clip_name}_inpainted",
        said=[plan.output_range, request, *(file_identity(absolute(mask)) if mask else [])],
        options=options,
        spec=spec,
        place=lambda made: place_region(plan, made, request),
    )


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
        put_on_frames(options, plan.frame_of),
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
