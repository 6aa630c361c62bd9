"""What goes along when clips move: guides, groups, compositions, and how long it all is."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from longtake_bridge.timeline.mlt.element import Element, find_property, get_property
from longtake_bridge.timeline.mlt.tree import Tree


@dataclass(frozen=True, slots=True)
class Guide:
    """A marker of the timeline; frames."""

    start: int
    frames: int
    text: str


@dataclass(frozen=True, slots=True)
class Move:
    """A piece that was on the timeline, and where it begins now; frames, half-open."""

    place: int  # of its track in the sequence
    start: int
    end: int
    new_start: int

    @property
    def shift(self) -> int:
        """Frames that it went later."""
        return self.new_start - self.start


def guides_of(tree: Tree) -> list[Guide]:
    """The guides of the timeline, in the order of the file."""
    guides = []
    for one in _placed(_json_list(_sequence_property(tree, "guides"))):
        duration = one.get("duration")
        frames = duration if isinstance(duration, int) else 0
        guides.append(Guide(int(one["pos"]), frames, str(one.get("comment", ""))))
    for one in _shotcut_markers(tree):
        start, end = (tree.clock.frame(get_property(one, name) or "0") for name in ("start", "end"))
        guides.append(Guide(start, max(end - start, 0), get_property(one, "text")))
    return guides


def move_guides(tree: Tree, starts: Sequence[int]) -> None:
    """Puts the guides where they belong now; `starts` in the order of `guides_of`."""
    element = _sequence_property(tree, "guides")
    every = _json_list(element)
    found = _placed(every)
    changed = False
    for one, start in zip(found, starts, strict=False):
        changed = changed or one["pos"] != start
        one["pos"] = start
    if changed and element is not None:
        element.text = _as_qt_writes(every)
    for one, start in zip(_shotcut_markers(tree), starts[len(found) :], strict=False):
        begin, end = find_property(one, "start"), find_property(one, "end")
        shift = start - tree.clock.frame(get_property(one, "start") or "0")
        for edge in (begin, end):
            if shift and edge is not None and edge.text:
                edge.text = tree.clock.text(tree.clock.frame(edge.text) + shift, edge.text)


def move_compositions(tree: Tree, moves: Iterable[Move]) -> None:
    """Lets transitions between tracks go with the clips of their upper track."""
    sequence, moves = tree.sequence, list(moves)
    for one in sequence.iterchildren("transition") if sequence is not None else ():
        begin, out = one.get("in"), one.get("out")
        if out is None or get_property(one, "internal_added"):
            continue
        first, last = tree.clock.frame(begin or "0"), tree.clock.frame(out)
        above = get_property(one, "b_track")
        under = [m for m in moves if str(m.place) == above and m.start <= last and m.end > first]
        if not under or not under[0].shift:
            continue
        one.set("in", tree.clock.text(first + under[0].shift, begin))
        one.set("out", tree.clock.text(last + under[0].shift, out))


def update_groups(tree: Tree, moves: Iterable[Move], pairs: Iterable[Sequence[Move]]) -> None:
    """Lets Kdenlive's groups, which name clips by place, name them by their new ones.

    `pairs` are new pictures with their sound, which become groups of their own.
    """
    element = _sequence_property(tree, "groups")
    if element is None:
        return
    groups = _json_list(element)
    before = json.dumps(groups)
    places = {(move.place - 1, move.start): move.new_start for move in moves}
    for leaf in _leaves(groups):
        track, _, rest = str(leaf.get("data", "")).partition(":")
        start, colon, more = rest.partition(":")
        if leaf.get("leaf") == "clip" and track.isdigit() and start.isdigit():
            start = str(places.get((int(track), int(start)), start))
            leaf["data"] = f"{track}:{start}{colon}{more}"
    suffix = ":-1" if any(str(one.get("data")).count(":") > 1 for one in _leaves(groups)) else ""
    for pair in pairs:
        leaves = [
            {"data": f"{one.place - 1}:{one.new_start}{suffix}", "leaf": "clip", "type": "Leaf"}
            for one in pair
        ]
        groups.append({"children": leaves, "type": "AVSplit"})
    if json.dumps(groups) != before:
        element.text = _as_qt_writes(groups)


def forget_previews(tree: Tree) -> None:
    """Marks the parts of the timeline that Kdenlive has rendered ahead as to be rendered anew."""
    done, stale = _sequence_property(tree, "previewchunks"), None
    if done is not None and done.text:
        stale = _sequence_property(tree, "dirtypreviewchunks")
        if stale is not None:
            stale.text = ",".join(part for part in (stale.text, done.text) if part)
        done.text = None


def lengthen(tree: Tree, ends: Iterable[tuple[Element, int]]) -> None:
    """Lets tracks, timeline and background last as long as what lies on them now.

    `ends` are the tracks' elements, and the frame after the last of their pieces.
    """
    end = 0
    for holder, lane_end in ends:
        end = max(end, lane_end)
        if holder.tag == "tractor":
            _grow(tree, holder, lane_end)
    sequence = tree.sequence
    if sequence is None:
        return
    was = tree.length(sequence)
    _grow(tree, sequence, end)
    added = tree.length(sequence) - was if sequence.get("out") is not None else 0
    if added <= 0:
        return
    for name in ("kdenlive:maxduration", "kdenlive:duration"):
        element = find_property(sequence, name)
        if element is not None and element.text:
            length = max(tree.clock.frame(element.text), end)
            element.text = tree.clock.text(length, element.text)
    _lengthen_background(tree, sequence, end)
    number = sequence.get("id")
    for user in tree.root.iterchildren("tractor", "playlist"):
        for one in user.iterchildren("track", "entry"):
            # What plays the whole timeline: the tractor around it. Kdenlive's bin shows it too.
            if one.get("producer") == number and user.tag == "tractor":
                _grow(tree, one, end)
                _grow(tree, user, end)


def _lengthen_background(tree: Tree, sequence: Element, end: int) -> None:
    first = next(sequence.iterchildren("track"), None)
    behind = tree.producer_of(first) if first is not None else None
    if behind is None:
        return
    entries = list(behind.iterchildren("entry")) if behind.tag == "playlist" else []
    for one in [behind, *entries, *(tree.producer_of(entry) for entry in entries)]:
        if one is None:
            continue
        length = find_property(one, "length")
        if length is not None and length.text and tree.clock.frame(length.text) < end:
            length.text = tree.clock.text(end, length.text)
        _grow(tree, one, end)


def _grow(tree: Tree, element: Element, end: int) -> None:
    out = element.get("out")
    if out is not None and tree.clock.frame(out) < end - 1:
        element.set("out", tree.clock.text(end - 1, out))


def _sequence_property(tree: Tree, name: str) -> Element | None:
    """A property that old Kdenlives keep in the bin and new ones in the sequence."""
    sequence, in_bin = tree.sequence, tree.bin
    if sequence is not None:
        found = find_property(sequence, f"kdenlive:sequenceproperties.{name}")
        if found is not None:
            return found
    if in_bin is not None:
        return find_property(in_bin, f"kdenlive:docproperties.{name}")
    return None


def _json_list(element: Element | None) -> list:
    """What a property of Kdenlive holds as JSON; nothing where that cannot be read."""
    try:
        found = json.loads((element.text if element is not None else "") or "[]")
    except ValueError:
        return []
    return found if isinstance(found, list) else []


def _placed(guides: list) -> list[dict]:
    return [one for one in guides if isinstance(one, dict) and isinstance(one.get("pos"), int)]


def _shotcut_markers(tree: Tree) -> list[Element]:
    sequence = tree.sequence
    if sequence is None:
        return []
    return [
        one
        for markers in sequence.iterchildren("properties")
        if markers.get("name") == "shotcut:markers"
        for one in markers.iterchildren("properties")
    ]


def _leaves(groups: list) -> Iterator[dict]:
    for one in groups:
        if isinstance(one, dict):
            if one.get("type") == "Leaf":
                yield one
            yield from _leaves(one.get("children", []))


def _as_qt_writes(value: object) -> str:
    """JSON as Kdenlive lays it out, so that a comparison shows only what changed."""
    return json.dumps(value, indent=4, ensure_ascii=False, sort_keys=True) + "\n"
