"""What an entry of an MLT project shows: its file, with proxies seen through, or what else."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from opentimelineio.opentime import RationalTime, TimeRange
from opentimelineio.schema import (
    Effect,
    ExternalReference,
    FreezeFrame,
    GeneratorReference,
    LinearTimeWarp,
    MissingReference,
    TimeEffect,
)

from longtake_bridge.timeline.location import path_from_url, url_from_path
from longtake_bridge.timeline.mlt.element import Element, get_property
from longtake_bridge.timeline.mlt.tree import Tree

_FILES = ("avformat", "avformat-novalidate", "timewarp")
_FREEZING = ("freeze",)


def master_of(tree: Tree, producer: Element) -> Element:
    """The bin clip of a producer on the timeline where there is one, else the producer itself."""
    number, in_bin = get_property(producer, "kdenlive:id"), tree.bin
    if not number or in_bin is None:
        return producer
    for entry in in_bin.iterchildren("entry"):
        found = tree.producer_of(entry)
        if found is not None and get_property(found, "kdenlive:id") == number:
            return found
    return producer


def name_of(tree: Tree, producer: Element) -> str:
    """The name of a clip as the editor shows it."""
    for one in (master_of(tree, producer), producer):
        named = get_property(one, tree.dialect.caption)
        if named:
            return named
    path = media_path_of(tree, producer)
    return path.name if path else get_property(producer, "resource")


def media_path_of(tree: Tree, producer: Element) -> Path | None:
    """The absolute path of the original file that a producer plays; None where it plays none."""
    if get_property(producer, "mlt_service") not in _FILES:
        return None
    master = master_of(tree, producer)
    text = ""
    if len(get_property(master, "kdenlive:proxy")) > 1:  # "-": none wanted
        text = get_property(master, "kdenlive:originalurl")
    elif get_property(producer, "shotcut:proxy") == "1":
        text = get_property(producer, "shotcut:originalResource")
    text = text or get_property(producer, "warp_resource") or get_property(producer, "resource")
    return path_from_url(text, tree.folder) if text else None


def reference_of(
    tree: Tree, producer: Element | None
) -> ExternalReference | GeneratorReference | MissingReference:
    """The media of a producer; its frames are counted at the project's rate from the first."""
    if producer is None:
        return MissingReference()
    path = media_path_of(tree, producer)
    if path is None:
        service = get_property(producer, "mlt_service") or producer.tag
        kind = "sequence" if service in ("tractor", "playlist") else service
        return GeneratorReference(generator_kind=str(kind))
    rate = float(tree.clock.rate)
    frames = RationalTime(tree.all_frames(producer), rate)
    reference = ExternalReference(url_from_path(path), TimeRange(RationalTime(0, rate), frames))
    reference.name = path.name
    return reference


def effects_of(tree: Tree, entry: Element, producer: Element | None) -> list[Effect]:
    """The effects that an editor has put on an entry, those of time as OTIO knows them."""
    found: list[Effect] = []
    speed = get_property(producer, "warp_speed") if producer is not None else ""
    if speed:
        warp = LinearTimeWarp(name="timewarp", time_scalar=float(speed.replace(",", ".")))
        found.append(warp)
    if producer is not None:
        for link in producer.iterchildren("link"):
            service = get_property(link, "mlt_service") or "link"
            found.append(TimeEffect(name=service, effect_name=service))
    for one in filters_of(tree, entry, producer):
        service = get_property(one, "mlt_service")
        name = effect_name(one)
        freezes = service in _FREEZING
        found.append(FreezeFrame(name=name) if freezes else Effect(name=name, effect_name=service))
    return found


def filters_of(tree: Tree, entry: Element, producer: Element | None) -> Iterator[Element]:
    """The effects on an entry that an editor shows and that are switched on."""
    holders = [entry]
    # Shotcut puts the effects of a clip on a producer that this clip alone plays.
    if producer is not None and tree.dialect.name != "kdenlive":
        holders.append(producer)
    for holder in holders:
        for one in holder.iterchildren("filter"):
            hidden = get_property(one, "internal_added") or get_property(one, "_loader")
            if not hidden and get_property(one, "disable") != "1":
                yield one


def effect_name(element: Element) -> str:
    """What an editor calls an effect."""
    for name in ("kdenlive_id", "shotcut:filter", "mlt_service"):
        if get_property(element, name):
            return get_property(element, name)
    return element.get("id") or "filter"


def request_of(tree: Tree, producer: Element | None) -> dict[str, Any] | None:
    """What Longtake keeps on a clip that it made; None on all others."""
    if producer is None:
        return None
    for one in (producer, master_of(tree, producer)):
        text = get_property(one, tree.dialect.kept)
        if text:
            try:
                kept = json.loads(text)
            except ValueError:
                return {}
            return kept if isinstance(kept, dict) else {}
    return None
