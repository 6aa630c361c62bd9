"""Effects of a clip whose edges moved, or that lasts longer: they go along."""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Literal

from longtake_bridge.timeline.mlt.animation import move_shapes, read_keyframes, write_keyframes
from longtake_bridge.timeline.mlt.element import Element, tidy
from longtake_bridge.timeline.mlt.source import effect_name, filters_of
from longtake_bridge.timeline.mlt.tree import Tree

Edges = tuple[int, int]  # first and last frame of a clip, counted in its source
Side = Literal["tail", "head"]  # of a clip

_KEYFRAME = re.compile(r"\s*-?\d[\d:.,]*\s*[^\d\s=]?=")  # MLT's `time=value;time=value`
# Kdenlive's fades last as long as they fade, Shotcut's as long as their clip, by keyframes.
_FADES_AT_THE_BEGINNING = ("fadeInBrightness", "fadeInMovit", "fadeInVolume")
_FADES_AT_THE_END = ("fadeOutBrightness", "fadeOutMovit", "fadeOutVolume")
EASING = ("shotcut:animIn", "shotcut:animOut")  # how long it takes at a clip's ends
FADES_IN = ("fadein", "fade_from_black", *_FADES_AT_THE_BEGINNING)
FADES_OUT = ("fadeout", "fade_to_black", *_FADES_AT_THE_END)


def span_of(tree: Tree, effect: Element) -> tuple[int, int | None]:
    """Its first and last frame in the source; the last is None where it has no end."""
    begin, out = effect.get("in"), effect.get("out")
    return tree.clock.frame(begin or "0"), tree.clock.frame(out) if out else None


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


def move_fade(tree: Tree, fade: Element, made: Edges, side: Side) -> bool:
    """Takes a fade off its clip, to the new edge; False where the new frames are too few for it."""
    first, last = span_of(tree, fade)
    if last is None:
        return False
    frames, made_frames = last - first + 1, made[1] - made[0] + 1
    begin, out = made
    if tree.dialect.name == "shotcut":
        shift = made_frames - frames if side == "tail" else 0
        times = [time + shift for time in _keyframe_times(tree, fade)]
        if not times or min(times) < 0 or max(times) >= made_frames:
            return False
        _shift_keyframes(tree, fade, shift)
    elif frames > made_frames:
        return False
    elif side == "tail":
        begin = out - frames + 1
    else:
        out = begin + frames - 1
    fade.set("in", tree.clock.text(begin, fade.get("in")))
    fade.set("out", tree.clock.text(out, fade.get("out")))
    parent = fade.getparent()
    assert parent is not None, "an effect lies on something"
    parent.remove(fade)
    tidy(parent)
    return True


def slow_effect(tree: Tree, effect: Element, was: Edges, made: Edges, factor: Fraction) -> bool:
    """Lets an effect last longer by `factor`; False where that cannot be told."""
    clock, (first, last) = tree.clock, span_of(tree, effect)

    def absolute(frame: int) -> int:
        return made[0] + round((frame - was[0]) * factor)

    def within(frame: int) -> int:
        return absolute(frame) if last is None else round(frame * factor)

    for one in effect.iterchildren("property"):
        if one.get("name") in EASING and one.text:
            one.text = clock.text(round(clock.frame(one.text) * factor), one.text)
        elif not _slow_property(tree, one, within):
            return False
    if last is not None:
        begin = made[0] if first == was[0] else absolute(first)
        out = made[1] if last == was[1] else absolute(last + 1) - 1
        effect.set("in", clock.text(begin, effect.get("in")))
        effect.set("out", clock.text(out, effect.get("out")))
    return True


def _slow_property(tree: Tree, one: Element, at: Callable[[int], int]) -> bool:
    text = one.text or ""
    if text.lstrip().startswith("{"):
        one.text = move_shapes(text, at)
        return one.text is not None
    keyframes = read_keyframes(text, tree.clock)
    if keyframes:
        one.text = write_keyframes(keyframes, at, tree.clock)
    return all(each.frame >= 0 for each in keyframes)  # others count from the end


def _keyframe_times(tree: Tree, effect: Element) -> list[int]:
    return [
        each.frame
        for one in effect.iterchildren("property")
        for each in read_keyframes(one.text or "", tree.clock)
        if ":" not in (one.get("name") or "")
    ]


def _shift_keyframes(tree: Tree, effect: Element, shift: int) -> None:
    for one in effect.iterchildren("property"):
        keyframes = read_keyframes(one.text or "", tree.clock)
        if keyframes and ":" not in (one.get("name") or ""):
            one.text = write_keyframes(keyframes, lambda frame: frame + shift, tree.clock)


def _has_keyframes(element: Element) -> bool:
    return any(_KEYFRAME.match(one.text or "") for one in element.iterchildren("property"))
