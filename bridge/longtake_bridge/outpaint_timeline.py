"""A clip on a timeline in another shape: planned there, made by the engine, put in its place.

with Engine.open() as engine:
    edit = TimelineEdit(Path("edit.otio"), "Interview B")
    upright = OutpaintOptions(size=(1080, 1920), follow=True)
    result = outpaint_timeline(engine, edit, options=upright)
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from longtake.v1 import job_pb2

from longtake_bridge.client import Engine
from longtake_bridge.clip_edit import ClipJob, TimelineEdit, open_clip, run_clip_job
from longtake_bridge.marked import put_on_frames
from longtake_bridge.option import OutpaintOptions
from longtake_bridge.outpaint import check_outpaint, outpaint_work
from longtake_bridge.request import OnChange, ignore_change, job_spec, options_to_keep
from longtake_bridge.result import Result
from longtake_bridge.timeline.region import RegionPlan, place_region, plan_region


def outpaint_timeline(
    engine: Engine,
    edit: TimelineEdit,
    *,
    options: OutpaintOptions,
    on_change: OnChange = ignore_change,
) -> Result:
    """What was made and where it lies: only what the clip shows, and a little more, is made anew.

    The clip keeps its original among its takes.

    Raises:
        BridgeError: The edit cannot be done, the engine refused, or the work was cancelled. No
            timeline has been written.
    """
    return run_clip_job(engine, outpaint_clip(engine, edit, options), on_change)


def outpaint_clip(engine: Engine, edit: TimelineEdit, options: OutpaintOptions) -> ClipJob:
    """The job that has the clip in another shape: to be run, or to be estimated.

    Raises:
        BridgeError: The edit cannot be done.
    """
    check_outpaint(options)
    clip = open_clip(engine, edit, options, done="outpainted")
    timeline = clip.document.timeline
    plan = plan_region(timeline, clip.address, media=clip.media, rate=clip.document.rate)
    asked = on_media(plan, options)
    request = outpaint_request(options)

    def spec(path: Path) -> job_pb2.JobSpec:
        return job_spec(outpaint_work(plan.media.path, asked, shown=plan.output_range), path, asked)

    return ClipJob(
        clip,
        label=f"{plan.anchor.clip_name}_outpainted",
        said=[plan.output_range, request],
        options=options,
        spec=spec,
        place=lambda made: place_region(plan, made, request),
    )


def on_media(plan: RegionPlan, options: OutpaintOptions) -> OutpaintOptions:
    """`options` as the engine is asked: everything on frames of the clip's own file.

    Raises:
        BridgeError: WRONG_CALL; the clip shows nothing at a timecode that was given.
    """
    rate = plan.sequence_rate or options.sequence_rate
    return replace(put_on_frames(options, plan.frame_of), sequence_rate=rate)


def outpaint_request(options: OutpaintOptions) -> dict[str, Any]:
    """Everything that was asked for, as JSON: it is kept on the made clip, to make it again."""
    return {
        "task": "outpaint",
        "size": list(options.size),
        "anchor": options.anchor,
        "fit": options.fit,
        "follow": options.follow,
        "boxes": [str(box) for box in options.boxes],
        "points": [str(point) for point in options.points],
        **options_to_keep(options),
    }
