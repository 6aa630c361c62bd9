"""The sound under a gap: what of it goes along with the picture, track by track."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from opentimelineio.schema import Clip, Gap, TimeEffect, Track, TrackKind, Transition

from longtake_bridge.errors import BridgeError
from longtake_bridge.timeline.clip_search import find_stack, track_label
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.look import Look
from longtake_bridge.timeline.media import media_path, read_media_use
from longtake_bridge.timeline.piece import Beside, PiecePlan, SoundPlan
from longtake_bridge.timeline.placement import Anchor, Span, Trim
from longtake_bridge.timeline.spot import Spot, track_ref
from longtake_bridge.timeline.timing import nearest_frame
from longtake_bridge.timeline.track_edit import Lying

_NEAR_FRAME = Fraction(1, 20)  # of a frame


def with_sound(look: Look, plan: PiecePlan, spot: Spot) -> PiecePlan:
    """The plan with the audio tracks whose gaps belong to the picture's.

    Such a track holds sound of a clip beside the gap in step with its picture, and nothing else
    where the gap is. Sound that already runs on under the gap (an L-cut) is kept as far as it runs.
    """
    document = look.document
    stack = find_stack(document.timeline, spot.nest)
    found: list[_Lane] = []
    notes = list(plan.notes)
    for place, track in enumerate(stack):
        if isinstance(track, Track) and track.kind == TrackKind.Audio and track.enabled:
            lane = _read_lane(document, plan, track, look.lying(spot.nest, place))
            if isinstance(lane, str):
                notes.append(f"The sound on {track_label(stack, place)} stays as it is: {lane}.")
            elif lane is not None:
                found.append(replace(lane, place=place))
    # Where the shots lie on tracks of their own, made sound goes to the first one's alone: it would
    # be heard twice.
    lead = any(lane.before is not None for lane in found)
    sound = [
        _plan_lane(
            plan,
            lane,
            SoundPlan(
                track=track_ref(document.timeline, spot.nest, lane.place),
                label=track_label(stack, lane.place),
                trims=(),
                span=None,
                anchor=None,
            ),
            made=lane.before is not None or not lead,
        )
        for lane in found
    ]
    kept = tuple(one for one in sound if one.trims or one.span is not None)
    return replace(plan, sound=kept, notes=tuple(notes))


@dataclass(frozen=True, slots=True)
class _Lane:
    """An audio track beside and under a gap."""

    before: Lying | None  # the sound of the shot before, as it ends in or before the gap
    after: Lying | None
    place: int = 0


def _read_lane(
    document: TimelineDocument, plan: PiecePlan, track: Track, lying: Sequence[Lying]
) -> _Lane | str | None:
    """What of an audio track belongs to the gap; why it does but has to stay; None: not at all."""
    gap, slack_s = plan.gap, _NEAR_FRAME / plan.rate
    # Sound is cut finer than pictures: its edge may miss theirs by up to a frame.
    from_s, to_s = gap.start_s - 1 / plan.rate, gap.end_s + 1 / plan.rate
    near = [one for one in lying if one.end_s >= from_s and one.start_s <= to_s]
    before = after = None
    for one in near:
        if _in_step(document, plan.before, one) and one.start_s < gap.start_s:
            before = one if one.end_s >= from_s else before
        if _in_step(document, plan.after, one) and one.end_s > gap.end_s:
            after = after or (one if one.start_s <= to_s else None)
    if before is None and after is None:
        return _why_not_ours(near, gap, slack_s)
    start_s = before.end_s if before else gap.start_s
    end_s = after.start_s if after else gap.end_s
    if end_s - start_s < slack_s:
        return None  # sound runs through it already
    if any(
        not isinstance(one.item, Gap)
        for one in near
        if one.start_s < end_s - slack_s and one.end_s > start_s + slack_s
    ):
        return None  # something else is heard there
    edges_s = [edge.end_s for edge in (before,) if edge] + [e.start_s for e in (after,) if e]
    if any(abs(at * plan.rate - nearest_frame(at, plan.rate)) > _NEAR_FRAME for at in edges_s):
        return "its edge lies between two frames of the timeline"
    return _obstacle(track, before, after) or _Lane(before, after)


def _why_not_ours(near: Sequence[Lying], gap: Span, slack_s: Fraction) -> str | None:
    """Why a hole in the sound exactly where the picture has its own stays; None where none is."""
    if any(
        not isinstance(one.item, Gap)
        for one in near
        if one.start_s < gap.end_s - slack_s and one.end_s > gap.start_s + slack_s
    ):
        return None
    edges = [one for one in near if isinstance(one.item, Clip)]
    ends = any(abs(one.end_s - gap.start_s) <= slack_s for one in edges)
    starts = any(abs(one.start_s - gap.end_s) <= slack_s for one in edges)
    if ends and starts:
        return "it is of another file than the picture, or out of step with it"
    return None


def _in_step(document: TimelineDocument, side: Beside, lying: Lying) -> bool:
    """Whether something on an audio track is a shot's own sound, in step with its picture."""
    if not isinstance(lying.item, Clip) or not lying.item.enabled:
        return False
    try:
        if media_path(lying.item, document.locate) != side.media.path:
            return False
        use = read_media_use(lying.item, side.media)
    except BridgeError:  # no media, a generator, another machine: not the picture's own sound
        return False
    picture_s = side.anchor.record_range.start_s - side.use.start_s
    return abs((lying.start_s - use.start_s) - picture_s) < 1 / side.media.rate


def _obstacle(track: Track, before: Lying | None, after: Lying | None) -> str | None:
    for lying, beside in ((before, 1), (after, -1)):
        if lying is None:
            continue
        place = lying.index + beside
        if 0 <= place < len(track) and isinstance(track[place], Transition):
            return "a fade lies on its edge"
        if any(isinstance(effect, TimeEffect) for effect in lying.item.effects):
            return "it has a speed effect"
    return None


def _plan_lane(plan: PiecePlan, lane: _Lane, blank: SoundPlan, *, made: bool) -> SoundPlan:
    """The real sound of both shots as far as their pictures go now, and made sound between."""
    gap, hole, rate = plan.gap, plan.hole, plan.rate
    start, end = gap.start_frame, gap.start_frame + gap.duration_frames
    hole_end = hole.start_frame + hole.duration_frames
    trims: list[Trim] = []
    anchor = None
    sound_start, sound_end = hole.start_frame, hole_end
    if lane.before is not None:
        anchor = _anchor(lane.before, rate)
        start = nearest_frame(lane.before.end_s, rate)
        sound_start = max(start, hole.start_frame)
        if start < hole.start_frame:
            trims.append(Trim(anchor, "tail", min(hole.start_frame, end) - start))
    if lane.after is not None:
        own = _anchor(lane.after, rate)
        anchor = anchor or own
        end = own.record_range.start_frame
        sound_end = min(end, hole_end)
        if end > hole_end:
            trims.append(Trim(own, "head", end - max(hole_end, start)))
    span = Span(sound_start, sound_end - sound_start, rate)
    fits = made and plan.make_frames > 0 and span.duration_frames > 0
    return replace(
        blank,
        trims=tuple(trim for trim in trims if trim.frames > 0),
        span=span if fits else None,
        anchor=anchor,
    )


def _anchor(lying: Lying, rate: Fraction) -> Anchor:
    start, end = nearest_frame(lying.start_s, rate), nearest_frame(lying.end_s, rate)
    return Anchor(lying.item.name, Span(start, end - start, rate))
