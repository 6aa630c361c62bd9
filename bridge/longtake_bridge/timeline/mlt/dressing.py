"""The effects of a clip carried on over the new frames beside it, so that the shot looks the same.

What does not change is copied; what changes over time is held at the value that it has at the
join; a fade goes to the new edge. What cannot be told so plainly stays, and is said.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from fractions import Fraction

from lxml import etree
from opentimelineio.schema import Clip

from longtake_bridge.timeline.made_clip import METADATA_KEY
from longtake_bridge.timeline.mlt.animation import hold_shape, read_keyframes, value_at
from longtake_bridge.timeline.mlt.effect import (
    EASING,
    FADES_IN,
    FADES_OUT,
    Edges,
    Side,
    move_fade,
    slow_effect,
    span_of,
)
from longtake_bridge.timeline.mlt.element import Element, get_property, tidy
from longtake_bridge.timeline.mlt.source import effect_name, filters_of, master_of
from longtake_bridge.timeline.mlt.tree import Tree

_OF_EVERY_FRAME = ("vidstab", "opencv.tracker", "deshake", "videostab2")


@dataclass(frozen=True, slots=True)
class Shown:
    """A clip as it lies on its lane in the end; frames of its source."""

    entry: Element
    name: str
    first: int
    last: int

    @property
    def edges(self) -> Edges:
        """Its first frame and its last."""
        return self.first, self.last

    def edge(self, side: Side) -> int:
        """The frame at the join."""
        return self.last if side == "tail" else self.first


@dataclass(slots=True)
class _Carried:
    """The effects of one clip at a join."""

    copies: list[Element] = field(default_factory=list)
    fades: list[Element] = field(default_factory=list)  # the originals
    held: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


class Dresser:
    """Carries effects on in one project; `notes` are what an editor should know of it."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        # Kept, not only their ids: lxml makes an element's object anew once nobody holds it, and
        # another's may then have its id.
        self._dressed: dict[int, Element] = {}
        self.notes: list[str] = []

    def dress(self, made: Shown, clip: Clip, before: Shown | None, after: Shown | None) -> None:
        """Gives a new piece what the clips beside it, as far as they are its own, look like."""
        holder = self._holder(made.entry)
        if id(holder) in self._dressed:
            return
        self._dressed[id(holder)] = holder
        action = clip.metadata.get(METADATA_KEY, {}).get("action")
        if action == "append_after" and before is not None:
            self._extend(holder, made, before, "tail")
        elif action == "insert_before" and after is not None:
            self._extend(holder, made, after, "head")
        elif before is not None and after is not None:
            self._join(holder, made, before, after)
        tidy(holder)

    def slow(self, made: Shown, was: Shown, factor: Fraction) -> None:
        """Gives a piece the effects of the one that it slows down, as much slower."""
        holder, left = self._holder(made.entry), []
        if id(holder) in self._dressed:
            return
        self._dressed[id(holder)] = holder
        copies: list[Element] = []
        for one in self._effects(was.entry):
            copy = deepcopy(one)
            stays = get_property(one, "mlt_service") in _OF_EVERY_FRAME
            if stays or not slow_effect(self._tree, copy, was.edges, made.edges, factor):
                left.append(effect_name(one))
            else:
                copies.append(copy)
        self._append(holder, copies)
        tidy(holder)
        if left:
            self._say(
                f'Effects of "{was.name}" ({", ".join(left)}) are not carried on over its slowed '
                "frames; put them on it anew in the editor."
            )

    def _extend(self, holder: Element, made: Shown, source: Shown, side: Side) -> None:
        found = self._carry(source, side, made)
        self._append(holder, found.copies)
        for one in found.fades:
            if move_fade(self._tree, one, made.edges, side):
                holder.append(one)
                where = "the end" if side == "tail" else "the beginning"
                self._say(f'The fade of "{source.name}" is at {where} of its new frames now.')
            else:
                found.left.append(effect_name(one))
        if found.held:
            self._say(
                f'What changes over time in the effects of "{source.name}" '
                f"({', '.join(found.held)}) keeps its value over the new frames."
            )
        if found.left:
            self._say(
                f'Effects of "{source.name}" ({", ".join(found.left)}) are not carried on over its '
                "new frames; copy what they need in the editor."
            )

    def _join(self, holder: Element, made: Shown, before: Shown, after: Shown) -> None:
        """What both clips have alike: frames that lead from one to the other can have no other."""
        first, second = self._carry(before, "tail", made), self._carry(after, "head", made)
        if list(map(_text, first.copies)) == list(map(_text, second.copies)):
            self._append(holder, first.copies)
            names = [*first.left, *second.left]
        else:
            both = (*first.copies, *second.copies)
            names = [*map(effect_name, both), *first.left, *second.left]
        names += [effect_name(one) for one in (*first.fades, *second.fades)]
        if names:
            self._say(
                f'Effects of "{before.name}" and "{after.name}" ({", ".join(dict.fromkeys(names))})'
                " are not carried on over the new frames between them; copy what they need in the "
                "editor."
            )

    def _carry(self, source: Shown, side: Side, made: Shown) -> _Carried:
        """Copies of a clip's effects as they are at the join, and what is not to be copied."""
        found = _Carried()
        for one in self._effects(source.entry):
            first, last = span_of(self._tree, one)
            if not first <= source.edge(side) <= (last if last is not None else source.last):
                continue  # it is not seen at the join
            name = effect_name(one)
            if name in (FADES_OUT if side == "tail" else FADES_IN):
                found.fades.append(one)
                continue
            copy = deepcopy(one)
            moved = self._hold(copy, source.edge(side) - first, made, last is not None)
            if moved is None or get_property(one, "mlt_service") in _OF_EVERY_FRAME:
                found.left.append(name)
                continue
            found.copies.append(copy)
            if moved:
                found.held.append(name)
        return found

    def _effects(self, entry: Element) -> Iterator[Element]:
        producer = self._tree.producer_of(entry)
        if producer is not None and self._tree.dialect.name == "kdenlive":
            # Those that Kdenlive has put on the clip in its bin come first.
            yield from filters_of(self._tree, master_of(self._tree, producer), None)
        yield from filters_of(self._tree, entry, producer)

    def _hold(self, copy: Element, frame: int, made: Shown, ends: bool) -> bool | None:
        """Lets an effect stand still as at `frame`, over all of a new piece.

        Returns whether it changed over time; None where it cannot be told what it is there.
        """
        clock, moved = self._tree.clock, False
        start = 0 if ends else made.first  # what keyframes count from
        for one in list(copy.iterchildren("property")):
            text = one.text or ""
            if one.get("name") in EASING:
                copy.remove(one)
                continue
            if text.lstrip().startswith("{"):
                shape = hold_shape(text, frame, start)
                if shape is None:
                    return None
                one.text = shape
                continue
            keyframes = read_keyframes(text, clock)
            value = value_at(keyframes, frame) if keyframes else None
            if keyframes and value is None:
                return None
            if keyframes:
                moved = moved or len({each.value for each in keyframes}) > 1
                animated = self._tree.dialect.name == "kdenlive"
                time = clock.text(start, keyframes[0].time)
                one.text = f"{time}={value}" if animated else value
        if ends:
            copy.set("in", clock.text(made.first, copy.get("in")))
            copy.set("out", clock.text(made.last, copy.get("out")))
        return moved

    def _holder(self, entry: Element) -> Element:
        """What an editor puts the effects of a clip on."""
        producer = self._tree.producer_of(entry)
        on_producer = self._tree.dialect.name == "shotcut" and producer is not None
        return producer if on_producer and producer is not None else entry

    def _append(self, holder: Element, copies: Sequence[Element]) -> None:
        taken = {one.get("id") for one in self._tree.root.iter("filter")}
        number = 0
        for one in copies:
            while f"longtake_filter{number}" in taken:
                number += 1
            taken.add(f"longtake_filter{number}")
            one.set("id", f"longtake_filter{number}")
            holder.append(one)

    def _say(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)


def _text(copy: Element) -> bytes:
    """An effect in a form in which two can be compared."""
    bare = deepcopy(copy)
    bare.set("id", "")
    bare.tail = None
    return etree.tostring(bare, method="c14n")
