"""An MLT project as an OTIO timeline, every item with the address of its element."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from opentimelineio.opentime import RationalTime, TimeRange
from opentimelineio.schema import Clip, Gap, Marker, Timeline, Track, TrackKind, Transition

from longtake_bridge.timeline.made_clip import METADATA_KEY
from longtake_bridge.timeline.mlt.follow import guides_of
from longtake_bridge.timeline.mlt.lane import Lane, Mix, Piece, lanes_of
from longtake_bridge.timeline.mlt.source import (
    effects_of,
    name_of,
    reference_of,
    request_of,
)
from longtake_bridge.timeline.mlt.subtitle import Cue
from longtake_bridge.timeline.mlt.tree import Tree
from longtake_bridge.timeline.timing import nearest_frame

ADDRESS = "mlt"  # metadata: the lane, and the piece or the mix of it, or the guide, or the cue


def read_timeline(tree: Tree, name: str, cues: Sequence[Cue] = ()) -> Timeline:
    """The timeline that the editor shows, as OTIO; its guides and subtitles are markers."""
    timeline = Timeline(name)
    counts = {"video": 0, "audio": 0}
    for number, lane in enumerate(lanes_of(tree)):
        counts[lane.kind] += 1
        label = lane.name or f"{'A' if lane.kind == 'audio' else 'V'}{counts[lane.kind]}"
        timeline.tracks.append(_track(tree, lane, number, label))
    rate = float(tree.clock.rate)
    for number, guide in enumerate(guides_of(tree)):
        span = TimeRange(RationalTime(guide.start, rate), RationalTime(guide.frames, rate))
        marker = Marker(guide.text, span)
        marker.metadata[ADDRESS] = {"guide": number}
        timeline.tracks.markers.append(marker)
    for number, cue in enumerate(cues):
        start = nearest_frame(cue.start_s, tree.clock.rate)
        marker = Marker(cue.text, _span(start, 0, tree.clock.rate))
        marker.metadata[ADDRESS] = {"cue": number}
        timeline.tracks.markers.append(marker)
    return timeline


def address_of(item: Any) -> dict[str, int] | None:
    """Which element of the project an item was read from; None for a new one."""
    found = item.metadata.get(ADDRESS)
    return {key: int(value) for key, value in dict(found).items()} if found else None


def _track(tree: Tree, lane: Lane, number: int, name: str) -> Track:
    kind = TrackKind.Audio if lane.kind == "audio" else TrackKind.Video
    track = Track(name, kind=kind)
    track.metadata[ADDRESS] = {"lane": number}
    rate, at = tree.clock.rate, 0
    for index, piece in enumerate(lane.pieces):
        before, after = _mixes_of(lane, piece)
        begin = before.cut if before else piece.start
        end = after.cut if after else piece.end
        if begin > at:
            track.append(Gap(source_range=_span(0, begin - at, rate)))
        if before and index:
            track.append(_transition(before, number, lane.mixes.index(before), rate))
        track.append(_clip(tree, piece, (begin, end), {"lane": number, "piece": index}))
        at = end
    return track


def _mixes_of(lane: Lane, piece: Piece) -> tuple[Mix | None, Mix | None]:
    """The transitions into a piece and out of it."""
    if not lane.mixes:
        return None, None
    before = after = None
    for mix in lane.mixes:
        into = mix.end if mix.own_entry else mix.start
        out_of = mix.start if mix.own_entry else mix.end
        if piece.start == into:
            before = mix
        elif piece.end == out_of:
            after = mix
    return before, after


def _clip(tree: Tree, piece: Piece, cut: tuple[int, int], address: dict[str, int]) -> Clip:
    producer = tree.producer_of(piece.entry)
    name = name_of(tree, producer) if producer is not None else ""
    begin, end = cut
    shown = _span(piece.in_frame + begin - piece.start, end - begin, tree.clock.rate)
    clip = Clip(name, reference_of(tree, producer), shown)
    clip.effects.extend(effects_of(tree, piece.entry, producer))
    clip.metadata[ADDRESS] = address
    kept = request_of(tree, producer)
    if kept is not None:
        clip.metadata[METADATA_KEY] = kept
    return clip


def _transition(mix: Mix, lane: int, number: int, rate: Fraction) -> Transition:
    transition = Transition(
        transition_type="SMPTE_Dissolve",
        in_offset=RationalTime(mix.cut - mix.start, float(rate)),
        out_offset=RationalTime(mix.end - mix.cut, float(rate)),
    )
    transition.metadata[ADDRESS] = {"lane": lane, "mix": number}
    return transition


def _span(start: int, frames: int, rate: Fraction) -> TimeRange:
    return TimeRange(RationalTime(start, float(rate)), RationalTime(frames, float(rate)))
