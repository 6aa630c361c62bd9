"""What extending a clip takes: real frames first, then frames to make, then where both go."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from opentimelineio.schema import Clip, Timeline, Track, TrackKind

from longtake_bridge.errors import BridgeError, bad_input, wrong_call
from longtake_bridge.length import Length
from longtake_bridge.timeline.clip_search import ClipAddress, find_item, find_stack, track_label
from longtake_bridge.timeline.media import (
    Locate,
    MediaFacts,
    MediaUse,
    media_path,
    read_media_use,
)
from longtake_bridge.timeline.placement import Anchor, Follow, PlacedTake, Placement, Span, TrackRef
from longtake_bridge.timeline.refusal import check_clip, check_follow, is_plain
from longtake_bridge.timeline.timing import count_frames, nearest_frame
from longtake_bridge.timeline.track_edit import lay_out

Side = Literal["head", "tail"]


@dataclass(frozen=True, slots=True)
class SidePlan:
    """One edge of the clip; frames are timeline frames but for `make_frames`."""

    side: Side
    asked_frames: int
    handle_frames: int  # of these, real ones that the media still holds
    make_frames: (
        int  # frames of the media's rate that cover the rest; 0 where nothing is to be made
    )

    @property
    def new_frames(self) -> int:
        """Timeline frames that have to be made."""
        return self.asked_frames - self.handle_frames


@dataclass(frozen=True, slots=True)
class ExtensionPlan:
    """What is to be done for one clip."""

    address: ClipAddress
    anchor: Anchor
    track: TrackRef
    rate: Fraction  # timeline frames a second
    media: MediaFacts
    sides: tuple[SidePlan, ...]  # in the order in which they are placed: the tail first
    follow: Follow
    sound: tuple[tuple[TrackRef, Anchor], ...]  # clips of the same media that lie under the picture
    notes: tuple[str, ...]  # what an editor should know, one sentence each


@dataclass(frozen=True, slots=True)
class MadeTake:
    """One made file as the engine describes it: the new frames and those that it remade."""

    media: MediaFacts
    source_frame: int  # the source frame at the file's first frame; negative before its head
    model: str
    details: Mapping[str, Any]  # JSON: score, seams, notes, ...


def plan_extension(
    timeline: Timeline,
    address: ClipAddress,
    *,
    head: Length | None,
    tail: Length | None,
    media: MediaFacts,
    follow: Follow,
    rate: Fraction,
    locate: Locate,
) -> ExtensionPlan:
    """What extending the clip at `address` takes; `locate` says what a media URL means.

    Raises:
        BridgeError: The clip cannot be extended, or there is no room for it.
    """
    lengths: dict[Side, Length | None] = {"tail": tail, "head": head}
    asked: dict[Side, int] = {
        side: count_frames(length, rate) for side, length in lengths.items() if length is not None
    }
    if not asked:
        raise wrong_call("Nothing is asked for; give --head or --tail.")
    sides = tuple(asked)
    check_clip(timeline, address, sides)
    check_follow(timeline, address, follow)
    use = read_media_use(find_item(timeline, address), media)
    plan = ExtensionPlan(
        address=address,
        anchor=anchor_of(timeline, address, rate),
        track=track_ref_of(timeline, address),
        rate=rate,
        media=media,
        sides=tuple(_plan_side(side, frames, use, media, rate) for side, frames in asked.items()),
        follow=follow,
        sound=(),
        notes=(),
    )
    sound, sound_notes = _find_sound(timeline, plan, use, locate)
    plan = replace(plan, sound=sound, notes=(*_say_handles(plan), *sound_notes))
    _rehearse(plan, timeline)
    return plan


def place_side(
    plan: ExtensionPlan,
    side: SidePlan,
    takes: Sequence[MadeTake],
    request: Mapping[str, Any],
) -> Placement:
    """The placement of one side's takes, the first of them active; of the handle without takes.

    Raises:
        BridgeError: BAD_INPUT; a take holds fewer frames than were asked for.
    """
    picture = _place_on(plan, side, takes, request, (plan.track, plan.anchor))
    with_sound = [take for take in takes if take.media.has_sound]
    # Every reference of a clip is cut at the same frames, so sound takes the active take's or none.
    sound_takes = with_sound if takes and takes[0].media.has_sound else []
    linked = tuple(_place_on(plan, side, sound_takes, request, on) for on in plan.sound)
    return replace(picture, linked=linked)


def _place_on(
    plan: ExtensionPlan,
    side: SidePlan,
    takes: Sequence[MadeTake],
    request: Mapping[str, Any],
    on: tuple[TrackRef, Anchor],
) -> Placement:
    track, anchor = on
    span, tail = anchor.record_range, side.side == "tail"
    source, overlap = (None, 0) if not takes else _cut(plan, side, takes[0])
    made = side.new_frames + overlap if takes else side.handle_frames
    if tail:
        edge = span.start_frame + span.duration_frames
        start = edge + (side.handle_frames - overlap if takes else 0)
    else:
        start = span.start_frame - side.asked_frames if takes else span.start_frame - made
        if plan.follow == "ripple":
            start = span.start_frame
    return Placement(
        action="append_after" if tail else "insert_before",
        track=track,
        record_range=Span(start, made, plan.rate),
        source_range=source,
        name=f"{anchor.clip_name} (extended)",
        takes=tuple(placed_take(take) for take in takes),
        follow=plan.follow,
        anchor=anchor,
        handle_frames=side.handle_frames,
        overlap_frames=overlap,
        request=request,
    )


def _cut(plan: ExtensionPlan, side: SidePlan, take: MadeTake) -> tuple[Span, int]:
    """The part of a take that is shown, and how many timeline frames of it the clip has real."""
    media, tail = plan.media, side.side == "tail"
    remade = (
        media.frame_count - take.source_frame
        if tail
        else take.source_frame + take.media.frame_count
    )
    new = take.media.frame_count - remade
    if remade < 0 or new < side.make_frames:
        raise bad_input(
            f"{take.media.path.name} holds {max(new, 0)} new frames where {side.make_frames} were "
            "asked for; delete it and run the command again."
        )
    # At least one frame of the clip stays, and the cut is on a whole frame of the timeline.
    room = (plan.anchor.record_range.duration_frames - 1) // len(plan.sides) + side.handle_frames
    overlap = min(math.floor(remade / media.rate * plan.rate), room)
    shown = math.ceil((side.new_frames + overlap) / plan.rate * media.rate)
    start = remade - math.ceil(overlap / plan.rate * media.rate) if tail else new - side.make_frames
    return Span(max(start, 0), min(shown, take.media.frame_count), media.rate), overlap


def placed_take(take: MadeTake) -> PlacedTake:
    """A take as a placement speaks of it."""
    return PlacedTake(
        label=take.model,
        media_path=str(take.media.path),
        frame_count=take.media.frame_count,
        rate=take.media.rate,
        start_frame=take.media.start_frame,
        has_sound=take.media.has_sound,
        details=take.details,
    )


def _plan_side(
    side: Side, asked: int, use: MediaUse, media: MediaFacts, rate: Fraction
) -> SidePlan:
    handle_s = use.tail_handle_s if side == "tail" else use.head_handle_s
    handle = min(asked, math.floor(handle_s * rate))
    return SidePlan(side, asked, handle, math.ceil((asked - handle) / rate * media.rate))


def _rehearse(plan: ExtensionPlan, timeline: Timeline) -> None:
    """Nothing, where the edit can be done: it is tried with stand-ins before any work."""
    for side in plan.sides:
        frame = plan.media.frame_count if side.side == "tail" else -side.make_frames
        facts = replace(plan.media, frame_count=max(side.make_frames, 1), has_sound=True)
        take = MadeTake(facts, frame, "", {})
        timeline = place_side(plan, side, [take] if side.make_frames else [], {}).apply(timeline)


def anchor_of(timeline: Timeline, address: ClipAddress, rate: Fraction) -> Anchor:
    """The clip at `address` as it lies on the timeline."""
    stack = find_stack(timeline, address.nest)
    lying = next(one for one in lay_out(stack[address.track]) if one.index == address.item)
    start, end = nearest_frame(lying.start_s, rate), nearest_frame(lying.end_s, rate)
    return Anchor(lying.item.name, Span(start, end - start, rate))


def track_ref_of(timeline: Timeline, address: ClipAddress) -> TrackRef:
    """The track that `address` lies on."""
    stack = find_stack(timeline, address.nest)
    track = stack[address.track]
    same = [place for place, other in enumerate(stack) if other.kind == track.kind]
    kind = "audio" if track.kind == TrackKind.Audio else "video"
    return TrackRef(kind, same.index(address.track), track.name, address.nest)


def _find_sound(
    timeline: Timeline, plan: ExtensionPlan, use: MediaUse, locate: Locate
) -> tuple[tuple[tuple[TrackRef, Anchor], ...], tuple[str, ...]]:
    """The clips that carry the sound of the picture: the same part of the same media, below it."""
    nest, sides = plan.address.nest, tuple(side.side for side in plan.sides)
    stack = find_stack(timeline, nest)
    found: list[tuple[TrackRef, Anchor]] = []
    notes: list[str] = []
    for place, track in enumerate(stack):
        if not isinstance(track, Track) or track.kind != TrackKind.Audio:
            continue
        for index, item in enumerate(track):
            here = ClipAddress(nest, place, index)
            if not isinstance(item, Clip) or not _is_same_media(item, plan.media.path, locate):
                continue
            anchor = anchor_of(timeline, here, plan.rate)
            if anchor.record_range != plan.anchor.record_range:
                continue
            if not _is_same_use(item, use, plan.media):
                continue
            obstacle = is_plain(item, track, index, sides)
            if obstacle is None:
                found.append((track_ref_of(timeline, here), anchor))
            else:
                label = track_label(stack, place)
                notes.append(f'The sound of "{item.name}" on {label} stays as it is: {obstacle}.')
    return tuple(found), tuple(notes)


def _is_same_media(clip: Clip, path: Path, locate: Locate) -> bool:
    try:
        return media_path(clip, locate) == path
    except BridgeError:  # no media, a generator, another machine: not the picture's own sound
        return False


def _is_same_use(clip: Clip, use: MediaUse, media: MediaFacts) -> bool:
    try:
        other = read_media_use(clip, media)
    except BridgeError:
        return False
    return abs(other.start_s - use.start_s) < 1 / media.rate


def _say_handles(plan: ExtensionPlan) -> list[str]:
    notes: list[str] = []
    for side in plan.sides:
        past = "past its tail" if side.side == "tail" else "before its head"
        frames = f"{side.handle_frames} of {side.asked_frames} frames"
        if not side.make_frames:
            notes.append(
                f'All {side.asked_frames} frames come from what "{plan.anchor.clip_name}" still '
                f"holds {past}; nothing is made."
            )
        elif side.handle_frames:
            notes.append(
                f'{frames} come from what "{plan.anchor.clip_name}" still holds {past}; '
                f"{side.new_frames} are made."
            )
    return notes
