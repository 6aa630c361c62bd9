"""The places on a timeline where frames could go: gaps on its video tracks, and cuts.

Gaps and cuts are numbered along V1, then V2 and so on, each from its start, what lies in nested
timelines where they lie; the numbers do not depend on what is then done about them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from opentimelineio.schema import Clip, Gap, Stack, Timeline, Track, TrackKind, Transition

from longtake_bridge.timeline.clip_search import Nest, find_stack, track_label
from longtake_bridge.timeline.placement import Span, TrackRef
from longtake_bridge.timeline.timing import frame_to_timecode, nearest_frame, seconds_of
from longtake_bridge.timeline.track_edit import Lying, lay_out

_NEAR_FRAME = Fraction(1, 20)  # of a frame: doubles and editors' roundings lie nearer


@dataclass(frozen=True, slots=True)
class Spot:
    """A gap, or a cut where its span is of no length."""

    number: int  # from 1
    nest: Nest
    track: int  # among all tracks of its stack
    ref: TrackRef
    label: str  # for a person: V1, or V1 in "Scene 2"
    span: Span  # record
    on_frames: bool  # its edges are whole frames of the timeline
    before: int | None  # index of the child that ends where it starts; None at the track's head
    after: int | None
    before_name: str
    after_name: str


def find_gaps(timeline: Timeline, rate: Fraction) -> tuple[Spot, ...]:
    """Every gap on every video track that is a frame long or longer."""
    found = [
        _spot(timeline, nest, track, run, rate)
        for nest, track in video_tracks(timeline.tracks)
        for run in _gap_runs(find_stack(timeline, nest)[track])
    ]
    return _numbered(spot for spot in found if spot.span.duration_frames)


def find_cuts(timeline: Timeline, rate: Fraction) -> tuple[Spot, ...]:
    """Every place on every video track where one thing ends and another begins, without a gap."""
    found: list[Spot] = []
    for nest, track in video_tracks(timeline.tracks):
        lying = lay_out(find_stack(timeline, nest)[track])
        for one, other in pairwise(lying):
            if not isinstance(one.item, Gap) and not isinstance(other.item, Gap):
                run = _Run(one.end_s, one.end_s, one, other)
                found.append(_spot(timeline, nest, track, run, rate))
    return _numbered(found)


def video_tracks(stack: Stack, nest: Nest = ()) -> Iterator[tuple[Nest, int]]:
    """Every video track, from the bottom, and inside it those of nested timelines."""
    for place, track in enumerate(stack):
        if not isinstance(track, Track) or track.kind != TrackKind.Video:
            continue
        yield nest, place
        for index, item in enumerate(track):
            if isinstance(item, Stack):
                yield from video_tracks(item, (*nest, (place, index)))


def track_ref(timeline: Timeline, nest: Nest, track: int) -> TrackRef:
    """How a placement speaks of a track."""
    stack = find_stack(timeline, nest)
    kinds = [(place, other.kind) for place, other in enumerate(stack) if isinstance(other, Track)]
    same = [place for place, kind in kinds if kind == stack[track].kind]
    kind = "audio" if stack[track].kind == TrackKind.Audio else "video"
    return TrackRef(kind, same.index(track), stack[track].name, nest)


def spot_timecode(spot: Spot, timeline: Timeline) -> str:
    """Where a spot begins, as the editor shows it; in a nested timeline counted from its start."""
    start_s = spot.span.start_s
    if not spot.nest and timeline.global_start_time is not None:
        start_s += seconds_of(timeline.global_start_time)
    return frame_to_timecode(nearest_frame(start_s, spot.span.rate), spot.span.rate)


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring gaps as one, and what lies beside them."""

    start_s: Fraction
    end_s: Fraction
    before: Lying | None
    after: Lying | None


def _gap_runs(track: Track) -> Iterator[_Run]:
    lying = lay_out(track)
    first: int | None = None
    for number, one in enumerate(lying):
        if not isinstance(one.item, Gap):
            first = None
            continue
        first = number if first is None else first
        after = lying[number + 1] if number + 1 < len(lying) else None
        if after is None or not isinstance(after.item, Gap) or _is_parted(track, one, after):
            before = lying[first - 1] if first else None
            yield _Run(lying[first].start_s, one.end_s, before, after)
            first = None


def _is_parted(track: Track, one: Lying, other: Lying) -> bool:
    return any(isinstance(item, Transition) for item in track[one.index + 1 : other.index])


def _spot(timeline: Timeline, nest: Nest, track: int, run: _Run, rate: Fraction) -> Spot:
    stack = find_stack(timeline, nest)
    start, end = nearest_frame(run.start_s, rate), nearest_frame(run.end_s, rate)
    on_frames = all(
        abs(edge_s * rate - frame) <= _NEAR_FRAME
        for edge_s, frame in ((run.start_s, start), (run.end_s, end))
    )
    inside = f' in "{stack.name}"' if nest else ""
    return Spot(
        number=0,
        nest=nest,
        track=track,
        ref=track_ref(timeline, nest, track),
        label=f"{track_label(stack, track)}{inside}",
        span=Span(start, end - start, rate),
        on_frames=on_frames,
        before=run.before.index if run.before else None,
        after=run.after.index if run.after else None,
        before_name=_name(run.before),
        after_name=_name(run.after),
    )


def _name(lying: Lying | None) -> str:
    if lying is None:
        return ""
    kind = "clip" if isinstance(lying.item, Clip) else "nested timeline"
    return lying.item.name or f"a {kind} without a name"


def _numbered(spots: Iterable[Spot]) -> tuple[Spot, ...]:
    return tuple(replace(spot, number=number) for number, spot in enumerate(spots, start=1))
