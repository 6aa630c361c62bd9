"""A clip on a timeline extended: planned on the timeline, made by the engine, put in its place.

with Engine.open() as engine:
    result = extend_timeline(engine, edit, options=ExtendOptions(tail=parse_length("2s")))
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from longtake.v1 import job_pb2, media_pb2

from longtake_bridge.client import Engine
from longtake_bridge.clip_edit import TimelineEdit
from longtake_bridge.length import Length
from longtake_bridge.media_probe import made_take, media_folder, probe_with
from longtake_bridge.option import ExtendOptions
from longtake_bridge.output import default_suffix, nearest_folder, timeline_output_path
from longtake_bridge.request import (
    OnChange,
    ignore_change,
    job_spec,
    options_to_keep,
    unheard_notes,
)
from longtake_bridge.result import Result, Take, takes_of
from longtake_bridge.timeline.api import (
    PreparedEdit,
    Target,
    ToMake,
    finish,
    prepare,
)
from longtake_bridge.timeline.plan import MadeTake, Side


def extend_timeline(
    engine: Engine,
    edit: TimelineEdit,
    *,
    options: ExtendOptions,
    on_change: OnChange = ignore_change,
) -> Result:
    """What was made and where it lies; real frames that the source still holds are used first.

    Raises:
        BridgeError: The edit cannot be done, the engine refused, or the work was cancelled. No
            timeline has been written; media that one side had got already stays, for a next time.
    """
    prepared = _prepare(engine, edit, options)
    jobs: list[str] = []
    takes: dict[Side, list[Take]] = {}
    with media_folder(prepared.target.media_folder if prepared.to_make else None):
        for work in prepared.to_make:
            job = engine.run_job(_spec(work, options), on_change)
            jobs.append(job.id)
            takes[work.side] = list(takes_of(job))
    made: dict[Side, list[MadeTake]] = {
        side: [made_take(engine, take) for take in found] for side, found in takes.items()
    }
    finished = finish(prepared, made)
    placements = tuple(placement.to_json_object() for placement in finished.placements)
    every_take = tuple(take for found in takes.values() for take in found)
    return Result(
        job=jobs[0] if jobs else None,
        takes=every_take,
        placement=placements[0] if placements else None,
        timeline=str(finished.timeline_path),
        notes=(*finished.notes, *unheard_notes(engine, options, every_take)),
        jobs=tuple(jobs),
        placements=placements,
    )


def estimate_timeline(
    engine: Engine, edit: TimelineEdit, *, options: ExtendOptions
) -> tuple[job_pb2.EstimateJobResponse, ...]:
    """What each side would cost; none at all where real frames are enough.

    Raises:
        BridgeError: The edit cannot be done, or the engine refused.
    """
    prepared = _prepare(engine, edit, options)
    estimates = []
    for work in prepared.to_make:
        folder = nearest_folder(work.output_path.parent)
        here = replace(work, output_path=folder / work.output_path.name)
        estimates.append(engine.estimate(_spec(here, options)))
    return tuple(estimates)


def _prepare(engine: Engine, edit: TimelineEdit, options: ExtendOptions) -> PreparedEdit:
    return prepare(
        edit.timeline_path,
        edit.clip_name,
        head=options.head,
        tail=options.tail,
        follow=edit.follow,
        target=Target(
            path=timeline_output_path(edit.timeline_path, edit.output),
            media_dir=edit.media_folder,
            suffix=default_suffix(Path(), options.codec),
            replace_existing=options.force,
        ),
        request=_request(edit, options),
        probe=probe_with(engine),
    )


def _request(edit: TimelineEdit, options: ExtendOptions) -> dict[str, Any]:
    """Everything that was asked for, as JSON: it is kept on the made clip, to make it again."""

    def text(length: Length | None) -> str | None:
        return str(length) if length is not None else None

    return {
        "task": "extend",
        "head": text(options.head),
        "tail": text(options.tail),
        "follow": edit.follow,
        **options_to_keep(options),
    }


def _spec(work: ToMake, options: ExtendOptions) -> job_pb2.JobSpec:
    length = media_pb2.Duration(frames=work.frames)
    path = work.output_path
    if options.codec == "source":  # only now is it known of which file
        path = path.with_suffix(default_suffix(work.input_path, options.codec))
    extend = job_pb2.ExtendSpec(
        input_path=str(work.input_path),
        head=length if work.side == "head" else None,
        tail=length if work.side == "tail" else None,
        contents=job_pb2.CONTENTS_NEW_ONLY,
    )
    sequence_rate = work.sequence_rate or options.sequence_rate
    return job_spec(extend, path, replace(options, sequence_rate=sequence_rate))
