"""A clip on a timeline slowed down: planned on the timeline, made by the engine, put in its place.

with Engine.open() as engine:
    result = slow_timeline(engine, edit, options=InterpolateOptions(factor=Fraction(2)))
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from longtake.v1 import job_pb2

from longtake_bridge.client import Engine
from longtake_bridge.extend_timeline import TimelineEdit
from longtake_bridge.interpolate import interpolate_spec
from longtake_bridge.media_probe import made_take, media_folder, probe_with
from longtake_bridge.option import InterpolateOptions
from longtake_bridge.output import default_suffix, nearest_folder, timeline_output_path
from longtake_bridge.request import OnChange, ignore_change, options_to_keep, unheard_notes
from longtake_bridge.result import Result, take_from_proto
from longtake_bridge.timeline.api import (
    Target,
    file_identity,
    made_path,
    open_document,
    save_document,
)
from longtake_bridge.timeline.clip_search import find_clip, find_item
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.media import Probe, probe_clip
from longtake_bridge.timeline.placing import place
from longtake_bridge.timeline.slow import SlowPlan, place_slow, plan_slow, slow_notes


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An edit that can be done."""

    document: TimelineDocument
    target: Target
    slow: SlowPlan
    notes: tuple[str, ...]


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
    prepared = _prepare(engine, edit, options)
    folder = prepared.target.media_folder
    with media_folder(folder):
        job = engine.run_job(_spec(prepared, folder, edit, options), on_change)
    takes = tuple(take_from_proto(take) for take in job.takes)
    made = [made_take(engine, take) for take in takes]
    placement = place_slow(prepared.slow, made, _request(edit, options))
    placed = place(placement, prepared.document.timeline)
    document = prepared.document.with_timeline(
        placed.timeline, frozenset(take.media.path for take in made)
    )
    lost = save_document(document, prepared.target)
    notes = (*prepared.notes, *slow_notes(prepared.slow, made), *placed.notes, *lost)
    told = placement.to_json_object()
    return Result(
        job=job.id,
        takes=takes,
        placement=told,
        timeline=str(prepared.target.path.absolute()),
        notes=tuple(dict.fromkeys((*notes, *unheard_notes(engine, options, takes)))),
        jobs=(job.id,),
        placements=(told,),
    )


def estimate_slow_timeline(
    engine: Engine, edit: TimelineEdit, *, options: InterpolateOptions
) -> job_pb2.EstimateJobResponse:
    """What it would cost.

    Raises:
        BridgeError: The edit cannot be done, or the engine refused.
    """
    prepared = _prepare(engine, edit, options)
    folder = nearest_folder(prepared.target.media_folder)
    return engine.estimate(_spec(prepared, folder, edit, options))


def _prepare(engine: Engine, edit: TimelineEdit, options: InterpolateOptions) -> _Prepared:
    target = Target(
        path=timeline_output_path(edit.timeline_path, edit.output, done="slowed"),
        media_dir=edit.media_folder,
        suffix=default_suffix(Path(), options.codec),
        replace_existing=options.force,
    )
    probe = probe_with(engine)
    document, notes = _open(edit, target, probe)
    address = find_clip(document.timeline, edit.clip_name, document.rate)
    slow = plan_slow(
        document.timeline,
        address,
        factor=options.factor,
        media=probe_clip(find_item(document.timeline, address), document.locate, probe),
        follow=edit.follow,
        rate=document.rate,
        locate=document.locate,
    )
    return _Prepared(document, target, slow, notes)


def _open(
    edit: TimelineEdit, target: Target, probe: Probe
) -> tuple[TimelineDocument, tuple[str, ...]]:
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
    return document, notes


def _spec(
    prepared: _Prepared, folder: Path, edit: TimelineEdit, options: InterpolateOptions
) -> job_pb2.JobSpec:
    slow, source = prepared.slow, prepared.slow.plan.media.path
    target = replace(prepared.target, media_dir=folder)
    said = [*file_identity(source), slow.input_range, _request(edit, options)]
    path = made_path(target, f"{slow.plan.anchor.clip_name}_slow", said)
    if options.codec == "source":  # only now is it known of which file
        path = path.with_suffix(default_suffix(source, options.codec))
    rate = slow.sequence_rate or options.sequence_rate
    asked = replace(options, shown=(slow.input_range,), sequence_rate=rate)
    return interpolate_spec([source], path, options=asked)


def _request(edit: TimelineEdit, options: InterpolateOptions) -> dict[str, Any]:
    """Everything that was asked for, as JSON: it is kept on the made clip, to make it again."""
    return {
        "task": "slow_motion",
        "factor": str(options.factor),
        "quality": options.quality,
        "follow": edit.follow,
        **options_to_keep(options),
    }
