"""A new video track on top of an MLT project, as its editor would add one."""

from copy import deepcopy

from longtake_bridge.timeline.mlt.element import (
    Element,
    find_property,
    get_property,
    new_element,
    set_property,
    tidy,
)
from longtake_bridge.timeline.mlt.lane import lanes_of
from longtake_bridge.timeline.mlt.tree import Tree, tracks_of

_BLENDS = ("qtblend", "frei0r.cairoblend", "movit.overlay", "composite", "affine")
_MIX = {"mlt_service": "mix", "always_active": "1", "sum": "1"}
_COUNT = "kdenlive:sequenceproperties.tracksCount"


def add_video_lane(tree: Tree, name: str) -> Element | None:
    """What holds the new track: a playlist, or Kdenlive's tractor of two. None where the project
    is a playlist alone, which has room for one track only."""
    sequence = tree.sequence
    if sequence is None:
        return None
    place = sum(1 for _ in tracks_of(sequence))
    below = max((lane.place for lane in lanes_of(tree) if lane.kind == "video"), default=0)
    holder = _tractor(tree, name) if tree.dialect.name == "kdenlive" else _playlist(tree, name)
    last = list(tracks_of(sequence))[-1]
    track = new_element("track", {"producer": holder.get("id") or ""})
    parent = last.getparent()
    assert parent is not None, "a track lies in its sequence"
    parent.insert(parent.index(last) + 1, track)
    _blend(tree, sequence, place, below)
    if get_property(sequence, _COUNT).isdigit():
        set_property(sequence, _COUNT, str(int(get_property(sequence, _COUNT)) + 1))
    tidy(sequence)
    return holder


def _playlist(tree: Tree, name: str) -> Element:
    named = {"shotcut": {"shotcut:video": "1", "shotcut:name": name}}
    return _add(tree, "playlist", named.get(tree.dialect.name, {"title": name}))


def _tractor(tree: Tree, name: str) -> Element:
    """Kdenlive's two playlists, between which clips change that fade into each other."""
    lists = [_add(tree, "playlist", {}) for _ in range(2)]
    properties = {
        "kdenlive:track_name": name,
        "kdenlive:trackheight": "67",
        "kdenlive:timeline_active": "1",
        "kdenlive:collapsed": "0",
    }
    holder = _add(tree, "tractor", properties)
    for one in lists:
        attributes = {"hide": "audio", "producer": one.get("id") or ""}
        holder.append(new_element("track", attributes))
    tidy(holder)
    return holder


def _add(tree: Tree, tag: str, properties: dict[str, str]) -> Element:
    """A new element right before the sequence, which names it."""
    number = 0
    while f"longtaketrack{number}" in tree.by_id:
        number += 1
    made = new_element(tag, {"id": f"longtaketrack{number}"}, properties)
    sequence = tree.sequence
    assert sequence is not None, "a track is added to a sequence"
    root = tree.root
    place = root.index(sequence)
    before = root[place - 1] if place else None
    root.insert(place, made)
    made.tail = before.tail if before is not None else root.text
    tidy(made)
    tree.by_id[made.get("id") or ""] = made
    return made


def _blend(tree: Tree, sequence: Element, place: int, below: int) -> None:
    """Lays the track over those below it, as the project lays its others; sound is added to it."""
    transitions = list(sequence.iterchildren("transition"))
    blends = [one for one in transitions if get_property(one, "mlt_service") in _BLENDS]
    own = [one for one in blends if _is_whole(one)]
    kdenlive = tree.dialect.name == "kdenlive"
    if own:
        _append(tree, sequence, deepcopy(own[-1]), (0 if kdenlive else below, place))
    elif kdenlive:
        properties = {"mlt_service": "qtblend", "always_active": "1", "internal_added": "237"}
        made = new_element("transition", {}, {"a_track": "0", "b_track": "0", **properties})
        _append(tree, sequence, made, (0, place))
    mixes = [one for one in transitions if get_property(one, "mlt_service") == "mix"]
    if tree.dialect.name == "shotcut":
        mix = new_element("transition", {}, {"a_track": "0", "b_track": "0", **_MIX})
        _append(tree, sequence, deepcopy(mixes[-1]) if mixes else mix, (0, place))


def _is_whole(transition: Element) -> bool:
    """Whether it belongs to a track, and not to a clip on it."""
    return bool(
        get_property(transition, "internal_added")
        or get_property(transition, "always_active")
        or transition.get("in") is None
    )


def _append(tree: Tree, sequence: Element, transition: Element, tracks: tuple[int, int]) -> None:
    ids = {one.get("id") for one in tree.root.iter("transition")}
    number = 0
    while f"longtaketransition{number}" in ids:
        number += 1
    transition.set("id", f"longtaketransition{number}")
    for name, value in zip(("a_track", "b_track"), tracks, strict=True):
        set_property(transition, name, str(value))
    disable = find_property(transition, "disable")
    if disable is not None:
        disable.text = "0"
    sequence.append(transition)
