"""A gap of a host's timeline filled, or the jump cut between two of its clips hidden."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import msgspec
from longtake.v1 import job_pb2

from longtake_bridge.errors import BridgeError, not_possible, wrong_call
from longtake_bridge.host.context import Context, Settings
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
from longtake_bridge.interpolate import interpolate_spec
from longtake_bridge.length import Length
from longtake_bridge.option import InterpolateOptions
from longtake_bridge.timeline.api import file_identity, fits
from longtake_bridge.timeline.gap_plan import plan_gap
from longtake_bridge.timeline.gap_sound import with_sound
from longtake_bridge.timeline.jump_cut import LONGEST_MISSING_S, default_side_frames, plan_cut
from longtake_bridge.timeline.look import Look
from longtake_bridge.timeline.meant import Left, why_impossible
from longtake_bridge.timeline.media import Probe
from longtake_bridge.timeline.piece import PiecePlan, place_piece
from longtake_bridge.timeline.plan import MadeTake
from longtake_bridge.timeline.spot import Spot, find_cuts, find_gaps

_NEAR_S = Fraction(1, 2)  # a playhead so far from a cut still means it


def prepare_gap(sequence: HostSequence, settings: Settings, probe: Probe) -> Preparation:
    """What filling the gap beside the selected clip, or at the playhead, takes.

    Raises:
        BridgeError: It cannot be done; it says why.
    """
    spot = _find(sequence, settings, find_gaps(sequence.timeline, sequence.rate), "gap")
    look = Look(sequence.document, probe)
    _check(look, spot, "gap")
    plan = with_sound(look, plan_gap(look, spot), spot)
    return _prepared(sequence, plan, settings, "fill_gap")


def prepare_cut(sequence: HostSequence, settings: Settings, probe: Probe) -> Preparation:
    """What hiding the jump at a cut takes.

    Raises:
        BridgeError: It cannot be done; it says why.
    """
    spot = _find(sequence, settings, find_cuts(sequence.timeline, sequence.rate), "cut")
    look = Look(sequence.document, probe)
    _check(look, spot, "cut")
    side_frames = settings.side_frames or default_side_frames(sequence.rate)
    plan = plan_cut(look, spot, side_frames, LONGEST_MISSING_S, named=True)
    if not isinstance(plan, PiecePlan):
        why = plan.why if isinstance(plan, Left) else "it is no jump cut"
        raise _impossible("cut", why)
    # The two sides of a jump cut are one shot, and the motion between them is what is wanted.
    join = "morph" if settings.join == "auto" else settings.join
    settings = msgspec.structs.replace(settings, join=join)
    return _prepared(sequence, plan, settings, "smooth_jump_cut")


def _find(sequence: HostSequence, settings: Settings, spots: Sequence[Spot], kind: str) -> Spot:
    context = sequence.context
    if context.clip is not None:
        return _find_beside(sequence, context.clip, settings, spots, kind)
    if context.at is None:
        raise wrong_call(f"Select the clip before the {kind}, or put the playhead on the {kind}.")
    at = context.at - sequence.origin_frame
    near = _NEAR_S * sequence.rate if kind == "cut" else Fraction(0)
    found = [
        spot
        for spot in spots
        if _is_wanted(sequence, spot, context)
        and spot.span.start_frame - near <= at
        and at <= spot.span.start_frame + max(spot.span.duration_frames - 1, 0) + near
    ]
    if not found:
        raise wrong_call(f"No {kind} lies at the playhead; move it there, or select a clip.")
    return min(found, key=lambda spot: (-spot.track, abs(spot.span.start_frame - at)))


def _find_beside(
    sequence: HostSequence, item: int, settings: Settings, spots: Sequence[Spot], kind: str
) -> Spot:
    item = sequence.picture(item)
    address = sequence.address(item)
    tail = settings.side == "tail"
    for spot in spots:
        beside = spot.before if tail else spot.after
        if (spot.track, beside) == (address.track, address.item):
            return spot
    name = sequence.context.items[item].name
    where = "follows" if tail else "lies before"
    raise wrong_call(f'No {kind} {where} "{name}"; select the clip beside the {kind}.')


def _is_wanted(sequence: HostSequence, spot: Spot, context: Context) -> bool:
    track = sequence.tracks[spot.track]
    if context.track is None:
        return spot.before is not None and spot.after is not None
    return (track.kind, track.index) == (context.track.kind, context.track.index)


def _check(look: Look, spot: Spot, kind: str) -> None:
    left = why_impossible(look, spot)
    if left is not None:
        raise _impossible(kind, left.why)


def _impossible(kind: str, why: str) -> BridgeError:
    return not_possible(f"Nothing can be done about this {kind}: {why}.")


def _prepared(
    sequence: HostSequence, plan: PiecePlan, settings: Settings, task: str
) -> Preparation:
    paths = (plan.before.media.path, plan.after.media.path)
    said = {
        "before": plan.before.anchor.clip_name,
        "after": plan.after.anchor.clip_name,
        "inputs": [str(path) for path in paths],
    }

    def make_jobs(folder: Path) -> tuple[job_pb2.JobSpec, ...]:
        return (_job(folder, plan, settings, task),) if plan.make_frames else ()

    def finish(takes: Sequence[Sequence[MadeTake]]) -> Finished:
        made = list(takes[0]) if takes else []
        fitting = [take for take in made if fits(take, made[0])]
        request = request_of(task, settings, said)
        finished = apply_all(sequence, [place_piece(plan, fitting, _name(plan, task), request)])
        return replace(finished, notes=(*plan.notes, *finished.notes))

    facts = replace(plan.before.media, frame_count=plan.make_frames, has_sound=True)
    finish([[MadeTake(facts, 0, "", {})]] if plan.make_frames else [])  # tried before it is made
    return Preparation(
        media_folder=media_folder(sequence.context, paths[0]),
        make_jobs=make_jobs,
        real_frames=max(plan.before_frames, 0) + max(plan.after_frames, 0),
        new_frames=plan.make_frames,
        notes=plan.notes,
        finish=finish,
    )


def _job(folder: Path, plan: PiecePlan, settings: Settings, task: str) -> job_pb2.JobSpec:
    first, second = plan.input_spans
    paths = (plan.before.media.path, plan.after.media.path)
    shown = (
        (first.start_frame, first.duration_frames),
        (second.start_frame, second.duration_frames),
    )
    # The sound of a shot whose jump is hidden is the original.
    silent = settings.no_audio or plan.action == "overwrite"
    chosen = chosen_options(settings)
    chosen["no_audio"] = silent
    options = InterpolateOptions(
        **chosen,
        duration=Length(frames=plan.make_frames),
        shown=shown,
        join=settings.join,
        quality=settings.quality,
        sequence_rate=plan.before.sequence_rate or plan.after.sequence_rate,
    )
    said = [*map(file_identity, paths), shown, plan.make_frames, task]
    path = made_file(folder, _name(plan, task), paths[0], settings, said)
    return interpolate_spec(paths, path, options=options)


def _name(plan: PiecePlan, task: str) -> str:
    names = list(dict.fromkeys((plan.before.anchor.clip_name, plan.after.anchor.clip_name)))
    done = "filled" if task == "fill_gap" else "morph cut"
    return f"{' to '.join(name for name in names if name) or 'Gap'} ({done})"
