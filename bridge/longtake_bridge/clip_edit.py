"""One clip of a timeline made anew by one job: opened, made, put in its place, written.

What is made of it, and where it then lies, is the business of `inpaint_timeline`, `slow_timeline`
and their like.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from longtake.v1 import job_pb2

from longtake_bridge.client import Engine
from longtake_bridge.media_probe import made_take, media_folder, probe_with
from longtake_bridge.option import MakeOptions
from longtake_bridge.output import default_suffix, nearest_folder, timeline_output_path
from longtake_bridge.request import OnChange, unheard_notes
from longtake_bridge.result import Result, takes_of
from longtake_bridge.timeline.api import (
    Target,
    file_identity,
    fits,
    made_path,
    open_document,
    save_document,
)
from longtake_bridge.timeline.clip_search import ClipAddress, find_clip, find_item
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.media import MediaFacts, probe_clip
from longtake_bridge.timeline.placement import Follow, Placement
from longtake_bridge.timeline.placing import place
from longtake_bridge.timeline.plan import MadeTake


@dataclass(frozen=True, slots=True)
class TimelineEdit:
    """Which clip of which timeline, and where the result goes."""

    timeline_path: Path
    clip_name: str
    output: Path | None = None  # beside the timeline, replacing nothing, where None
    follow: Follow = "gap"  # what becomes of what follows, where the clip grows longer
    media_folder: Path | None = None  # "NAME Media" beside the new timeline where None


@dataclass(frozen=True, slots=True)
class OpenClip:
    """A clip of a timeline that can be read, on a timeline that can be written."""

    document: TimelineDocument
    target: Target
    address: ClipAddress
    media: MediaFacts
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClipJob:
    """What is to be made of a clip, and what becomes of it then.

    `label` ends the name of the made file; `said` is everything that tells it from others that are
    made of the same file.
    """

    clip: OpenClip
    label: str
    said: Sequence[Any]
    options: MakeOptions
    spec: Callable[[Path], job_pb2.JobSpec]  # of the job that makes this file
    place: Callable[[Sequence[MadeTake]], Placement]  # of the takes, best first
    note: Callable[[Sequence[MadeTake]], Sequence[str]] | None = None


def open_clip(engine: Engine, edit: TimelineEdit, options: MakeOptions, *, done: str) -> OpenClip:
    """The clip that `edit` names; `done` ends the name of the new timeline where none is given.

    Raises:
        BridgeError: There is none, or the new timeline could not be written.
    """
    target = Target(
        path=timeline_output_path(edit.timeline_path, edit.output, done=done),
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
    return OpenClip(document, target, address, media, notes)


def run_clip_job(engine: Engine, job: ClipJob, on_change: OnChange) -> Result:
    """What was made and where it lies.

    Raises:
        BridgeError: The engine refused, or the work was cancelled. No timeline has been written.
    """
    folder = job.clip.target.media_folder
    with media_folder(folder):
        ended = engine.run_job(job.spec(_made_file(job, folder)), on_change)
    takes = takes_of(ended)
    made = [made_take(engine, take) for take in takes]
    fitting = [take for take in made if fits(take, made[0])]
    placement = job.place(fitting)
    placed = place(placement, job.clip.document.timeline)
    document = job.clip.document.with_timeline(
        placed.timeline, frozenset(take.media.path for take in fitting)
    )
    lost = save_document(document, job.clip.target)
    said = job.note(fitting) if job.note is not None else ()
    notes = (*job.clip.notes, *said, *placed.notes, *lost)
    told = placement.to_json_object()
    return Result(
        job=ended.id,
        takes=takes,
        placement=told,
        timeline=str(job.clip.target.path.absolute()),
        notes=tuple(dict.fromkeys((*notes, *unheard_notes(engine, job.options, takes)))),
        jobs=(ended.id,),
        placements=(told,),
    )


def estimate_clip_job(engine: Engine, job: ClipJob) -> job_pb2.EstimateJobResponse:
    """What it would cost.

    Raises:
        BridgeError: The engine refused.
    """
    folder = nearest_folder(job.clip.target.media_folder)
    return engine.estimate(job.spec(_made_file(job, folder)))


def _made_file(job: ClipJob, folder: Path) -> Path:
    source = job.clip.media.path
    said = [*file_identity(source), *job.said]
    path = made_path(replace(job.clip.target, media_dir=folder), job.label, said)
    if job.options.codec == "source":  # only now is it known of which file
        path = path.with_suffix(default_suffix(source, job.options.codec))
    return path
