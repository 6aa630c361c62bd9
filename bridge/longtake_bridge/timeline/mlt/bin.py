"""What an editor's bin holds, and what is written there of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from longtake_bridge.timeline.mlt.element import Element, get_property
from longtake_bridge.timeline.mlt.source import media_path_of, name_of
from longtake_bridge.timeline.mlt.tree import Tree

_IMAGES = ("qimage", "pixbuf")
_NOTES = (
    "kdenlive:description",
    "shotcut:comment",
    "meta.attr.comment.markup",
    "meta.attr.title.markup",
    "meta.attr.description.markup",
    "meta.attr.keywords.markup",
)


@dataclass(frozen=True, slots=True)
class BinNote:
    """Words about a file of the bin."""

    path: Path
    text: str
    kind: str  # "name", "note" or "marker"
    start_s: Fraction | None = None  # of a marker, from the file's first frame


def bin_notes(tree: Tree) -> Iterator[BinNote]:
    """What is written of every file of the bin; its name at least."""
    entries = tree.bin.iterchildren("entry") if tree.bin is not None else ()
    for entry in entries:
        producer = tree.producer_of(entry)
        path = _path_of(tree, producer) if producer is not None else None
        if producer is None or path is None:
            continue
        yield BinNote(path, name_of(tree, producer), "name")
        for name in _NOTES:
            text = get_property(producer, name).strip()
            if text:
                yield BinNote(path, text, "note")
        yield from _markers(tree, producer, path)


def _path_of(tree: Tree, producer: Element) -> Path | None:
    if get_property(producer, "mlt_service") in _IMAGES:
        return tree.folder / get_property(producer, "resource")
    return media_path_of(tree, producer)


def _markers(tree: Tree, producer: Element, path: Path) -> Iterator[BinNote]:
    """Kdenlive's markers of a clip: JSON in a property."""
    try:
        found = json.loads(get_property(producer, "kdenlive:markers") or "[]")
    except ValueError:
        return
    for one in found if isinstance(found, list) else ():
        if isinstance(one, dict) and one.get("comment") and isinstance(one.get("pos"), int):
            yield BinNote(path, str(one["comment"]), "marker", one["pos"] / tree.clock.rate)
