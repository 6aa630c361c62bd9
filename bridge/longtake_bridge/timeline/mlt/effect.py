"""Effects of a clip whose edges moved: those that covered it whole go on covering it."""

import re

from longtake_bridge.timeline.mlt.animation import read_keyframes, write_keyframes
from longtake_bridge.timeline.mlt.element import Element
from longtake_bridge.timeline.mlt.source import effect_name, filters_of
from longtake_bridge.timeline.mlt.tree import Tree

Edges = tuple[int, int]  # first and last frame of a clip, counted in its source

_KEYFRAME = re.compile(r"\s*-?\d[\d:.,]*\s*[^\d\s=]?=")  # MLT's `time=value;time=value`
# Kdenlive's fades last as long as they fade, Shotcut's as long as their clip, by keyframes.
_FADES_AT_THE_BEGINNING = ("fadeInBrightness", "fadeInMovit", "fadeInVolume")
_FADES_AT_THE_END = ("fadeOutBrightness", "fadeOutMovit", "fadeOutVolume")
FADES_IN = ("fadein", "fade_from_black", *_FADES_AT_THE_BEGINNING)
FADES_OUT = ("fadeout", "fade_to_black", *_FADES_AT_THE_END)


def stretch_effects(tree: Tree, entry: Element, was: Edges, now: Edges) -> None:
    """Moves the edges of effects that ended where their clip did; fades go with their edge."""
    for one in filters_of(tree, entry, tree.producer_of(entry)):
        begin, out = one.get("in"), one.get("out")
        name = effect_name(one)
        first = tree.clock.frame(begin) if begin else was[0] if out else None
        last = tree.clock.frame(out) if out else None
        head_shift, tail_shift = now[0] - was[0], now[1] - was[1]
        if last is not None and last == was[1] and tail_shift:
            one.set("out", tree.clock.text(now[1], out))
            if name in _FADES_AT_THE_END:
                _shift_keyframes(tree, one, tail_shift)
            elif name in FADES_OUT and first is not None and begin:
                one.set("in", tree.clock.text(first + tail_shift, begin))
        if not begin or first != was[0] or not head_shift:
            continue
        if name in FADES_IN and name not in _FADES_AT_THE_BEGINNING and last is not None and out:
            one.set("in", tree.clock.text(now[0], begin))
            one.set("out", tree.clock.text(last + head_shift, out))
        # Keyframes count from an effect's own first frame: it stays where they would be moved.
        elif name in _FADES_AT_THE_BEGINNING or not _has_keyframes(one):
            one.set("in", tree.clock.text(now[0], begin))


def _shift_keyframes(tree: Tree, effect: Element, shift: int) -> None:
    for one in effect.iterchildren("property"):
        keyframes = read_keyframes(one.text or "", tree.clock)
        if keyframes and ":" not in (one.get("name") or ""):
            one.text = write_keyframes(keyframes, lambda frame: frame + shift, tree.clock)


def _has_keyframes(element: Element) -> bool:
    return any(_KEYFRAME.match(one.text or "") for one in element.iterchildren("property"))
