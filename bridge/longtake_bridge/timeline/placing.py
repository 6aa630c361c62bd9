"""Doing a `Placement` in OTIO."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import opentimelineio as otio
from opentimelineio.schema import Clip, Gap, Stack, Timeline, Track, TrackKind

from longtake_bridge.errors import not_possible, wrong_call
from longtake_bridge.timeline import track_edit, trim
from longtake_bridge.timeline.clip_search import find_stack, track_label
from longtake_bridge.timeline.made_clip import made_clip, set_takes, widen_media
from longtake_bridge.timeline.placement import Anchor, Placement, TrackRef
from longtake_bridge.timeline.timing import nearest_frame


@dataclass(frozen=True, slots=True)
class Placed:
    """A timeline with an edit done, and what an editor should know of it, one sentence each."""

    timeline: Timeline
    notes: tuple[str, ...]


def place(placement: Placement, timeline: Timeline) -> Placed:
    """A new timeline with the edit done; `timeline` stays as it is.

    Raises:
        BridgeError: WRONG_CALL where there is no room; NOT_POSSIBLE where the edit would break
            something.
    """
    result = timeline.deepcopy()
    return Placed(result, place_in(placement, result))


def place_in(placement: Placement, timeline: Timeline) -> tuple[str, ...]:
    """Does the edit on `timeline` itself; returns what an editor should know of it.

    Raises:
        BridgeError: As `place` does; the timeline may then be half edited.
    """
    stack = find_stack(timeline, placement.track.nest)
    outer_s = _duration_s(stack) if placement.track.nest else None
    if placement.action in ("append_after", "insert_before"):
        notes = _place_beside(placement, stack)
    elif placement.action == "replace_media":
        notes = _replace_media(placement, stack)
    elif placement.action == "new_track":
        notes = _place_on_new_track(placement, stack)
    else:
        notes = _place_at(placement, stack)
    if outer_s is not None and _duration_s(stack) != outer_s:
        raise not_possible(
            f'This would make the nested timeline "{stack.name}" longer and so move what lies '
            "after it; extend the clip on that timeline itself, or use --overwrite."
        )
    return notes


def _place_beside(placement: Placement, stack: Stack) -> tuple[str, ...]:
    """Puts made pieces beside their anchors, on the placement's own track and its sound's."""
    edits = (placement, *placement.linked)
    notes: list[str] = []
    # Room first, on all tracks, so that the record times of the placement hold for every one of
    # them.
    if placement.follow == "ripple":
        _push_all(placement, edits, stack)
    for edit in edits:
        track = _find_track(stack, edit.track)
        if placement.follow == "overwrite":
            notes += _clear_beside(edit, track)
        elif placement.follow == "gap":
            index, _ = _find_anchor(track, edit.anchor)
            check_room(edit, track, index, track_label(stack, _place_of(stack, track)))
    pushed_frames = placement.added_frames if placement.follow == "ripple" else 0
    for edit in edits:
        _grow(edit, _find_track(stack, edit.track), pushed_frames)
    return tuple(notes)


def _replace_media(placement: Placement, stack: Stack) -> tuple[str, ...]:
    """Gives the takes to the anchors, which grow at their tails where their record ranges do."""
    edits = (placement, *placement.linked)
    clips = [_find_anchor(_find_track(stack, edit.track), edit.anchor)[1] for edit in edits]
    known = [clip.media_reference.available_range for clip in clips]
    notes: tuple[str, ...] = ()
    if placement.record_range.duration_frames > _anchor_of(placement).record_range.duration_frames:
        notes = _place_beside(_growth(placement), stack)
    for edit, clip, available in zip(edits, clips, known, strict=True):
        clip.media_reference.available_range = available  # the original holds no more than before
        set_takes(clip, edit)
    return notes


def _growth(placement: Placement) -> Placement:
    """A replacement's anchors made longer, and nothing else."""
    before = _anchor_of(placement).record_range.duration_frames
    return replace(
        placement,
        action="append_after",
        takes=(),
        handle_frames=placement.record_range.duration_frames - before,
        linked=tuple(_growth(one) for one in placement.linked),
    )


def _grow(edit: Placement, track: Track, pushed_frames: int) -> None:
    rate = edit.record_range.rate
    added_s = edit.added_frames / rate
    moved_s = (edit.handle_frames - edit.overlap_frames) / rate
    tail = edit.action == "append_after"
    # A ripple before its head has pushed the anchor itself later.
    index, clip = _find_anchor(track, edit.anchor, 0 if tail else pushed_frames)
    if tail:
        track_edit.take_gap_after(track, index, added_s)
        track_edit.grow_tail(clip, moved_s, float(rate))
    else:
        index = track_edit.take_gap_before(track, index, added_s)
        track_edit.grow_head(clip, moved_s, float(rate))
    widen_media(clip)
    if edit.takes:
        track.insert(index + 1 if tail else index, made_clip(edit, clip))


def _push_all(placement: Placement, edits: Sequence[Placement], stack: Stack) -> None:
    added_s = placement.added_frames / placement.record_range.rate
    rate = placement.record_range.rate
    tail = placement.action == "append_after"
    edited = {_place_of(stack, _find_track(stack, edit.track)): edit for edit in edits}
    span = _anchor_of(placement).record_range
    point_s = span.end_s if tail else span.start_s
    for place, track in enumerate(stack):
        edit = edited.get(place)
        if edit is None:
            track_edit.push_later(track, point_s, added_s, rate)
            continue
        index, _ = _find_anchor(track, edit.anchor)
        if not tail or index + 1 < len(track):
            track_edit.insert_gap(track, index + 1 if tail else index, added_s, float(rate))
        track_edit.push_markers(track, point_s, added_s, rate)
    track_edit.push_markers(stack, point_s, added_s, rate)


def _clear_beside(edit: Placement, track: Track) -> list[str]:
    span, rate = _anchor_of(edit).record_range, edit.record_range.rate
    added_s = edit.added_frames / rate
    lying = _find_lying(track, edit.anchor)
    if edit.action == "append_after":
        start_s, end_s = lying.end_s, lying.end_s + added_s
    else:
        start_s, end_s = lying.start_s - added_s, lying.start_s
        if start_s < 0:
            there = f"Only {span.start_frame} frames lie" if span.start_frame else "Nothing lies"
            raise wrong_call(
                f'{there} before "{lying.item.name}", '
                f"{edit.added_frames} are asked for; ask for less, or use --ripple."
            )
    lost = track_edit.clear(track, start_s, end_s, float(rate))
    return [f"The transition between {sides} is overwritten." for sides in lost]


def check_room(edit: Placement, track: Track, index: int, label: str) -> None:
    """Nothing, where the gap beside child `index` holds what the edit adds.

    Raises:
        BridgeError: WRONG_CALL; it says how much is free and what else can be done.
    """
    rate = edit.record_range.rate
    tail = edit.action == "append_after"
    free_s = (track_edit.free_after_s if tail else track_edit.free_before_s)(track, index)
    if free_s is None or free_s >= edit.added_frames / rate:
        return
    free = int(free_s * rate)
    room = f"Only {free} frames are" if free > 1 else "Only 1 frame is" if free else "No room is"
    raise wrong_call(
        f'{room} free {"after" if tail else "before"} "{track[index].name}" on {label}, '
        f"{edit.added_frames} are asked for; ask for less, or use --ripple to push the rest later "
        "or --overwrite to record over it."
    )


def _place_at(placement: Placement, stack: Stack) -> tuple[str, ...]:
    """Lays made pieces at their record ranges, in gaps or over what is there."""
    notes: list[str] = []
    for edit in (placement, *placement.linked):
        track, span = _find_track(stack, edit.track), edit.record_range
        if edit.action == "fill_gap" and edit.takes:
            trim.check_gap(track, span)
        for one in edit.trims:
            trim.apply_trim(track, one)
        if edit.takes:
            lost = track_edit.clear(track, span.start_s, span.end_s, float(span.rate))
            notes += [f"The transition between {sides} is overwritten." for sides in lost]
            _lay(edit, track)
    return tuple(notes)


def _place_on_new_track(placement: Placement, stack: Stack) -> tuple[str, ...]:
    for edit in (placement, *placement.linked):
        kind = TrackKind.Video if edit.track.kind == "video" else TrackKind.Audio
        track = Track(name=edit.track.name, kind=kind)
        _lay(edit, track)
        same = [place for place, other in enumerate(stack) if other.kind == kind]
        stack.insert(same[-1] + 1 if same else len(stack), track)
    return ()


def _lay(edit: Placement, track: Track) -> None:
    """Puts the made clip at its record range, which is gap or lies past the end of the track."""
    span = edit.record_range
    clip = made_clip(edit, trim.find_dresser(track, edit))
    lying = track_edit.lay_out(track)
    end_s = lying[-1].end_s if lying else Fraction(0)
    if end_s < span.end_s:
        track_edit.insert_gap(track, len(track), span.end_s - end_s, float(span.rate))
    gap = next(one for one in track_edit.lay_out(track) if one.end_s > span.start_s)
    after_s = gap.end_s - span.end_s
    pieces: list[otio.core.Composable] = [clip]
    if after_s > 0:
        pieces.append(_gap(after_s, span.rate))
    if span.start_s > gap.start_s:
        pieces.insert(0, _gap(span.start_s - gap.start_s, span.rate))
    track[gap.index : gap.index + 1] = pieces


def _gap(length_s: Fraction, rate: Fraction) -> Gap:
    track = Track()
    track_edit.insert_gap(track, 0, length_s, float(rate))
    return track[0].deepcopy()


def _find_track(stack: Stack, wanted: TrackRef) -> Track:
    kind = TrackKind.Video if wanted.kind == "video" else TrackKind.Audio
    tracks = [t for t in stack if isinstance(t, Track) and t.kind == kind]
    if not 0 <= wanted.index < len(tracks):
        raise wrong_call(
            f"The timeline has no {wanted.kind} track {wanted.index + 1}; the placement is for "
            "another one."
        )
    return tracks[wanted.index]


def _place_of(stack: Stack, track: Track) -> int:
    return next(place for place, other in enumerate(stack) if other is track)


def _anchor_of(edit: Placement) -> Anchor:
    if edit.anchor is None:
        raise wrong_call(f"A placement of the kind {edit.action} needs an anchor.")
    return edit.anchor


def _find_anchor(track: Track, anchor: Anchor | None, pushed_frames: int = 0) -> tuple[int, Clip]:
    lying = _find_lying(track, anchor, pushed_frames)
    return lying.index, lying.item


def _find_lying(track: Track, anchor: Anchor | None, pushed_frames: int = 0) -> track_edit.Lying:
    if anchor is not None:
        span = anchor.record_range
        start_frame = span.start_frame + pushed_frames
        for lying in track_edit.lay_out(track):
            if (
                isinstance(lying.item, Clip)
                and lying.item.name == anchor.clip_name
                and nearest_frame(lying.start_s, span.rate) == start_frame
            ):
                return lying
    name = f'"{anchor.clip_name}"' if anchor else "the clip"
    raise wrong_call(f"{name} no longer lies where the placement was made for; make it anew.")


def _duration_s(stack: Stack) -> Fraction:
    layouts = [track_edit.lay_out(track) for track in stack]
    return max((lying[-1].end_s for lying in layouts if lying), default=Fraction(0))
