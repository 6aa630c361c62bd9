"""A piece that goes between two clips: which frames of them are real, which are made, and where."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

from opentimelineio.schema import Clip

from longtake_bridge.errors import bad_input
from longtake_bridge.timeline.media import MediaFacts, MediaUse
from longtake_bridge.timeline.placement import Anchor, Placement, Span, TrackRef, Trim
from longtake_bridge.timeline.plan import MadeTake, placed_take

_NEAR_FRAME = Fraction(1, 20)  # of a frame: editors' roundings lie nearer


@dataclass(frozen=True, slots=True)
class Beside:
    """A clip beside a gap or a cut: how it lies, and what of its media it shows."""

    anchor: Anchor
    media: MediaFacts
    use: MediaUse
    sequence_rate: Fraction | None = None  # of an image sequence
    effects: tuple[str, ...] = ()  # as JSON, to be compared


@dataclass(frozen=True, slots=True)
class SoundPlan:
    """One audio track on which the sound of the clips goes along."""

    track: TrackRef
    label: str
    trims: tuple[Trim, ...]
    span: Span | None  # where made sound goes; None where real sound covers it or none belongs
    anchor: Anchor | None  # whose effects made sound takes on


@dataclass(frozen=True, slots=True)
class PiecePlan:
    """What goes between two clips; frames are timeline frames but for `make_frames`.

    `before_frames` and `after_frames` are what the clips show more than now, of their own media,
    or less where negative.
    """

    action: Literal["fill_gap", "overwrite"]
    track: TrackRef
    rate: Fraction
    before: Beside
    after: Beside
    before_frames: int
    after_frames: int
    make_frames: int  # at the rate of the media before; 0 where nothing is to be made
    sound: tuple[SoundPlan, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def hole(self) -> Span:
        """The record range of the made piece; empty where none is."""
        edge = self.before.anchor.record_range
        start = edge.start_frame + edge.duration_frames + self.before_frames
        end = self.after.anchor.record_range.start_frame - self.after_frames
        return Span(start, end - start, self.rate)

    @property
    def gap(self) -> Span:
        """The record range between the clips as they lie; empty for a cut."""
        edge = self.before.anchor.record_range
        start = edge.start_frame + edge.duration_frames
        return Span(start, self.after.anchor.record_range.start_frame - start, self.rate)

    @property
    def input_spans(self) -> tuple[Span, Span]:
        """What is shown of each file in the end, in its own frames: the made piece lies between."""
        before, after = self.before, self.after
        start = _first_frame(before.use.start_s, before.media)
        end = _end_frame(before.use.end_s + self.before_frames / self.rate, before.media)
        later = _first_frame(after.use.start_s - self.after_frames / self.rate, after.media)
        last = _end_frame(after.use.end_s, after.media)
        return (
            Span(start, max(end - start, 1), before.media.rate),
            Span(later, max(last - later, 1), after.media.rate),
        )


def frames_to_make(hole_frames: int, rate: Fraction, media: MediaFacts) -> int:
    """Frames at the rate of `media` that cover `hole_frames` of the timeline."""
    return math.ceil(hole_frames / rate * media.rate)


def place_piece(
    plan: PiecePlan, takes: Sequence[MadeTake], name: str, request: Mapping[str, Any]
) -> Placement:
    """The placement of the takes, the first of them active; of the handles alone without takes.

    Raises:
        BridgeError: BAD_INPUT; a take holds fewer frames than were asked for.
    """
    check_takes(takes, plan.make_frames)
    span = plan.hole if takes else plan.gap
    picture = Placement(
        action=plan.action,
        track=plan.track,
        record_range=span,
        source_range=_source(plan, span, takes),
        name=name,
        takes=tuple(placed_take(take) for take in takes),
        anchor=plan.before.anchor,
        request=request,
        trims=_trims(plan),
    )
    # Every reference of a clip is cut at the same frames, so sound takes the active take's or none.
    with_sound = [take for take in takes if take.media.has_sound] if takes else []
    sounding = with_sound if takes and takes[0].media.has_sound else []
    linked = (_place_sound(plan, sound, sounding, picture) for sound in plan.sound)
    return replace(picture, linked=tuple(one for one in linked if one.takes or one.trims))


def check_takes(takes: Sequence[MadeTake], frames: int) -> None:
    """Nothing, where every take holds as many frames as were asked for.

    Raises:
        BridgeError: BAD_INPUT; one holds fewer.
    """
    for take in takes:
        if take.media.frame_count < frames:
            raise bad_input(
                f"{take.media.path.name} holds {take.media.frame_count} frames where {frames} were "
                "asked for; delete it and run the command again."
            )


def _place_sound(
    plan: PiecePlan, sound: SoundPlan, takes: Sequence[MadeTake], picture: Placement
) -> Placement:
    span = sound.span or plan.gap
    takes = takes if sound.span is not None else []
    return replace(
        picture,
        track=sound.track,
        record_range=span,
        source_range=_source(plan, span, takes),
        takes=tuple(placed_take(take) for take in takes),
        anchor=sound.anchor,
        trims=sound.trims,
    )


def _source(plan: PiecePlan, span: Span, takes: Sequence[MadeTake]) -> Span | None:
    """The part of every take that is shown at `span`, in the take's own frames."""
    if not takes:
        return None
    media = takes[0].media
    start = math.floor((span.start_frame - plan.hole.start_frame) / plan.rate * media.rate)
    shown = math.ceil(span.duration_s * media.rate)
    return Span(start, min(shown, media.frame_count - start), media.rate)


def _trims(plan: PiecePlan) -> tuple[Trim, ...]:
    if plan.action != "fill_gap":  # what is laid over them takes frames off the clips by itself
        return ()
    both = (
        Trim(plan.before.anchor, "tail", plan.before_frames),
        Trim(plan.after.anchor, "head", plan.after_frames),
    )
    return tuple(trim for trim in both if trim.frames > 0)


def _first_frame(at_s: Fraction, media: MediaFacts) -> int:
    """The frame that is on screen at a time of its file."""
    at = at_s * media.rate
    nearest = round(at)
    frame = nearest if abs(at - nearest) <= _NEAR_FRAME else math.floor(at)
    return min(max(frame, 0), max(media.frame_count - 1, 0))


def _end_frame(at_s: Fraction, media: MediaFacts) -> int:
    """One past the last frame that is on screen before a time of its file."""
    at = at_s * media.rate
    nearest = round(at)
    frame = nearest if abs(at - nearest) <= _NEAR_FRAME else math.ceil(at)
    return min(max(frame, 1), max(media.frame_count, 1))


def comparable_effects(clip: Clip) -> tuple[str, ...]:
    """The effects of a clip in a form in which those of two clips can be compared."""
    return tuple(effect.to_json_string(indent=-1) for effect in clip.effects)
