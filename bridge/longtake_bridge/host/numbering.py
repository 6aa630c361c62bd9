"""Placements in a host's own frame and track numbers."""

from dataclasses import replace

from longtake_bridge.host.sequence import HostSequence
from longtake_bridge.timeline.placement import Anchor, Placement, Span, TrackRef, Trim


def in_host_numbers(placement: Placement, sequence: HostSequence) -> Placement:
    """The same placement with record frames and tracks counted as the host counts them."""
    origin = sequence.origin_frame

    def moved(span: Span) -> Span:
        return replace(span, start_frame=span.start_frame + origin)

    def anchored(anchor: Anchor) -> Anchor:
        return replace(anchor, record_range=moved(anchor.record_range))

    def trimmed(trim: Trim) -> Trim:
        return replace(trim, anchor=anchored(trim.anchor))

    return replace(
        placement,
        track=_track(placement.track, sequence),
        record_range=moved(placement.record_range),
        anchor=anchored(placement.anchor) if placement.anchor else None,
        linked=tuple(in_host_numbers(one, sequence) for one in placement.linked),
        trims=tuple(trimmed(trim) for trim in placement.trims),
    )


def _track(ref: TrackRef, sequence: HostSequence) -> TrackRef:
    same = [track for track in sequence.tracks if track.kind == ref.kind]
    track = same[ref.index]
    return TrackRef(ref.kind, track.index, track.name)
