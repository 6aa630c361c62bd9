"""A region of a clip on a timeline filled: which frames of its media are made, and where they
go."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from opentimelineio.schema import Timeline, Transition

from longtake_bridge.errors import bad_input, wrong_call
from longtake_bridge.length import Length
from longtake_bridge.mark import Box, Point
from longtake_bridge.timeline.clip_search import ClipAddress, find_item, find_stack
from longtake_bridge.timeline.media import MediaFacts, read_media_use, sequence_rate
from longtake_bridge.timeline.placement import Anchor, Placement, Span, TrackRef
from longtake_bridge.timeline.plan import MadeTake, anchor_of, placed_take, track_ref_of
from longtake_bridge.timeline.refusal import check_clip
from longtake_bridge.timeline.timing import (
    count_frames,
    nearest_frame,
    seconds_of,
    timecode_to_frame,
)

# Of the media at each end beyond what is shown, made too: the edges can still be moved a little.
_SPARE_FRAMES = 8
_NEAR_FRAME = Fraction(1, 20)  # of a frame: editors' roundings lie nearer


@dataclass(frozen=True, slots=True)
class RegionPlan:
    """One clip, and the part of its media that is made anew."""

    anchor: Anchor
    track: TrackRef
    rate: Fraction  # timeline frames a second
    start_frame: int  # of the timeline's own timecode, at `rate`
    media: MediaFacts
    start_s: Fraction  # of what is shown, in the media
    shown: Span  # of the media: what is made, a little more than is shown
    sequence_rate: Fraction | None

    @property
    def output_range(self) -> tuple[int, int]:
        """(start_frame, duration_frames) of what the engine is asked for."""
        return self.shown.start_frame, self.shown.duration_frames

    @property
    def first_frame(self) -> int:
        """Of the media, the first that the clip shows."""
        return self._media_frame(Fraction(0))

    def frame_of(self, mark: Box | Point) -> int:
        """The frame of the media that `mark` is drawn on.

        Raises:
            BridgeError: WRONG_CALL; the clip shows nothing at its timecode.
        """
        if mark.timecode:
            return self._media_frame(self._shown_at(mark.timecode))
        return self.first_frame if mark.frame is None else mark.frame

    def frame_at(self, place: Length) -> int:
        """The frame of the media so far from where the clip begins to show, or at a timecode of
        the timeline.

        Raises:
            BridgeError: WRONG_CALL; the clip shows nothing there.
        """
        if place.timecode is not None:
            return self._media_frame(self._shown_at(place.timecode))
        return self.first_frame + count_frames(place, self.media.rate)

    def _shown_at(self, timecode: str) -> Fraction:
        """Seconds from the start of the clip on the timeline."""
        span = self.anchor.record_range
        record = timecode_to_frame(timecode, self.rate) - self.start_frame
        after = record - span.start_frame
        if not 0 <= after <= span.duration_frames:
            raise wrong_call(
                f'"{self.anchor.clip_name}" is not shown at {timecode}; choose a moment of the'
                " timeline at which it is, or give the number of a frame of its file."
            )
        return after / self.rate

    def _media_frame(self, after_s: Fraction) -> int:
        at = (self.start_s + after_s) * self.media.rate
        nearest = round(at)
        frame = nearest if abs(at - nearest) <= _NEAR_FRAME else math.floor(at)
        return min(max(frame, 0), self.media.frame_count - 1)


def plan_region(
    timeline: Timeline, address: ClipAddress, *, media: MediaFacts, rate: Fraction
) -> RegionPlan:
    """What filling a region of the clip at `address` takes.

    Raises:
        BridgeError: The clip cannot be made anew.
    """
    check_clip(timeline, address, ())
    clip = find_item(timeline, address)
    use = read_media_use(clip, media)
    before_s, after_s = _under_transitions(timeline, address)
    start = math.floor((use.start_s - before_s) * media.rate) - _SPARE_FRAMES
    stop = math.ceil((use.end_s + after_s) * media.rate) + _SPARE_FRAMES
    start, stop = max(start, 0), min(stop, media.frame_count)
    first = timeline.global_start_time
    plan = RegionPlan(
        anchor=anchor_of(timeline, address, rate),
        track=track_ref_of(timeline, address),
        rate=rate,
        start_frame=nearest_frame(seconds_of(first), rate) if first is not None else 0,
        media=media,
        start_s=max(use.start_s, Fraction(0)),
        shown=Span(start, stop - start, media.rate),
        sequence_rate=sequence_rate(clip),
    )
    stand_in = MadeTake(replace(media, frame_count=stop - start), start, "", {})
    place_region(plan, [stand_in], {}).apply(timeline)  # tried before it is made
    return plan


def place_region(
    plan: RegionPlan, takes: Sequence[MadeTake], request: Mapping[str, Any]
) -> Placement:
    """The takes in the place of the clip's media, which stays among them; its sound stays too.

    Raises:
        BridgeError: BAD_INPUT; a take holds fewer frames than were asked for.
    """
    media, span = takes[0].media, plan.anchor.record_range
    start = nearest_frame(plan.start_s * plan.media.rate, Fraction(1)) - plan.shown.start_frame
    shown = min(math.ceil(span.duration_s * media.rate), media.frame_count - start)
    if media.frame_count < plan.shown.duration_frames:
        raise bad_input(
            f"{media.path.name} is shorter than was asked for; delete it and try again."
        )
    return Placement(
        action="replace_media",
        track=plan.track,
        record_range=span,
        source_range=Span(start, shown, media.rate),
        name=plan.anchor.clip_name,
        takes=tuple(placed_take(take) for take in takes),
        anchor=plan.anchor,
        request={
            **request,
            "clip": plan.anchor.clip_name,
            "input": str(plan.media.path),
            "output_range": list(plan.output_range),
            "factor": "1",  # times as long as it was: its effects are kept as they are
        },
    )


def _under_transitions(timeline: Timeline, address: ClipAddress) -> tuple[Fraction, Fraction]:
    """Seconds that transitions show of the clip before its head and after its tail."""
    track = find_stack(timeline, address.nest)[address.track]
    head = tail = Fraction(0)
    for beside in track[max(address.item - 1, 0) : address.item]:
        if isinstance(beside, Transition):
            head = seconds_of(beside.in_offset)
    for beside in track[address.item + 1 : address.item + 2]:
        if isinstance(beside, Transition):
            tail = seconds_of(beside.out_offset)
    return head, tail
