"""A host's clip extended past its head or tail."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from longtake.v1 import job_pb2, media_pb2

from longtake_bridge.errors import wrong_call
from longtake_bridge.host.context import Settings
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
from longtake_bridge.option import ExtendOptions
from longtake_bridge.request import job_spec
from longtake_bridge.timeline.api import file_identity, fits
from longtake_bridge.timeline.clip_search import find_item
from longtake_bridge.timeline.media import Probe, probe_clip, sequence_rate
from longtake_bridge.timeline.plan import (
    ExtensionPlan,
    MadeTake,
    SidePlan,
    place_side,
    plan_extension,
)


def prepare_extension(sequence: HostSequence, settings: Settings, probe: Probe) -> Preparation:
    """What extending the selected clip takes.

    Raises:
        BridgeError: It cannot be done; it says why.
    """
    if sequence.context.clip is None:
        raise wrong_call("No clip is selected; select the one to extend.")
    address = sequence.address(sequence.picture(sequence.context.clip))
    clip = find_item(sequence.timeline, address)
    locate = sequence.document.locate
    plan = plan_extension(
        sequence.timeline,
        address,
        head=parse_length(settings.head) if settings.head is not None else None,
        tail=parse_length(settings.tail) if settings.tail is not None else None,
        media=probe_clip(clip, locate, probe),
        follow=settings.follow,
        rate=sequence.rate,
        locate=locate,
    )
    wanted = [side for side in plan.sides if side.make_frames]
    rate = sequence_rate(clip)

    def make_jobs(folder: Path) -> tuple[job_pb2.JobSpec, ...]:
        return tuple(_job(folder, plan, side, settings, rate) for side in wanted)

    def finish(takes: Sequence[Sequence[MadeTake]]) -> Finished:
        return _finish(sequence, plan, dict(zip(wanted, takes, strict=True)), settings)

    finish([[_stand_in(plan, side)] for side in wanted])  # what cannot be placed is not made
    return Preparation(
        media_folder=media_folder(sequence.context, plan.media.path),
        make_jobs=make_jobs,
        real_frames=sum(side.handle_frames for side in plan.sides),
        new_frames=sum(side.make_frames for side in plan.sides),
        notes=plan.notes,
        finish=finish,
    )


def _stand_in(plan: ExtensionPlan, side: SidePlan) -> MadeTake:
    facts = replace(plan.media, frame_count=side.make_frames, has_sound=True)
    return MadeTake(
        facts, plan.media.frame_count if side.side == "tail" else -side.make_frames, "", {}
    )


def _job(
    folder: Path,
    plan: ExtensionPlan,
    side: SidePlan,
    settings: Settings,
    rate: Fraction | None,
) -> job_pb2.JobSpec:
    source = plan.media.path
    label = f"{plan.anchor.clip_name or source.stem}_{side.side}"
    said = [*file_identity(source), side.side, side.make_frames]
    length = media_pb2.Duration(frames=side.make_frames)
    work = job_pb2.ExtendSpec(
        input_path=str(source),
        head=length if side.side == "head" else None,
        tail=length if side.side == "tail" else None,
        contents=job_pb2.CONTENTS_NEW_ONLY,
    )
    options = ExtendOptions(**chosen_options(settings), sequence_rate=rate)
    return job_spec(work, made_file(folder, label, source, settings, said), options)


def _finish(
    sequence: HostSequence,
    plan: ExtensionPlan,
    takes: dict[SidePlan, Sequence[MadeTake]],
    settings: Settings,
) -> Finished:
    placements = []
    notes: list[str] = []
    for side in plan.sides:
        made = takes.get(side, ())
        fitting = [take for take in made if fits(take, made[0])]
        notes += [
            f"{take.media.path.name} covers other frames than the active take and is no take of it."
            for take in made
            if take not in fitting
        ]
        said = {"clip": plan.anchor.clip_name, "input": str(plan.media.path), "edge": side.side}
        placement = place_side(plan, side, fitting, request_of("extend", settings, said))
        placements.append(placement)
        if fitting and plan.sound and not placement.linked[0].takes:
            notes.append("The made file has no sound; the sound of the clip is not extended.")
    finished = apply_all(sequence, placements)
    return replace(finished, notes=(*plan.notes, *notes, *finished.notes))
