"""A host's clip slowed down: the same pictures for longer, with made ones between them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from longtake.v1 import job_pb2
from opentimelineio.schema import Timeline

from longtake_bridge.errors import bad_input, wrong_call
from longtake_bridge.host.comparison import changes_to
from longtake_bridge.host.context import Settings
from longtake_bridge.host.numbering import in_host_numbers
from longtake_bridge.host.preparation import (
    Finished,
    Preparation,
    chosen_options,
    made_file,
    media_folder,
    request_of,
)
from longtake_bridge.host.sequence import HostSequence, item_of
from longtake_bridge.interpolate import interpolate_spec
from longtake_bridge.length import Length
from longtake_bridge.option import InterpolateOptions
from longtake_bridge.timeline.api import file_identity
from longtake_bridge.timeline.clip_search import find_item, find_stack
from longtake_bridge.timeline.made_clip import set_takes
from longtake_bridge.timeline.media import Probe, probe_clip, read_media_use, sequence_rate
from longtake_bridge.timeline.placement import Anchor, Placement, Span, TrackRef
from longtake_bridge.timeline.placing import place_in
from longtake_bridge.timeline.plan import ExtensionPlan, MadeTake, placed_take, plan_extension
from longtake_bridge.timeline.refusal import check_clip
from longtake_bridge.timeline.timing import nearest_frame

_WASTE = 3  # times what is shown


@dataclass(frozen=True, slots=True)
class _Slowing:
    """What is slowed down, and by how much."""

    plan: ExtensionPlan  # for as much more as the clip becomes longer: its sound, its room
    settings: Settings
    factor: Fraction
    start_s: Fraction  # of what is shown, in the source
    more_frames: int  # timeline frames


def prepare_slow_motion(sequence: HostSequence, settings: Settings, probe: Probe) -> Preparation:
    """What slowing the selected clip down takes.

    Raises:
        BridgeError: It cannot be done; it says why.
    """
    slowing, rate = _plan(sequence, settings, probe)
    plan = slowing.plan
    source = plan.media.path
    new_frames = round(plan.media.frame_count * (slowing.factor - 1))

    def make_jobs(folder: Path) -> tuple[job_pb2.JobSpec, ...]:
        return (_job(folder, slowing, rate),)

    def finish(takes: Sequence[Sequence[MadeTake]]) -> Finished:
        return _finish(sequence, slowing, takes[0])

    whole = replace(plan.media, frame_count=plan.media.frame_count + new_frames)
    finish([[MadeTake(whole, 0, "", {})]])  # tried before it is made
    return Preparation(
        media_folder=media_folder(sequence.context, source),
        make_jobs=make_jobs,
        real_frames=plan.anchor.record_range.duration_frames,
        new_frames=new_frames,
        notes=_say_waste(plan),
        finish=finish,
    )


def _plan(
    sequence: HostSequence, settings: Settings, probe: Probe
) -> tuple[_Slowing, Fraction | None]:
    factor = settings.factor
    if factor is None or factor <= 1:
        raise wrong_call("Say how many times as long the clip becomes: factor 2 for half speed.")
    if sequence.context.clip is None:
        raise wrong_call("No clip is selected; select the one to slow down.")
    selected = sequence.picture(sequence.context.clip)
    address = sequence.address(selected)
    check_clip(sequence.timeline, address, ("head", "tail"))
    clip = find_item(sequence.timeline, address)
    locate = sequence.document.locate
    media = probe_clip(clip, locate, probe)
    frames = sequence.context.items[selected].record_frames
    more = nearest_frame(frames * factor / sequence.rate, sequence.rate) - frames
    plan = plan_extension(
        sequence.timeline,
        address,
        head=None,
        tail=Length(frames=max(more, 1)),
        media=media,
        follow=settings.follow,
        rate=sequence.rate,
        locate=locate,
    )
    start_s = read_media_use(clip, media).start_s
    return _Slowing(plan, settings, factor, start_s, max(more, 1)), sequence_rate(clip)


def _say_waste(plan: ExtensionPlan) -> tuple[str, ...]:
    """The engine slows down whole files; that is told where little of one is shown."""
    media, shown_s = plan.media, plan.anchor.record_range.duration_s
    if media.frame_count / media.rate < _WASTE * shown_s:
        return ()
    return (
        f"All {media.frame_count} frames of {media.path.name} are slowed down, of which "
        f"{round(shown_s * media.rate)} are shown; a shorter file takes less time.",
    )


def _job(folder: Path, slowing: _Slowing, rate: Fraction | None) -> job_pb2.JobSpec:
    settings, source = slowing.settings, slowing.plan.media.path
    options = InterpolateOptions(
        **chosen_options(settings),
        factor=slowing.factor,
        quality=settings.quality,
        sequence_rate=rate,
    )
    label = f"{slowing.plan.anchor.clip_name or source.stem}_slow"
    path = made_file(folder, label, source, settings, [*file_identity(source), "slow_motion"])
    return interpolate_spec([source], path, options=options)


def _finish(sequence: HostSequence, slowing: _Slowing, takes: Sequence[MadeTake]) -> Finished:
    plan = slowing.plan
    sounds = plan.sound if takes[0].media.has_sound else ()
    notes = list(_say_waste(plan))
    if plan.sound and not sounds:
        notes.append("The slowed file has no sound; the sound of the clip stays at its speed.")
    picture = _replacement(slowing, takes, plan.track, plan.anchor)
    linked = tuple(_replacement(slowing, takes, *sound) for sound in sounds)
    placement = replace(picture, linked=linked)
    timeline = sequence.timeline.deepcopy()
    notes += place_in(_room(placement, slowing.more_frames), timeline)
    for one in (placement, *linked):
        _replace_media(sequence, timeline, one)
    told = in_host_numbers(placement, sequence)
    return Finished((told,), changes_to(sequence, timeline), tuple(notes))


def _replacement(
    slowing: _Slowing, takes: Sequence[MadeTake], track: TrackRef, anchor: Anchor
) -> Placement:
    media, span = takes[0].media, anchor.record_range
    length = Span(span.start_frame, span.duration_frames + slowing.more_frames, span.rate)
    start = nearest_frame(slowing.start_s * slowing.factor, media.rate)
    shown = min(nearest_frame(length.duration_s, media.rate), media.frame_count - start)
    if shown < 1:
        raise bad_input(
            f"{media.path.name} is shorter than was asked for; delete it and try again."
        )
    said = {"clip": anchor.clip_name, "input": str(slowing.plan.media.path)}
    return Placement(
        action="replace_media",
        track=track,
        record_range=length,
        source_range=Span(start, shown, media.rate),
        name=f"{anchor.clip_name} (slow)",
        takes=tuple(placed_take(take) for take in takes),
        follow=slowing.plan.follow,
        anchor=anchor,
        request=request_of("slow_motion", slowing.settings, said),
    )


def _room(placement: Placement, frames: int) -> Placement:
    """The same clips made longer at their tails, with what follows as asked."""
    return replace(
        placement,
        action="append_after",
        takes=(),
        handle_frames=frames,
        linked=tuple(_room(one, frames) for one in placement.linked),
    )


def _replace_media(sequence: HostSequence, timeline: Timeline, placement: Placement) -> None:
    assert placement.anchor is not None, "a replacement has an anchor"
    index = next(
        place
        for place, track in enumerate(sequence.tracks)
        if track.kind == placement.track.kind
        and [t for t in sequence.tracks if t.kind == track.kind].index(track)
        == placement.track.index
    )
    start = placement.anchor.record_range.start_frame + sequence.origin_frame
    for child in find_stack(timeline, ())[index]:
        known = item_of(child)
        if known is None or known[1]:
            continue
        if sequence.context.items[known[0]].record_start == start:
            set_takes(child, placement)
            child.name = placement.name
