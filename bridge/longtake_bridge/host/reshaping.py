"""A host's clip in another shape: the same frames, and beside them what is made."""

from collections.abc import Sequence
from dataclasses import replace
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
    chosen_options,
    made_file,
    media_folder,
    request_of,
)
from longtake_bridge.host.removal import drawn_at
from longtake_bridge.host.sequence import HostSequence
from longtake_bridge.mark import parse_box, parse_point
from longtake_bridge.media_probe import probe_with
from longtake_bridge.option import OutpaintOptions
from longtake_bridge.outpaint import check_outpaint, outpaint_work, parse_size
from longtake_bridge.outpaint_timeline import on_media, outpaint_request
from longtake_bridge.request import job_spec
from longtake_bridge.timeline.api import file_identity
from longtake_bridge.timeline.clip_search import find_item
from longtake_bridge.timeline.media import probe_clip
from longtake_bridge.timeline.plan import MadeTake
from longtake_bridge.timeline.region import RegionPlan, place_region, plan_region


def reshaping_options(settings: Settings) -> OutpaintOptions:
    """What shape `settings` ask for.

    Raises:
        BridgeError: WRONG_CALL; they name none, or contradict each other.
    """
    if settings.size is None:
        raise wrong_call('Say how large the new picture shall be, such as "1080x1920".')
    options = OutpaintOptions(
        **chosen_options(settings),
        size=parse_size(settings.size),
        anchor=settings.anchor,
        fit=settings.fit,
        follow=settings.follow_subject,
        boxes=tuple(parse_box(text) for text in settings.boxes),
        points=tuple(parse_point(text) for text in settings.points),
    )
    check_outpaint(options)
    return options


def prepare_reshaping(engine: Engine, sequence: HostSequence, settings: Settings) -> Preparation:
    """What giving the selected clip another shape takes.

    Raises:
        BridgeError: It cannot be done; it says why.
    """
    options = reshaping_options(settings)
    if sequence.context.clip is None:
        raise wrong_call("No clip is selected; select the one that is to have another shape.")
    address = sequence.address(sequence.picture(sequence.context.clip))
    clip = find_item(sequence.timeline, address)
    media = probe_clip(clip, sequence.document.locate, probe_with(engine))
    plan = plan_region(sequence.timeline, address, media=media, rate=sequence.rate)
    asked = on_media(plan, drawn_at(sequence, plan, options))

    def make_jobs(folder: Path) -> tuple[job_pb2.JobSpec, ...]:
        return (_job(folder, plan, asked, settings),)

    def finish(takes: Sequence[Sequence[MadeTake]]) -> Finished:
        placement = place_region(plan, takes[0], request_of("outpaint", settings, {}))
        name = f"{plan.anchor.clip_name} ({options.size[0]}×{options.size[1]})"
        return apply_replacement(sequence, replace(placement, name=name))

    return Preparation(
        media_folder=media_folder(sequence.context, media.path),
        make_jobs=make_jobs,
        real_frames=0,
        new_frames=plan.shown.duration_frames,
        notes=(),
        finish=finish,
    )


def _job(
    folder: Path, plan: RegionPlan, options: OutpaintOptions, settings: Settings
) -> job_pb2.JobSpec:
    source = plan.media.path
    shape = {name: value for name, value in outpaint_request(options).items() if name != "task"}
    said: list[Any] = [*file_identity(source), "outpaint", plan.output_range, shape]
    path = made_file(
        folder, f"{plan.anchor.clip_name or source.stem}_outpainted", source, settings, said
    )
    return job_spec(outpaint_work(source, options, shown=plan.output_range), path, options)
