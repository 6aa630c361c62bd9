"""An edited OTIO timeline put back into the MLT project that it was read from.

Only what differs is changed: a playlist whose pieces all lie where they lay is not touched.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from opentimelineio.opentime import RationalTime
from opentimelineio.schema import (
    Clip,
    ExternalReference,
    Timeline,
    Track,
    TrackKind,
    Transition,
)

from longtake_bridge.errors import not_possible
from longtake_bridge.timeline.made_clip import is_made
from longtake_bridge.timeline.mlt.dressing import Dresser
from longtake_bridge.timeline.mlt.element import Element
from longtake_bridge.timeline.mlt.follow import Move
from longtake_bridge.timeline.mlt.lane import Lane, Mix, Piece, lanes_of
from longtake_bridge.timeline.mlt.laying import Heard, LaneWriter, Put
from longtake_bridge.timeline.mlt.new_lane import add_video_lane
from longtake_bridge.timeline.mlt.reading import address_of
from longtake_bridge.timeline.mlt.shelf import Shelf
from longtake_bridge.timeline.mlt.source import reference_of
from longtake_bridge.timeline.mlt.tree import Tree
from longtake_bridge.timeline.timing import nearest_frame, seconds_of
from longtake_bridge.timeline.track_edit import lay_out


@dataclass(slots=True)
class Rewritten:
    """What became of a project's lanes."""

    moves: list[Move] = field(default_factory=list)
    made: list[tuple[Clip, Move]] = field(default_factory=list)  # new clips, where they lie
    ends: list[tuple[Element, int]] = field(default_factory=list)
    changed: bool = False
    notes: tuple[str, ...] = ()  # what an editor should know of effects


def rewrite_lanes(tree: Tree, timeline: Timeline) -> Rewritten:
    """Puts every track of the timeline back into the playlists that it came from.

    Raises:
        BridgeError: NOT_POSSIBLE; a track of sound is new, or media is none that MLT plays.
    """
    lanes, shelf, dresser, done = lanes_of(tree), Shelf(tree), Dresser(tree), Rewritten()
    puts = [(track, _lane_of(tree, track, lanes)) for track in timeline.tracks]
    rate = tree.clock.rate
    heard = {one for track, lane in puts if lane.kind == "audio" for one in _made_on(track, rate)}
    for track, lane in puts:
        laid = list(_puts(tree, track, lane))
        done.ends.append((lane.holder, max((put.end for put in laid), default=0)))
        for put in laid:
            if put.piece is not None:
                done.moves.append(Move(lane.place, put.piece.start, put.piece.end, put.start))
            elif put.clip is not None:
                done.made.append((put.clip, Move(lane.place, put.start, put.end, put.start)))
        _move_mixes(tree, lane, track)
        writer = LaneWriter(tree, lane, shelf, dresser, heard)
        done.changed = writer.write(laid) or done.changed
    done.notes = tuple(dresser.notes)
    return done


def _lane_of(tree: Tree, track: Track, lanes: tuple[Lane, ...]) -> Lane:
    """The lane that a track was read from; a new one for a new track of pictures."""
    address = address_of(track)
    if address is not None:
        return lanes[address["lane"]]
    holder = add_video_lane(tree, track.name) if track.kind == TrackKind.Video else None
    if holder is None:
        raise not_possible(
            f'The project has no track "{track.name}"; add an empty one in the editor first.'
        )
    return next(lane for lane in lanes_of(tree) if lane.holder is holder)


def _made_on(track: Track, rate: Fraction) -> Iterator[Heard]:
    """The new clips on a track."""
    for lying in lay_out(track):
        if isinstance(lying.item, Clip) and address_of(lying.item) is None:
            url = getattr(lying.item.media_reference, "target_url", "")
            yield url, nearest_frame(lying.start_s, rate)


def _puts(tree: Tree, track: Track, lane: Lane) -> Iterator[Put]:
    rate, children = tree.clock.rate, list(track)
    for lying in lay_out(track):
        item = lying.item
        before = _mix(children, lying.index - 1, lane)
        after = _mix(children, lying.index + 1, lane)
        start, end = nearest_frame(lying.start_s, rate), nearest_frame(lying.end_s, rate)
        if before is not None and before[0].own_entry:
            mix, cut = before[0], start
            yield Put(cut - (mix.cut - mix.start), cut + (mix.end - mix.cut), 0, mix=mix)
        if not isinstance(item, Clip):
            continue
        in_frame = nearest_frame(seconds_of(item.trimmed_range().start_time), rate)
        reach = [_reach(before, head=True), _reach(after, head=False)]
        piece = _piece(tree, item, lane)
        if piece is None:
            in_frame -= _origin(tree, item)
        address = address_of(item) if piece is None else None
        was = lane.pieces[address["piece"]] if address is not None else None
        put = Put(start - reach[0], end + reach[1], in_frame - reach[0], item, piece)
        yield replace(put, was=was)


def _mix(children: list, index: int, lane: Lane) -> tuple[Mix, Transition] | None:
    if not 0 <= index < len(children) or not isinstance(children[index], Transition):
        return None
    address = address_of(children[index])
    return (lane.mixes[address["mix"]], children[index]) if address else None


def _reach(found: tuple[Mix, Transition] | None, *, head: bool) -> int:
    """Frames that an entry reaches past its cut; negative where a transition stands there."""
    if found is None:
        return 0
    mix = found[0]
    if mix.own_entry:
        return mix.cut - mix.end if head else mix.start - mix.cut
    return mix.cut - mix.start if head else mix.end - mix.cut


def _piece(tree: Tree, clip: Clip, lane: Lane) -> Piece | None:
    """The piece that a clip was; None for a new clip, or one that shows another file now."""
    address = address_of(clip)
    if address is None:
        return None
    piece = lane.pieces[address["piece"]]
    was = reference_of(tree, tree.producer_of(piece.entry))
    now = clip.media_reference
    if is_made(clip) and isinstance(now, ExternalReference) and isinstance(was, ExternalReference):
        return piece if now.target_url == was.target_url else None
    return piece


def _origin(tree: Tree, clip: Clip) -> int:
    available = clip.media_reference.available_range
    start = available.start_time if available is not None else RationalTime(0, 1)
    return nearest_frame(seconds_of(start), tree.clock.rate)


def _move_mixes(tree: Tree, lane: Lane, track: Track) -> None:
    """Lets Kdenlive's transitions on a track go with their clips, or with them go."""
    kept: dict[int, int] = {}
    at = {lying.index: lying.start_s for lying in lay_out(track)}
    for index, child in enumerate(track):
        address = address_of(child) if isinstance(child, Transition) else None
        if address is not None and index + 1 in at:
            kept[address["mix"]] = nearest_frame(at[index + 1], tree.clock.rate)
    for number, mix in enumerate(lane.mixes):
        element = mix.element
        if mix.own_entry or element is None:
            continue
        if number not in kept:
            lane.holder.remove(element)
        elif kept[number] != mix.cut:
            for edge in ("in", "out"):
                was = element.get(edge) or "0"
                moved = tree.clock.frame(was) + kept[number] - mix.cut
                element.set(edge, tree.clock.text(moved, was))
