"""A host's clip made anew: the same frames, in the place of the old ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from longtake.v1 import job_pb2

from longtake_bridge.client import Engine
from longtake_bridge.errors import wrong_call
from longtake_bridge.host.context import Settings
from longtake_bridge.host.preparation import (
    Finished,
    Preparation,
    apply_replacement,
    made_file,
    media_folder,
    request_of,
)
from longtake_bridge.host.sequence import HostSequence
from longtake_bridge.length import Length
from longtake_bridge.marked import Marked, draw_at
from longtake_bridge.media_probe import probe_with
from longtake_bridge.timeline.api import file_identity
from longtake_bridge.timeline.clip_search import ClipAddress, find_item
from longtake_bridge.timeline.media import MediaFacts, probe_clip
from longtake_bridge.timeline.plan import MadeTake
from longtake_bridge.timeline.region import RegionPlan, place_region, plan_region


@dataclass(frozen=True, slots=True)
class Anew:
    """How a clip is made anew."""

    task: str  # as the session calls it
    label: str  # ends the name of the made file
    note: str  # stands behind the clip's name afterwards, in brackets
    said: list[Any]  # what tells the made file from others of the same clip
    spec: Callable[[Path], job_pb2.JobSpec]  # of the job that makes this file


def find_selected(
    engine: Engine, sequence: HostSequence, wanted: str
) -> tuple[ClipAddress, MediaFacts]:
    """The selected clip and its media; `wanted` is what a person would have to select it for.

    Raises:
        BridgeError: There is none, or its media cannot be read.
    """
    if sequence.context.clip is None:
        raise wrong_call(f"No clip is selected; select the one that {wanted}.")
    address = sequence.address(sequence.picture(sequence.context.clip))
    clip = find_item(sequence.timeline, address)
    return address, probe_clip(clip, sequence.document.locate, probe_with(engine))


def plan_selected(engine: Engine, sequence: HostSequence, wanted: str) -> RegionPlan:
    """The plan for the selected clip.

    Raises:
        BridgeError: There is none, or it cannot be made anew.
    """
    address, media = find_selected(engine, sequence, wanted)
    return plan_region(sequence.timeline, address, media=media, rate=sequence.rate)


def prepare_replacement(
    sequence: HostSequence, plan: RegionPlan, settings: Settings, anew: Anew
) -> Preparation:
    """What making the planned clip anew takes."""
    source = plan.media.path

    def make_jobs(folder: Path) -> tuple[job_pb2.JobSpec, ...]:
        said = [*file_identity(source), anew.task, plan.output_range, *anew.said]
        label = f"{plan.anchor.clip_name or source.stem}_{anew.label}"
        return (anew.spec(made_file(folder, label, source, settings, said)),)

    def finish(takes: Sequence[Sequence[MadeTake]]) -> Finished:
        placement = place_region(plan, takes[0], request_of(anew.task, settings, {}))
        name = f"{plan.anchor.clip_name} ({anew.note})"
        return apply_replacement(sequence, replace(placement, name=name))

    return Preparation(
        media_folder=media_folder(sequence.context, source),
        make_jobs=make_jobs,
        real_frames=0,
        new_frames=plan.shown.duration_frames,
        notes=(),
        finish=finish,
    )


def drawn_at(sequence: HostSequence, plan: RegionPlan, options: Marked) -> Marked:
    """`options` with what says no frame drawn on the context's `at`, the playhead's mostly."""
    return draw_at(options, frame=drawn_frame(sequence, plan))


def drawn_frame(sequence: HostSequence, plan: RegionPlan) -> int:
    """The frame of the clip's file that is seen at the context's `at`; where that lies elsewhere,
    the first that is shown."""
    at, span = sequence.context.at, plan.anchor.record_range
    after = at - sequence.origin_frame - span.start_frame if at is not None else 0
    if not 0 < after < span.duration_frames:
        return plan.first_frame
    return plan.frame_at(Length(seconds=after / sequence.rate))
