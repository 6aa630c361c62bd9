"""A thing removed from a host's clip: the same frames, and in them what lay behind it."""

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
from longtake_bridge.host.sequence import HostSequence
from longtake_bridge.inpaint import Marked, check_inpaint, inpaint_work
from longtake_bridge.inpaint_timeline import on_media
from longtake_bridge.length import Length, parse_position
from longtake_bridge.mark import parse_box, parse_point
from longtake_bridge.media_probe import probe_with
from longtake_bridge.option import InpaintOptions
from longtake_bridge.request import job_spec
from longtake_bridge.timeline.api import file_identity
from longtake_bridge.timeline.clip_search import find_item
from longtake_bridge.timeline.media import probe_clip
from longtake_bridge.timeline.plan import MadeTake
from longtake_bridge.timeline.region import RegionPlan, place_region, plan_region


def removal_options(settings: Settings) -> InpaintOptions:
    """What `settings` say is to go.

    Raises:
        BridgeError: WRONG_CALL; they say nothing, or nothing that can be understood.
    """
    if not (settings.boxes or settings.points or settings.mask or settings.defects):
        raise wrong_call(
            "Say what is to go: logo, dust, scratches, spots, a box X,Y,W,H or a point X,Y in"
            " pixels of the picture, or the path of a mask."
        )
    start, end = (
        parse_position(text) if text is not None else None
        for text in (settings.between_start, settings.between_end)
    )
    options = InpaintOptions(
        **chosen_options(settings),
        mask_path=Path(settings.mask) if settings.mask is not None else None,
        mask_hides=settings.mask_hides,
        boxes=tuple(parse_box(text) for text in settings.boxes),
        points=tuple(parse_point(text) for text in settings.points),
        defects=settings.defects,
        between_start=start,
        between_end=end,
        margin=settings.margin,
    )
    check_inpaint(options)
    return options


def prepare_removal(engine: Engine, sequence: HostSequence, settings: Settings) -> Preparation:
    """What removing a thing from the selected clip takes.

    Raises:
        BridgeError: It cannot be done; it says why.
    """
    options = removal_options(settings)
    if sequence.context.clip is None:
        raise wrong_call("No clip is selected; select the one that shows what is to go.")
    address = sequence.address(sequence.picture(sequence.context.clip))
    clip = find_item(sequence.timeline, address)
    media = probe_clip(clip, sequence.document.locate, probe_with(engine))
    plan = plan_region(sequence.timeline, address, media=media, rate=sequence.rate)
    asked = on_media(engine, plan, drawn_at(sequence, plan, options))

    def make_jobs(folder: Path) -> tuple[job_pb2.JobSpec, ...]:
        return (_job(folder, plan, asked, settings),)

    def finish(takes: Sequence[Sequence[MadeTake]]) -> Finished:
        placement = place_region(plan, takes[0], request_of("remove", settings, {}))
        name = f"{plan.anchor.clip_name} (clean)"
        return apply_replacement(sequence, replace(placement, name=name))

    return Preparation(
        media_folder=media_folder(sequence.context, media.path),
        make_jobs=make_jobs,
        real_frames=0,
        new_frames=plan.shown.duration_frames,
        notes=(),
        finish=finish,
    )


def drawn_at(sequence: HostSequence, plan: RegionPlan, options: Marked) -> Marked:
    """`options` with what says no frame drawn on the context's `at`, the playhead's mostly."""
    at = sequence.context.at
    if at is None:
        return options
    span = plan.anchor.record_range
    after = at - sequence.origin_frame - span.start_frame
    if not 0 <= after < span.duration_frames:
        return options  # the playhead lies elsewhere: the first frame that is shown is meant
    frame = plan.frame_at(Length(seconds=after / sequence.rate)) if after else plan.first_frame

    def on(mark: Any) -> Any:
        return mark if mark.timecode or mark.frame is not None else replace(mark, frame=frame)

    return replace(
        options,
        boxes=tuple(on(box) for box in options.boxes),
        points=tuple(on(point) for point in options.points),
    )


def _job(
    folder: Path, plan: RegionPlan, options: InpaintOptions, settings: Settings
) -> job_pb2.JobSpec:
    source = plan.media.path
    said: list[Any] = [*file_identity(source), "remove", plan.output_range]
    said += [str(mark) for mark in (*options.boxes, *options.points)]
    if options.mask_path is not None:
        said += file_identity(options.mask_path)
    path = made_file(
        folder, f"{plan.anchor.clip_name or source.stem}_clean", source, settings, said
    )
    return job_spec(inpaint_work(source, options, shown=plan.output_range), path, options)
