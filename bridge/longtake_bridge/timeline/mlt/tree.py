"""An MLT project as the tree of its XML, and what an editor's timeline is in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Self, cast

from lxml import etree

from longtake_bridge.errors import bad_input
from longtake_bridge.timeline.mlt.clock import Clock
from longtake_bridge.timeline.mlt.dialect import Dialect, dialect_of
from longtake_bridge.timeline.mlt.element import Element, get_property

PRODUCERS = ("producer", "chain", "playlist", "tractor")


@dataclass(frozen=True)
class Tree:
    """A parsed project."""

    root: Element
    dialect: Dialect
    clock: Clock
    folder: Path  # what relative media paths start from
    by_id: dict[str, Element] = field(repr=False)
    declaration: bytes = b""  # the file's first line
    end: bytes = b""  # blanks after the last element

    @classmethod
    def parse(cls, source: bytes, path: Path) -> Self:
        """The project in the text of the file at `path`.

        Raises:
            BridgeError: BAD_INPUT; it is none.
        """
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, huge_tree=True, strip_cdata=False
        )
        try:
            root = etree.fromstring(source, parser)
        except etree.XMLSyntaxError as error:
            raise bad_input(
                f"{path.name} is not whole XML ({error.msg}); save it from the editor again."
            ) from None
        if root.tag != "mlt":
            raise bad_input(f"{path.name} is XML, but no MLT project; give the editor's own file.")
        said = root.get("root") or ""
        folder = path.parent / said if said else path.parent
        if not folder.is_dir():  # the project was moved: editors then look beside it
            folder = path.parent
        by_id = {one.get("id") or "": one for one in root.iter(*PRODUCERS)}
        head, closed, _ = source.partition(b"?>") if source.startswith(b"<?xml") else (b"", b"", 0)
        end = source[len(source.rstrip()) :]
        return cls(root, dialect_of(root), _clock(root, path), folder, by_id, head + closed, end)

    def text(self) -> bytes:
        """The project as text, in the encoding and with the first line that it came in."""
        tree = self.root.getroottree()
        body = cast(bytes, etree.tostring(tree, encoding=tree.docinfo.encoding or "utf-8"))
        if body.startswith(b"<?xml"):
            body = body[body.index(b"?>") + 2 :].lstrip()
        return (self.declaration + b"\n" if self.declaration else b"") + body + self.end

    @property
    def bin(self) -> Element | None:
        """The playlist that holds the editor's bin; plain MLT has none."""
        return self.by_id.get("main_bin")

    @property
    def sequence(self) -> Element | None:
        """The tractor of the timeline that the editor shows; None where there is no tractor."""
        tractors = list(self.root.iterchildren("tractor"))
        for one in tractors:
            if get_property(one, "kdenlive:projectTractor") == "1":
                return self.producer_of(next(tracks_of(one)))
            if self.dialect.name == "shotcut" and get_property(one, "shotcut"):
                return one
        return tractors[-1] if tractors else None

    def producer_of(self, entry: Element) -> Element | None:
        """What an entry or a track plays: named, or as plain MLT may have it, inside."""
        named = self.by_id.get(entry.get("producer") or "")
        return named if named is not None else next(entry.iterchildren(*PRODUCERS), None)

    def length(self, element: Element) -> int:
        """Frames of a producer: what its in and out leave of it, else its length."""
        out, begin = element.get("out"), element.get("in")
        if out is not None:
            return self.clock.frame(out) - (self.clock.frame(begin) if begin else 0) + 1
        text = get_property(element, "length")
        return self.clock.frame(text) if text else 0

    def all_frames(self, element: Element) -> int:
        """Frames of a producer's media, cut or not."""
        text = get_property(element, "length")
        return self.clock.frame(text) if text else self.length(element)


def tracks_of(tractor: Element) -> Iterator[Element]:
    """The track elements of a tractor, the lowest first."""
    yield from tractor.iterchildren("track")
    for inner in tractor.iterchildren("multitrack"):
        yield from inner.iterchildren("track")


def _clock(root: Element, path: Path) -> Clock:
    profile = root.find("profile")
    if profile is None:
        raise bad_input(
            f"{path.name} has no profile, so that its frame rate is unknown; save it from the "
            "editor again."
        )
    try:
        rate = Fraction(
            int(profile.get("frame_rate_num") or 0), int(profile.get("frame_rate_den") or 0)
        )
    except (ValueError, ZeroDivisionError):
        rate = Fraction(0)
    if rate <= 0:
        raise bad_input(f"{path.name} says no frame rate; save it from the editor again.")
    times = (one.get("out") for one in root.iter("entry", "producer", "chain"))
    first = next((text for text in times if text), "0")
    return Clock(rate, in_frames=first.strip().isdigit())
