"""What there is: the media of a timeline, of its editor's bin, and in folders."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from opentimelineio.core import SerializableObject
from opentimelineio.schema import Clip, ExternalReference

from longtake_bridge.errors import BridgeError, wrong_call
from longtake_bridge.footage.item import Footage, Said
from longtake_bridge.footage.transcript import SUFFIXES as TRANSCRIPTS
from longtake_bridge.footage.transcript import read_transcript
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.made_clip import METADATA_KEY, is_made
from longtake_bridge.timeline.timing import seconds_of
from longtake_bridge.timeline.wish import wish_of

CLIPS = frozenset(
    (".mov", ".mp4", ".mkv", ".mxf", ".avi", ".m4v", ".mts", ".m2ts", ".webm", ".mpg", ".ts")
)
STILLS = frozenset((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp"))
MOST_FILES = 5000
_WORD_EDGE = re.compile(r"(?<=[a-z])(?=[A-Z])|[_\-.]+|(?<=\D)(?=\d)")
_NO_WORDS = re.compile(r"^[\W\d_]*$|^[0-9a-fA-F-]{16,}$|^\{.*\}$|://|[\\/].*[\\/]")
# Notes of editors' own, which say how a clip is kept and not what it shows.
_INTERNAL = frozenset((METADATA_KEY, "mlt"))


def look_through(document: TimelineDocument, folders: Iterable[Path]) -> tuple[Footage, ...]:
    """All footage that can be found from a timeline: what lies on it or in its bin, what lies
    beside that on the disk, and in `folders` with all that is in them; nothing that Longtake made.

    Raises:
        BridgeError: WRONG_CALL; a folder is none.
    """
    said: dict[Path, list[Said]] = {}
    made: set[Path] = set()
    for clip in _clips(document):
        for reference in clip.media_references().values():
            if not isinstance(reference, ExternalReference) or not reference.target_url:
                continue
            with suppress(BridgeError, ValueError):
                path = document.locate(reference.target_url)
                if is_made(clip) and METADATA_KEY in reference.metadata:
                    made.add(path)
                else:
                    said.setdefault(path, []).extend(_said_of(clip, reference))
    for note in document.project.bin_notes() if document.project is not None else ():
        source = "marker" if note.kind == "marker" else "name" if note.kind == "name" else "note"
        said.setdefault(note.path.absolute(), []).append(Said(note.text, source, note.start_s))
    beside = sorted({path.parent for path in said})
    for path in (*_in_folders(beside), *_below(folders)):
        said.setdefault(path, [])
    return tuple(
        _footage(path, words)
        for path, words in list(said.items())[:MOST_FILES]
        if path not in made and path.is_file() and path.suffix.lower() in CLIPS | STILLS
    )


def is_still(path: Path) -> bool:
    """Whether a file is one picture, by its name."""
    return path.suffix.lower() in STILLS


def _footage(path: Path, words: list[Said]) -> Footage:
    name = " ".join(part for part in _WORD_EDGE.split(path.stem) if part)
    folder = " ".join(part for part in _WORD_EDGE.split(path.parent.name) if part)
    spoken = [
        Said(one.text, "transcript", one.start_s, one.end_s)
        for file in _transcripts(path)
        for one in _read(file)
    ]
    every = [Said(name, "name"), Said(f"{folder} {name}", "metadata"), *words, *spoken]
    return Footage(path, is_still(path), tuple(dict.fromkeys(every)))


def _transcripts(path: Path) -> Iterator[Path]:
    """a.srt and a.en.vtt beside a.mov, and a.mov.srt."""
    with suppress(OSError):
        for one in sorted(path.parent.glob("*")):
            if one.suffix.lower() in TRANSCRIPTS and one.name.startswith(path.stem + "."):
                yield one


def _read(path: Path) -> Iterator[Any]:
    with suppress(BridgeError):  # a broken file beside a clip says nothing of it
        yield from read_transcript(path)


def _clips(document: TimelineDocument) -> Iterator[Clip]:
    yield from document.timeline.find_clips()
    for one in document.collection or ():
        if isinstance(one, Clip):
            yield one
        elif hasattr(one, "find_clips") and one is not document.timeline:
            yield from one.find_clips()


def _said_of(clip: Clip, reference: ExternalReference) -> Iterator[Said]:
    if clip.name:
        yield Said(clip.name, "name")
    for text in (*_texts(clip.metadata), *_texts(reference.metadata)):
        yield Said(text, "metadata")
    origin = reference.available_range.start_time if reference.available_range else None
    for marker in clip.markers:
        text = " ".join(part for part in (marker.name, _comment(marker)) if part)
        # What is wished for at a place says nothing of what is shown there.
        if not text or METADATA_KEY in marker.metadata or wish_of(marker):
            continue
        start_s = seconds_of(marker.marked_range.start_time) - (seconds_of(origin) if origin else 0)
        end_s = start_s + seconds_of(marker.marked_range.duration)
        yield Said(text, "marker", max(start_s, start_s * 0), end_s if end_s > start_s else None)


def _comment(marker: SerializableObject) -> str:
    return str(getattr(marker, "comment", "") or "")


def _texts(value: Any, depth: int = 0) -> Iterator[str]:
    """The words in metadata of any form, not its numbers, paths and identifiers."""
    if depth > 6:
        return
    if isinstance(value, str):
        text = value.strip()
        if 2 < len(text) < 2000 and not _NO_WORDS.search(text):
            yield text
    elif isinstance(value, Mapping) or hasattr(value, "items"):
        for key, inner in value.items():
            if key not in _INTERNAL:
                yield from _texts(inner, depth + 1)
    elif hasattr(value, "__iter__"):
        for inner in value:
            yield from _texts(inner, depth + 1)


def _in_folders(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        with suppress(OSError):
            yield from sorted(one for one in folder.iterdir() if _is_media(one))


def _below(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        if not folder.is_dir():
            raise wrong_call(f"{folder} is no folder; name one that holds footage with --bin.")
        yield from sorted(one.absolute() for one in folder.rglob("*") if _is_media(one))


def _is_media(path: Path) -> bool:
    return not path.name.startswith(".") and path.suffix.lower() in CLIPS | STILLS
