"""A still on a timeline made to move: as long as it is shown, in its place."""

import math
from dataclasses import replace
from fractions import Fraction

from opentimelineio.schema import Timeline

from longtake_bridge.timeline.clip_search import ClipAddress
from longtake_bridge.timeline.media import MediaFacts
from longtake_bridge.timeline.placement import Span
from longtake_bridge.timeline.plan import MadeTake, anchor_of, track_ref_of
from longtake_bridge.timeline.refusal import check_clip
from longtake_bridge.timeline.region import RegionPlan, place_region
from longtake_bridge.timeline.timing import nearest_frame, seconds_of


def plan_still(
    timeline: Timeline, address: ClipAddress, *, media: MediaFacts, rate: Fraction
) -> RegionPlan:
    """What making the still at `address` move takes: one frame for each that it is shown.

    The plan's media is what the still becomes, a clip at the timeline's rate, and its frames count
    from where the still begins to show.

    Raises:
        BridgeError: The clip cannot be made anew.
    """
    check_clip(timeline, address, ())
    anchor = anchor_of(timeline, address, rate)
    count = math.ceil(anchor.record_range.duration_s * rate)
    first = timeline.global_start_time
    plan = RegionPlan(
        anchor=anchor,
        track=track_ref_of(timeline, address),
        rate=rate,
        start_frame=nearest_frame(seconds_of(first), rate) if first is not None else 0,
        media=replace(media, rate=rate, frame_count=count, start_frame=0),
        start_s=Fraction(0),
        shown=Span(0, count, rate),
        sequence_rate=None,
    )
    place_region(plan, [MadeTake(plan.media, 0, "", {})], {}).apply(timeline)  # tried first
    return plan
