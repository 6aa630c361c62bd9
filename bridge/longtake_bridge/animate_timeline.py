"""Parts of a clip or a still on a timeline moved: planned there, made by the engine, put in its
place.

with Engine.open() as engine:
    edit = TimelineEdit(Path("edit.otio"), "Beach")
    sea = replace(parse_region("sea.png"), dx=20.0)
    result = animate_timeline(engine, edit, options=AnimateOptions(regions=(sea,)))
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from longtake.v1 import job_pb2

from longtake_bridge.animate import animate_job, check_animate
from longtake_bridge.client import Engine
from longtake_bridge.clip_edit import ClipJob, TimelineEdit, open_clip, run_clip_job
from longtake_bridge.errors import wrong_call
from longtake_bridge.length import Length
from longtake_bridge.option import AnimateOptions
from longtake_bridge.output import absolute
from longtake_bridge.request import OnChange, ignore_change, options_to_keep
from longtake_bridge.result import Result
from longtake_bridge.stroke import on_frames
from longtake_bridge.timeline.api import file_identity
from longtake_bridge.timeline.region import RegionPlan, place_region, plan_region
from longtake_bridge.timeline.still_region import plan_still


def animate_timeline(
    engine: Engine,
    edit: TimelineEdit,
    *,
    options: AnimateOptions,
    on_change: OnChange = ignore_change,
) -> Result:
    """What was made and where it lies: what the clip shows, its parts moving.

    The clip keeps its original among its takes.

    Raises:
        BridgeError: The edit cannot be done, the engine refused, or the work was cancelled. No
            timeline has been written.
    """
    return run_clip_job(engine, animate_clip(engine, edit, options), on_change)


def animate_request(options: AnimateOptions) -> dict[str, Any]:
    """Everything that was asked for, as JSON: it is kept on the made clip, to make it again."""
    masks = [None if move.mask_path is None else move.mask_path for move in options.moves]
    return {
        "task": "animate",
        "regions": [
            {
                "mask": None if region.mask_path is None else str(absolute(region.mask_path)),
                "box": None if region.box is None else str(region.box),
                "at": region.timecode or region.frame,
                "direction": [region.dx, region.dy],
            }
            for region in options.regions
        ],
        "moves": [[str(box) for box in move.boxes] for move in options.moves],
        "masks": [None if mask is None else str(absolute(mask)) for mask in masks],
        "loop": options.loop,
        **options_to_keep(options),
    }


def animate_clip(engine: Engine, edit: TimelineEdit, options: AnimateOptions) -> ClipJob:
    """The job that has parts of the clip moved: to be run, or to be estimated.

    Raises:
        BridgeError: The edit cannot be done.
    """
    check_animate(options)
    clip = open_clip(engine, edit, options, done="moving")
    is_still = clip.media.frame_count == 1
    if options.loop and not is_still:
        raise wrong_call(
            "On a timeline a clip is as long as it is shown and its edges can be moved, so it"
            " cannot loop; leave --loop out."
        )
    plan_clip = plan_still if is_still else plan_region
    timeline = clip.document.timeline
    plan = plan_clip(timeline, clip.address, media=clip.media, rate=clip.document.rate)
    asked = on_media(plan, options, is_still=is_still)
    request = animate_request(options)

    def spec(path: Path) -> job_pb2.JobSpec:
        shown = None if is_still else plan.output_range
        return animate_job(clip.media.path, path, asked, shown=shown)

    return ClipJob(
        clip,
        label=f"{plan.anchor.clip_name}_moving",
        said=[plan.output_range, request, *drawn_files(options)],
        options=options,
        spec=spec,
        place=lambda made: place_region(plan, made, request),
    )


def drawn_files(options: AnimateOptions) -> list[Any]:
    """What tells the images that were given from others of their names."""
    paths = [region.mask_path for region in options.regions]
    paths += [move.mask_path for move in options.moves]
    return [part for path in paths if path is not None for part in file_identity(absolute(path))]


def on_media(plan: RegionPlan, options: AnimateOptions, *, is_still: bool) -> AnimateOptions:
    """`options` as the engine is asked: everything on frames of the clip's own file, or on those
    that are made of a still.

    Raises:
        BridgeError: WRONG_CALL; the clip shows nothing at a timecode that was given.
    """
    regions, moves = on_frames(options.regions, options.moves, plan.frame_of)
    asked = replace(
        options,
        regions=regions,
        moves=moves,
        sequence_rate=plan.sequence_rate or options.sequence_rate,
    )
    if not is_still:
        return asked
    return replace(asked, duration=Length(frames=plan.shown.duration_frames), frame_rate=plan.rate)
