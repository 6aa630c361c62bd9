"""A timeline file: read, and written back whole with all that was not touched."""

import errno
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Self

import opentimelineio as otio
from opentimelineio.schema import SerializableCollection, Timeline

from longtake_bridge.errors import BridgeError, bad_input, not_possible, wrong_call
from longtake_bridge.timeline import adapter_file
from longtake_bridge.timeline.bundle import read_bundle, unpack_member, write_bundle
from longtake_bridge.timeline.file_format import FileFormat, format_of, loss_notes
from longtake_bridge.timeline.location import (
    is_relative,
    path_from_url,
    relative_url,
    url_from_path,
)
from longtake_bridge.timeline.made_clip import METADATA_KEY, is_made
from longtake_bridge.timeline.mlt import MltProject, open_project
from longtake_bridge.timeline.timing import exact_rate


@dataclass(frozen=True)
class TimelineDocument:
    """A timeline, the file it came from, and what lay around it in that file."""

    path: Path  # absolute
    form: FileFormat
    timeline: Timeline
    rate: Fraction  # frames a second
    collection: SerializableCollection | None = None  # what held the timeline, where something did
    unpack_dir: Path | None = None  # where media of an .otioz goes when its path is asked for
    made: frozenset[Path] = (
        frozenset()
    )  # media made for this document: its paths are written relative
    project: MltProject | None = None  # the editor's own file that it is, where it is one

    @classmethod
    def open(
        cls, path: Path, *, rate: Fraction | None = None, unpack_dir: Path | None = None
    ) -> Self:
        """The timeline in a file; `rate` is for EDLs alone, which do not say theirs.

        Raises:
            BridgeError: The file is not there, no timeline, several, or its adapter is not
                installed.
        """
        path = path.absolute()
        form = format_of(path)
        if not path.exists():
            raise BridgeError(f"{path} is not there; check the path.", "MISSING_INPUT")
        if form.is_project:
            project = open_project(path)
            timeline = project.timeline
            return cls(path, form, timeline, timeline_rate(timeline), project=project)
        found = _read(path, form, rate)
        timeline, collection = _single(found, path)
        return cls(path, form, timeline, timeline_rate(timeline), collection, unpack_dir)

    @property
    def folder(self) -> Path:
        """What relative media paths start from."""
        return self.path if self.path.suffix.lower() == ".otiod" else self.path.parent

    def with_timeline(self, timeline: Timeline, made: frozenset[Path] = frozenset()) -> Self:
        """The same document with another timeline in its place, on which `made` media lies."""
        return replace(self, timeline=timeline, made=self.made | made)

    def locate(self, url: str) -> Path:
        """The absolute path that a target URL means; media inside an .otioz is unpacked for it."""
        path = path_from_url(url, self.folder)
        if self.path.suffix.lower() != ".otioz" or not is_relative(url):
            return path
        folder = self.unpack_dir or self.path.parent / f"{self.path.stem} Media"
        # No such member, or a path that leads out of the bundle: the media is not in it.
        with suppress(KeyError, ValueError):
            return unpack_member(self.path, path.relative_to(self.folder).as_posix(), folder)
        return path

    def check_target(self, path: Path, *, replace_existing: bool = False) -> None:
        """Nothing, where the timeline can be written at `path`; asked before any work is done.

        Raises:
            BridgeError: WRONG_CALL or NOT_POSSIBLE, saying why not.
        """
        path = path.absolute()
        format_of(path)
        if path == self.path or (path.exists() and path.samefile(self.path)):
            raise wrong_call(f"{path.name} is the timeline itself; give -o another name.")
        if path.exists() and not replace_existing and not _is_ours(path):
            raise wrong_call(f"{path} is already there; give -o another name, or delete it.")
        if not path.parent.is_dir():
            raise wrong_call(f"The folder {path.parent} is not there; make it first.")

    def rehearse(self, path: Path) -> None:
        """Nothing, where the format of `path` can hold this timeline; asked before any work.

        Raises:
            BridgeError: NOT_POSSIBLE, saying what it cannot hold.
        """
        form = format_of(path)
        if form.is_project:
            self._project_for(path, form).check(path.absolute())
        elif form.adapter:
            adapter_file.rehearse(self._absolute(self.timeline), form, self.rate)

    def save(self, path: Path, *, replace_existing: bool = False) -> tuple[str, ...]:
        """Writes the timeline, aside and renamed whole; returns what the format could not hold.

        Media that Longtake made is written relative to the file where the format can hold that.

        Raises:
            BridgeError: It cannot be written there or in that format; nothing is left behind.
        """
        path = path.absolute()
        self.check_target(path, replace_existing=replace_existing)
        form = format_of(path)
        partial = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
        try:
            notes = self._write(partial, path, form)
            _rename(partial, path)
        except OSError as error:
            full = error.errno == errno.ENOSPC
            raise BridgeError(
                f"{path} could not be written: {error.strerror or error}; "
                f"{'free some space' if full else 'choose another place'} and run it again.",
                "OUT_OF_SPACE" if full else "NOT_POSSIBLE",
            ) from None
        finally:
            _remove(partial)
        return notes

    def _project_for(self, path: Path, form: FileFormat) -> MltProject:
        if self.project is None or form != self.form:
            raise not_possible(
                f"{path.name} would be {form.title}, which Longtake edits but does not make anew; "
                f'give -o a name that ends in "{self.path.suffix}" or ".otio".'
            )
        return self.project

    def _write(self, partial: Path, path: Path, form: FileFormat) -> tuple[str, ...]:
        if form.is_project:
            return self._project_for(path, form).write(self.timeline, partial, path)
        if form.adapter:
            adapter_file.write(self._absolute(self.timeline), partial, form, self.rate)
            return (*loss_notes(form, self.timeline), *self._collection_notes(form))
        if form.is_bundle:
            missing = write_bundle(self._whole(self.timeline), partial, self.locate)
            return tuple(f"{url} is not there and so not in the bundle." for url in missing)
        otio.adapters.write_to_file(
            self._whole(self._relative(path.parent)), str(partial), adapter_name="otio_json"
        )
        return ()

    def _whole(self, timeline: Timeline) -> otio.core.SerializableObject:
        """`timeline` amid what lay around it."""
        if self.collection is None:
            return timeline
        whole = self.collection.deepcopy()
        place = next(i for i, one in enumerate(whole) if isinstance(one, Timeline))
        whole[place] = timeline.deepcopy()
        return whole

    def _relative(self, folder: Path) -> Timeline:
        """A copy whose relative media paths hold in `folder`; absolute ones of others are left."""
        result = self.timeline.deepcopy()
        for clip in result.find_clips():
            for reference in clip.media_references().values():
                url = getattr(reference, "target_url", "")
                moved = url and is_relative(url) and (self.form.is_bundle or folder != self.folder)
                if moved or (url.startswith("file:") and self.locate(url) in self.made):
                    reference.target_url = relative_url(self.locate(url), folder)
        return result

    def _absolute(self, timeline: Timeline) -> Timeline:
        """A copy with every media path an absolute file URL."""
        result = timeline.deepcopy()
        for clip in result.find_clips():
            for reference in clip.media_references().values():
                url = getattr(reference, "target_url", "")
                if url and "://" not in url:
                    reference.target_url = url_from_path(self.locate(url))
        return result

    def _collection_notes(self, form: FileFormat) -> tuple[str, ...]:
        if self.collection is None or len(self.collection) < 2:
            return ()
        return (f"{form.title} is written with the timeline alone, without what lay beside it.",)


def timeline_rate(timeline: Timeline) -> Fraction:
    """Frames a second of a timeline: those of its start, or else of most that lies on it."""
    counts: dict[Fraction, int] = {}
    for item in timeline.find_children(descended_from_type=otio.core.Item):
        shown = item.source_range
        if shown is None and isinstance(item, otio.schema.Clip):
            shown = item.media_reference.available_range
        if shown is not None and shown.duration.rate < 1000:  # no sample rates
            rate = exact_rate(shown.duration.rate)
            counts[rate] = counts.get(rate, 0) + 1
    start = timeline.global_start_time
    if start is not None and start.rate > 1:
        said = exact_rate(start.rate)
        # A start of 0 is often written at a rate of no meaning.
        if start.value != 0 or not counts or said in counts:
            return said
    if not counts:
        raise bad_input(
            "The timeline is empty; lay clips on it, and export it from the editor again."
        )
    return max(counts, key=lambda rate: counts[rate])


def _read(path: Path, form: FileFormat, rate: Fraction | None) -> otio.core.SerializableObject:
    try:
        if form.adapter:
            return adapter_file.read(path, form, rate)
        if form.is_bundle:
            return read_bundle(path)
        return otio.adapters.read_from_file(str(path), adapter_name="otio_json")
    except BridgeError:
        raise
    except PermissionError:
        raise BridgeError(f"{path} may not be read; check its permissions.", "BAD_INPUT") from None
    # Adapters raise whatever their parsers do: the file is unreadable in any case.
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
        raise bad_input(
            f"{path.name} cannot be read as {form.title} ({reason}); export it from the editor "
            "again."
        ) from None


def _single(
    found: otio.core.SerializableObject, path: Path
) -> tuple[Timeline, SerializableCollection | None]:
    if isinstance(found, Timeline):
        return found, None
    timelines = (
        [one for one in found if isinstance(one, Timeline)]
        if isinstance(found, SerializableCollection)
        else []
    )
    if len(timelines) == 1:
        return timelines[0], found
    if not timelines:
        raise bad_input(f"{path.name} holds no timeline; export one from the editor.")
    names = ", ".join(f'"{one.name}"' for one in timelines)
    raise bad_input(f"{path.name} holds several timelines ({names}); export the one that you mean.")


def _is_ours(path: Path) -> bool:
    """True for a timeline that we wrote, or on which a clip of ours lies: a command run again."""
    try:
        document = TimelineDocument.open(path)
    except BridgeError:
        return False
    timeline = document.timeline
    return METADATA_KEY in timeline.metadata or any(map(is_made, timeline.find_clips()))


def _rename(partial: Path, path: Path) -> None:
    """Puts the whole new file in its place; a folder that was there steps aside first."""
    if not path.is_dir():
        partial.replace(path)
        return
    aside = path.with_name(f".{path.stem}.{os.getpid()}.old{path.suffix}")
    path.rename(aside)
    partial.rename(path)
    shutil.rmtree(aside)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
