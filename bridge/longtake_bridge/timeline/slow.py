"""A clip on a timeline slowed down: the same pictures for longer, with made ones between them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from opentimelineio.schema import Timeline

from longtake_bridge.errors import bad_input, wrong_call
from longtake_bridge.length import Length
from longtake_bridge.timeline.clip_search import ClipAddress, find_item
from longtake_bridge.timeline.media import Locate, MediaFacts, read_media_use, sequence_rate
from longtake_bridge.timeline.placement import Anchor, Follow, Placement, Span, TrackRef
from longtake_bridge.timeline.plan import ExtensionPlan, MadeTake, placed_take, plan_extension
from longtake_bridge.timeline.refusal import check_clip
from longtake_bridge.timeline.timing import nearest_frame

# Of the media at each end beyond what is shown, slowed down too: the edges can still be moved.
_SPARE_FRAMES = 8


@dataclass(frozen=True, slots=True)
class SlowPlan:
    """What is slowed down, and by how much."""

    plan: ExtensionPlan  # for as much more as the clip becomes longer: its sound, its room
    factor: Fraction
    start_s: Fraction  # of what is shown, in the media
    shown: Span  # of the media: what is slowed down
    more_frames: int  # timeline frames
    sequence_rate: Fraction | None

    @property
    def new_frames(self) -> int:
        """Frames that have to be made, at the media's rate."""
        return self.made_frames - self.shown.duration_frames

    @property
    def made_frames(self) -> int:
        """All frames of the made file."""
        return math.floor(self.shown.duration_frames * self.factor + Fraction(1, 2))

    @property
    def input_range(self) -> tuple[int, int]:
        """(start_frame, duration_frames) of what the engine is asked for."""
        return self.shown.start_frame, self.shown.duration_frames


def plan_slow(
    timeline: Timeline,
    address: ClipAddress,
    *,
    factor: Fraction | None,
    media: MediaFacts,
    follow: Follow,
    rate: Fraction,
    locate: Locate,
) -> SlowPlan:
    """What slowing the clip at `address` down takes.

    Raises:
        BridgeError: It cannot be slowed down, or there is no room for it.
    """
    if factor is None or factor <= 1:
        raise wrong_call("Say how many times as long the clip becomes: factor 2 for half speed.")
    check_clip(timeline, address, ("head", "tail"))
    clip = find_item(timeline, address)
    use = read_media_use(clip, media)
    length_s = use.end_s - use.start_s
    more = max(nearest_frame(length_s * (factor - 1), rate), 1)
    plan = plan_extension(
        timeline,
        address,
        head=None,
        tail=Length(frames=more),
        media=media,
        follow=follow,
        rate=rate,
        locate=locate,
    )
    start = max(math.floor(use.start_s * media.rate) - _SPARE_FRAMES, 0)
    stop = min(math.ceil(use.end_s * media.rate) + _SPARE_FRAMES, media.frame_count)
    shown = Span(start, stop - start, media.rate)
    slow = SlowPlan(plan, factor, max(use.start_s, Fraction(0)), shown, more, sequence_rate(clip))
    stand_in = MadeTake(replace(media, frame_count=slow.made_frames), 0, "", {})
    place_slow(slow, [stand_in], {}).apply(timeline)  # tried before it is made
    return slow


def place_slow(slow: SlowPlan, takes: Sequence[MadeTake], request: Mapping[str, Any]) -> Placement:
    """The slowed clip in the place of the one that it was, with its sound where that was made.

    Raises:
        BridgeError: BAD_INPUT; a take holds fewer frames than were asked for.
    """
    plan = slow.plan
    sounds = plan.sound if takes[0].media.has_sound else ()
    linked = tuple(_replacement(slow, takes, request, *sound) for sound in sounds)
    picture = _replacement(slow, takes, request, plan.track, plan.anchor)
    return replace(picture, linked=linked)


def slow_notes(slow: SlowPlan, takes: Sequence[MadeTake]) -> tuple[str, ...]:
    """What an editor should know of what was placed."""
    if slow.plan.sound and not takes[0].media.has_sound:
        return ("The slowed file has no sound; the sound of the clip stays at its speed.",)
    return ()


def _replacement(
    slow: SlowPlan,
    takes: Sequence[MadeTake],
    request: Mapping[str, Any],
    track: TrackRef,
    anchor: Anchor,
) -> Placement:
    media, span = takes[0].media, anchor.record_range
    length = Span(span.start_frame, span.duration_frames + slow.more_frames, span.rate)
    start = nearest_frame((slow.start_s - slow.shown.start_s) * slow.factor, media.rate)
    shown = min(nearest_frame(length.duration_s, media.rate), media.frame_count - start)
    if shown < 1 or media.frame_count < slow.made_frames:
        raise bad_input(
            f"{media.path.name} is shorter than was asked for; delete it and try again."
        )
    return Placement(
        action="replace_media",
        track=track,
        record_range=length,
        source_range=Span(start, shown, media.rate),
        name=f"{anchor.clip_name} (slow)",
        takes=tuple(placed_take(take) for take in takes),
        follow=slow.plan.follow,
        anchor=anchor,
        request={
            **request,
            "clip": anchor.clip_name,
            "input": str(slow.plan.media.path),
            "shown": list(slow.input_range),
        },
    )
