"""A project file of Kdenlive or Shotcut, or MLT XML, as a timeline that can be written back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Self

from opentimelineio.schema import Clip, Timeline

from longtake_bridge.errors import BridgeError, not_possible
from longtake_bridge.timeline.mlt.bin import BinNote, bin_notes
from longtake_bridge.timeline.mlt.follow import (
    Move,
    forget_previews,
    guides_of,
    lengthen,
    move_compositions,
    move_guides,
    update_groups,
)
from longtake_bridge.timeline.mlt.note import say_takes
from longtake_bridge.timeline.mlt.reading import address_of, read_timeline
from longtake_bridge.timeline.mlt.relocation import keep_paths
from longtake_bridge.timeline.mlt.subtitle import (
    cues_of,
    move_cues,
    move_inside,
    read_cues,
    sidecars,
)
from longtake_bridge.timeline.mlt.tree import Tree
from longtake_bridge.timeline.mlt.writing import Rewritten, rewrite_lanes
from longtake_bridge.timeline.timing import nearest_frame, seconds_of


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
        tree = Tree.parse(source, path)
        return cls(path, source, read_timeline(tree, path.stem, cues_of(tree, path)))

    def bin_notes(self) -> tuple[BinNote, ...]:
        """What is written in the editor's bin of every file in it."""
        return tuple(bin_notes(Tree.parse(self.source, self.path)))

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height of the picture; None where the project does not say, or its pixels are
        not square."""
        profile = Tree.parse(self.source, self.path).root.find("profile")
        said = dict(profile.items()) if profile is not None else {}
        sizes = (said.get("width", ""), said.get("height", ""))
        square = said.get("sample_aspect_num", "1") == said.get("sample_aspect_den", "1")
        if not square or not all(size.isdigit() and int(size) for size in sizes):
            return None
        return int(sizes[0]), int(sizes[1])

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
        later_s = _cue_shifts(tree, timeline, self.path)
        done = rewrite_lanes(tree, timeline)
        if done.changed:
            move_guides(tree, starts)
            move_compositions(tree, done.moves)
            update_groups(tree, done.moves, _pairs(done))
            forget_previews(tree)
            lengthen(tree, done.ends)
        keep_paths(tree, self.path.parent, path.parent)
        for source, sidecar in self._sidecars(path):
            text = source.read_text("latin-1")
            count = len(read_cues(text))
            sidecar.write_bytes(move_cues(text, later_s[:count]).encode("latin-1"))
            later_s = later_s[count:]
        move_inside(tree, later_s)
        partial.write_bytes(tree.text())
        return (*done.notes, *say_takes(tree, timeline))

    def _sidecars(self, path: Path) -> Iterator[tuple[Path, Path]]:
        """The subtitle files beside the project, and what they become."""
        for one in sidecars(self.path):
            if one != path:
                yield one, path.with_name(path.name + one.name[len(self.path.name) :])


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


def _cue_shifts(tree: Tree, timeline: Timeline, path: Path) -> Sequence[Fraction]:
    """By how many seconds each subtitle of the project at `path` is later now."""
    rate = tree.clock.rate
    frames = [nearest_frame(cue.start_s, rate) for cue in cues_of(tree, path)]
    shifts_s = [Fraction(0)] * len(frames)
    for marker in timeline.tracks.markers:
        address = address_of(marker) or {}
        number = address.get("cue", len(frames))
        if number < len(frames):
            now = nearest_frame(seconds_of(marker.marked_range.start_time), rate)
            shifts_s[number] = (now - frames[number]) / rate
    return shifts_s


def _pairs(done: Rewritten) -> list[list[Move]]:
    """New clips of one file at one place: a picture and its sound."""
    pairs: dict[tuple[str, int], list[Move]] = {}
    for clip, move in done.made:
        pairs.setdefault((_url(clip), move.new_start), []).append(move)
    return [pair for pair in pairs.values() if len(pair) > 1]


def _url(clip: Clip) -> str:
    return getattr(clip.media_reference, "target_url", "") or ""
