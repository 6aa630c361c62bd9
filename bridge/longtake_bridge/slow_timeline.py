"""A clip on a timeline slowed down: planned on the timeline, made by the engine, put in its place.

with Engine.open() as engine:
    result = slow_timeline(engine, edit, options=InterpolateOptions(factor=Fraction(2)))
"""

from dataclasses import replace
from typing import Any

from longtake_bridge.client import Engine
from longtake_bridge.clip_edit import ClipJob, TimelineEdit, open_clip, run_clip_job
from longtake_bridge.interpolate import interpolate_spec
from longtake_bridge.option import InterpolateOptions
from longtake_bridge.request import OnChange, ignore_change, options_to_keep
from longtake_bridge.result import Result
from longtake_bridge.timeline.slow import place_slow, plan_slow, slow_notes


def slow_timeline(
    engine: Engine,
    edit: TimelineEdit,
    *,
    options: InterpolateOptions,
    on_change: OnChange = ignore_change,
) -> Result:
    """What was made and where it lies: only what the clip shows is slowed down, and a little more.

    Raises:
        BridgeError: The edit cannot be done, the engine refused, or the work was cancelled. No
            timeline has been written.
    """
    return run_clip_job(engine, slow_clip(engine, edit, options), on_change)


def slow_clip(engine: Engine, edit: TimelineEdit, options: InterpolateOptions) -> ClipJob:
    """The job that has the clip slowed down: to be run, or to be estimated.

    Raises:
        BridgeError: The edit cannot be done.
    """
    clip = open_clip(engine, edit, options, done="slowed")
    slow = plan_slow(
        clip.document.timeline,
        clip.address,
        factor=options.factor,
        media=clip.media,
        follow=edit.follow,
        rate=clip.document.rate,
        locate=clip.document.locate,
    )
    request = _request(edit, options)
    rate = slow.sequence_rate or options.sequence_rate
    asked = replace(options, shown=(slow.input_range,), sequence_rate=rate)
    return ClipJob(
        clip,
        label=f"{slow.plan.anchor.clip_name}_slow",
        said=[slow.input_range, request],
        options=options,
        spec=lambda path: interpolate_spec([clip.media.path], path, options=asked),
        place=lambda made: place_slow(slow, made, request),
        note=lambda made: slow_notes(slow, made),
    )


def _request(edit: TimelineEdit, options: InterpolateOptions) -> dict[str, Any]:
    """Everything that was asked for, as JSON: it is kept on the made clip, to make it again."""
    return {
        "task": "slow_motion",
        "factor": str(options.factor),
        "quality": options.quality,
        "follow": edit.follow,
        **options_to_keep(options),
    }
