"""Effects of a clip whose edges moved: those that covered it whole go on covering it."""

import re

from longtake_bridge.timeline.mlt.element import Element, get_property
from longtake_bridge.timeline.mlt.source import filters_of
from longtake_bridge.timeline.mlt.tree import Tree

Edges = tuple[int, int]  # first and last frame of a clip, counted in its source

_KEYFRAME = re.compile(r"\s*-?\d[\d:.,]*\s*[^\d\s=]?=")  # MLT's `time=value;time=value`
_FADES_IN = ("fadein", "fade_from_black")
_FADES_OUT = ("fadeout", "fade_to_black")


def stretch_effects(tree: Tree, entry: Element, was: Edges, now: Edges) -> None:
    """Moves the edges of effects that ended where their clip did; fades go with their edge."""
    for one in filters_of(tree, entry, tree.producer_of(entry)):
        begin, out = one.get("in"), one.get("out")
        name = get_property(one, "kdenlive_id")
        first = tree.clock.frame(begin) if begin else was[0] if out else None
        last = tree.clock.frame(out) if out else None
        head_shift, tail_shift = now[0] - was[0], now[1] - was[1]
        if last is not None and last == was[1] and tail_shift:
            one.set("out", tree.clock.text(now[1], out))
            if name in _FADES_OUT and first is not None and begin:
                one.set("in", tree.clock.text(first + tail_shift, begin))
        if not begin or first != was[0] or not head_shift:
            continue
        if name in _FADES_IN and last is not None and out:
            one.set("in", tree.clock.text(now[0], begin))
            one.set("out", tree.clock.text(last + head_shift, out))
        # Keyframes count from an effect's own first frame: it stays where they would be moved.
        elif not _has_keyframes(one):
            one.set("in", tree.clock.text(now[0], begin))


def _has_keyframes(element: Element) -> bool:
    return any(_KEYFRAME.match(one.text or "") for one in element.iterchildren("property"))
