"""A host's clip slowed down: the same pictures for longer, with made ones between them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from longtake.v1 import job_pb2

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
from longtake_bridge.interpolate import interpolate_spec
from longtake_bridge.option import InterpolateOptions
from longtake_bridge.timeline.api import file_identity
from longtake_bridge.timeline.clip_search import find_item
from longtake_bridge.timeline.media import Probe, probe_clip
from longtake_bridge.timeline.plan import MadeTake
from longtake_bridge.timeline.slow import SlowPlan, place_slow, plan_slow, slow_notes


def prepare_slow_motion(sequence: HostSequence, settings: Settings, probe: Probe) -> Preparation:
    """What slowing the selected clip down takes.

    Raises:
        BridgeError: It cannot be done; it says why.
    """
    slow = _plan(sequence, settings, probe)
    source = slow.plan.media.path

    def make_jobs(folder: Path) -> tuple[job_pb2.JobSpec, ...]:
        return (_job(folder, slow, settings),)

    def finish(takes: Sequence[Sequence[MadeTake]]) -> Finished:
        return _finish(sequence, slow, settings, takes[0])

    return Preparation(
        media_folder=media_folder(sequence.context, source),
        make_jobs=make_jobs,
        real_frames=slow.plan.anchor.record_range.duration_frames,
        new_frames=slow.new_frames,
        notes=(),
        finish=finish,
    )


def _plan(sequence: HostSequence, settings: Settings, probe: Probe) -> SlowPlan:
    if sequence.context.clip is None:
        raise wrong_call("No clip is selected; select the one to slow down.")
    address = sequence.address(sequence.picture(sequence.context.clip))
    locate = sequence.document.locate
    return plan_slow(
        sequence.timeline,
        address,
        factor=settings.factor,
        media=probe_clip(find_item(sequence.timeline, address), locate, probe),
        follow=settings.follow,
        rate=sequence.rate,
        locate=locate,
    )


def _job(folder: Path, slow: SlowPlan, settings: Settings) -> job_pb2.JobSpec:
    source = slow.plan.media.path
    options = InterpolateOptions(
        **chosen_options(settings),
        factor=slow.factor,
        shown=(slow.input_range,),
        quality=settings.quality,
        sequence_rate=slow.sequence_rate,
    )
    label = f"{slow.plan.anchor.clip_name or source.stem}_slow"
    said: list[Any] = [*file_identity(source), "slow_motion", slow.input_range]
    return interpolate_spec(
        [source], made_file(folder, label, source, settings, said), options=options
    )


def _finish(
    sequence: HostSequence, slow: SlowPlan, settings: Settings, takes: Sequence[MadeTake]
) -> Finished:
    placement = place_slow(slow, takes, request_of("slow_motion", settings, {}))
    finished = apply_replacement(sequence, placement)
    return replace(finished, notes=(*slow_notes(slow, takes), *finished.notes))
