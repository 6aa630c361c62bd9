"""A project file of Kdenlive or Shotcut, or MLT XML, as a timeline that can be written back."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from opentimelineio.schema import Clip, Timeline

from longtake_bridge.errors import BridgeError, not_possible
from longtake_bridge.timeline.mlt.follow import (
    Move,
    forget_previews,
    guides_of,
    lengthen,
    move_compositions,
    move_guides,
    update_groups,
)
from longtake_bridge.timeline.mlt.note import say_what_stays
from longtake_bridge.timeline.mlt.reading import address_of, read_timeline
from longtake_bridge.timeline.mlt.relocation import keep_paths
from longtake_bridge.timeline.mlt.tree import Tree
from longtake_bridge.timeline.mlt.writing import Rewritten, rewrite_lanes
from longtake_bridge.timeline.timing import nearest_frame, seconds_of

_SUBTITLES = (".srt", ".ass")


@dataclass(frozen=True, slots=True)
class MltProject:
    """A project as it was read; writing edits a fresh copy of its XML."""

    path: Path  # absolute
    source: bytes
    timeline: Timeline

    @classmethod
    def open(cls, path: Path) -> Self:
        """The project in a file.

        Raises:
            BridgeError: BAD_INPUT; it is none, or nothing in it can be a timeline.
        """
        source = path.read_bytes()
        return cls(path, source, read_timeline(Tree.parse(source, path), path.stem))

    def check(self, path: Path) -> None:
        """Nothing, where the project can be written at `path`; asked before any work is done.

        Raises:
            BridgeError: NOT_POSSIBLE; what lies there belongs to something else.
        """
        for _, sidecar in self._sidecars(path):
            if sidecar.exists() and not path.exists():
                raise not_possible(
                    f"{sidecar} is there already and would become the subtitles of {path.name}; "
                    "move it away, or give -o another name."
                )

    def write(self, timeline: Timeline, partial: Path, path: Path) -> tuple[str, ...]:
        """Writes the project with its timeline as it is now; returns notes for the editor.

        `path` is the name that `partial` will have: subtitles are copied beside that.

        Raises:
            BridgeError: NOT_POSSIBLE; the timeline has what the project cannot hold.
        """
        tree = Tree.parse(self.source, self.path)
        starts = list(_guide_starts(tree, timeline))
        done = rewrite_lanes(tree, timeline)
        if done.changed:
            move_guides(tree, starts)
            move_compositions(tree, done.moves)
            update_groups(tree, done.moves, _pairs(done))
            forget_previews(tree)
            lengthen(tree, done.ends)
        keep_paths(tree, self.path.parent, path.parent)
        partial.write_bytes(tree.text())
        for source, sidecar in self._sidecars(path):
            shutil.copyfile(source, sidecar)
        return (*done.notes, *say_what_stays(tree, timeline))

    def _sidecars(self, path: Path) -> Iterator[tuple[Path, Path]]:
        """The subtitle files beside the project, which Kdenlive finds by name; and their copies."""
        name = self.path.name
        for one in sorted(self.path.parent.iterdir()):
            if one.name.startswith(name) and one.suffix.lower() in _SUBTITLES and one != path:
                yield one, path.with_name(path.name + one.name[len(name) :])


def open_project(path: Path) -> MltProject:
    """The project in a file, or a sentence why it cannot be had.

    Raises:
        BridgeError: BAD_INPUT.
    """
    try:
        return MltProject.open(path)
    except PermissionError:
        raise BridgeError(f"{path} may not be read; check its permissions.", "BAD_INPUT") from None


def _guide_starts(tree: Tree, timeline: Timeline) -> Iterator[int]:
    """Where every guide of the project is now, in the order of the file."""
    starts = [guide.start for guide in guides_of(tree)]
    for marker in timeline.tracks.markers:
        address = address_of(marker)
        if address is not None and address.get("guide", len(starts)) < len(starts):
            at = seconds_of(marker.marked_range.start_time)
            starts[address["guide"]] = nearest_frame(at, tree.clock.rate)
    return iter(starts)


def _pairs(done: Rewritten) -> list[list[Move]]:
    """New clips of one file at one place: a picture and its sound."""
    pairs: dict[tuple[str, int], list[Move]] = {}
    for clip, move in done.made:
        pairs.setdefault((_url(clip), move.new_start), []).append(move)
    return [pair for pair in pairs.values() if len(pair) > 1]


def _url(clip: Clip) -> str:
    return getattr(clip.media_reference, "target_url", "") or ""
