"""New media in an MLT project: in the editor's bin, and ready to lie on its tracks."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from opentimelineio.schema import Clip, ExternalReference

from longtake_bridge.errors import not_possible
from longtake_bridge.timeline.location import path_from_url
from longtake_bridge.timeline.made_clip import METADATA_KEY
from longtake_bridge.timeline.mlt.element import (
    Element,
    get_property,
    new_element,
    set_property,
    tidy,
)
from longtake_bridge.timeline.mlt.tree import Tree
from longtake_bridge.timeline.timing import nearest_frame, seconds_of

FOLDER = "Longtake"  # of Kdenlive's bin
_END_BYTES = 1_000_000  # of a file that editors look at, from both its ends


class Shelf:
    """Puts media into a project, every file and every way of playing it once."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._masters: dict[Path, Element] = {}
        self._twins: dict[tuple[Path, tuple[tuple[str, str], ...]], Element] = {}

    def producer(self, clip: Clip, playing: Mapping[str, str], frames: int) -> Element:
        """What an entry of the timeline names to play the active take of `clip`.

        `playing` are the properties that say whether picture, sound or both are played, `frames`
        how many of it at least. The take, and all others of the clip, come into the bin.
        """
        for reference in clip.media_references().values():
            # An `original` is what the clip showed before: the project has it already.
            if isinstance(reference, ExternalReference) and METADATA_KEY in reference.metadata:
                self._master(clip, reference, 0)
        active = clip.media_reference
        if not isinstance(active, ExternalReference):
            raise not_possible(f'"{clip.name}" has no media; an MLT project needs a file.')
        master, path = self._master(clip, active, frames), path_from_url(active.target_url, Path())
        key = (path, tuple(sorted(playing.items())))
        if key not in self._twins:
            self._twins[key] = self._twin(master, playing)
        return self._twins[key]

    def entry(self, producer: Element, in_frame: int, frames: int) -> Element:
        """An entry that plays `frames` of a producer."""
        clock = self._tree.clock
        span = {"in": clock.text(in_frame), "out": clock.text(in_frame + frames - 1)}
        made = new_element("entry", {"producer": producer.get("id") or "", **span})
        number = get_property(producer, "kdenlive:id")
        if number:
            made.append(new_element("property", {"name": "kdenlive:id"}, text=number))
        return made

    def _master(self, clip: Clip, reference: ExternalReference, frames: int) -> Element:
        path = path_from_url(reference.target_url, Path())
        if path in self._masters:
            return self._masters[path]
        tree, available = self._tree, reference.available_range
        if available is not None:
            frames = max(frames, nearest_frame(seconds_of(available.duration), tree.clock.rate))
        name = clip.name
        active = reference.target_url == getattr(clip.media_reference, "target_url", "")
        if not active:
            name = f"{clip.name}, {reference.metadata[METADATA_KEY].get('model') or path.stem}"
        properties = {
            "length": str(frames),
            "eof": "pause",
            "resource": self._resource(path),
            "mlt_service": "avformat",
            **_streams(reference),
            tree.dialect.caption: name,
            **self._bin_properties(path),
        }
        if active and METADATA_KEY in clip.metadata:
            properties[tree.dialect.kept] = _as_json(clip.metadata[METADATA_KEY])
        master = self._add(properties, frames)
        self._masters[path] = master
        in_bin = tree.bin
        if in_bin is not None:
            in_bin.append(self._bin_entry(master, frames))
            tidy(in_bin)
        return master

    def _bin_properties(self, path: Path) -> dict[str, str]:
        """What the editor's bin knows of a clip."""
        dialect, known = self._tree.dialect, {}
        if dialect.hash:
            known[dialect.hash] = _hash_ends(path)
        if dialect.name == "kdenlive":
            known["kdenlive:folderid"] = self._folder()
            known["kdenlive:id"] = self._free_id()
            known["kdenlive:clip_type"] = "0"
            known["kdenlive:file_size"] = str(path.stat().st_size if path.is_file() else 0)
            if any(one.get("name") == "kdenlive:control_uuid" for one in self._properties()):
                # Kdenlive from 23.04 on finds a clip's twins on the timeline by this.
                made = uuid.uuid5(uuid.NAMESPACE_URL, path.as_uri())
                known["kdenlive:control_uuid"] = f"{{{made}}}"
        return known

    def _twin(self, master: Element, playing: Mapping[str, str]) -> Element:
        """The same clip once more: editors do not play their bin's own on the timeline."""
        if self._tree.bin is None:
            for name, value in playing.items():
                set_property(master, name, value)
            return master
        properties = {
            one.get("name") or "": one.text or "" for one in master.iterchildren("property")
        }
        if self._tree.dialect.name == "kdenlive":  # its bin clip is found from every twin
            properties.pop(self._tree.dialect.kept, None)
        frames = self._tree.all_frames(master)
        return self._add({**properties, **playing, "xml": "was here"}, frames)

    def _add(self, properties: Mapping[str, str], frames: int) -> Element:
        """A new producer before everything that could play it."""
        root, clock = self._tree.root, self._tree.clock
        tag = "chain" if root.find("chain") is not None else "producer"
        number = 0
        while f"longtake{number}" in self._tree.by_id:
            number += 1
        span = {"in": clock.text(0)} if tag == "producer" else {}
        attributes = {"id": f"longtake{number}", **span, "out": clock.text(frames - 1)}
        made = new_element(tag, attributes, properties)
        place = next((i for i, one in enumerate(root) if one.tag in ("playlist", "tractor")), 0)
        root.insert(place, made)
        before = root[place - 1] if place else None
        made.tail = before.tail if before is not None else root.text
        tidy(made)
        self._tree.by_id[f"longtake{number}"] = made
        return made

    def _bin_entry(self, master: Element, frames: int) -> Element:
        clock = self._tree.clock
        span = {"in": clock.text(0), "out": clock.text(frames - 1)}
        return new_element("entry", {"producer": master.get("id") or "", **span})

    def _resource(self, path: Path) -> str:
        folder = self._tree.folder
        return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)

    def _properties(self) -> list[Element]:
        return list(self._tree.root.iter("property"))

    def _folder(self) -> str:
        """The number of Longtake's folder in Kdenlive's bin."""
        in_bin = self._tree.bin
        assert in_bin is not None, "a Kdenlive project is known by its bin"
        for one in in_bin.iterchildren("property"):
            name = one.get("name") or ""
            if name.startswith("kdenlive:folder.-1.") and one.text == FOLDER:
                return name.rpartition(".")[2]
        number = self._free_id()
        set_property(in_bin, f"kdenlive:folder.-1.{number}", FOLDER)
        return number

    def _free_id(self) -> str:
        """A number that neither a clip nor a folder of Kdenlive's bin has."""
        taken = [0]
        for one in self._properties():
            name, text = one.get("name") or "", one.text or ""
            if name == "kdenlive:id" and text.isdigit():
                taken.append(int(text))
            elif name.startswith("kdenlive:folder."):
                last = name.rpartition(".")[2]
                taken.append(int(last) if last.isdigit() else 0)
        return str(max(taken) + 1)


def _streams(reference: ExternalReference) -> dict[str, str]:
    """Which streams of a file are played: the engine's files have their picture first, and unsaid
    Shotcut would take no sound. Where a camera has them nobody knows beforehand."""
    if reference.metadata[METADATA_KEY].get("model") == "footage":
        return {}
    return {"audio_index": "1", "video_index": "0"}


def _as_json(value: Any) -> str:
    def plain(one: Any) -> Any:
        return dict(one) if hasattr(one, "keys") else list(one)

    return json.dumps(value, default=plain, ensure_ascii=False)


def _hash_ends(path: Path) -> str:
    """The hash by which Kdenlive and Shotcut know a file again: MD5 of its ends, or of all."""
    if not path.is_file():
        return ""
    digest = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        size = path.stat().st_size
        if size > 2 * _END_BYTES:
            digest.update(file.read(_END_BYTES))
            file.seek(size - _END_BYTES)
        digest.update(file.read())
    return digest.hexdigest()
