"""OTIO bundles, .otioz and .otiod, with all the takes of a clip.

The same layout as OTIO's own adapters write (version.txt, content.otio, media/). Theirs carry the
active media reference alone, refuse two files of one name, and refuse or forget media that is not
there; these keep all three.
"""

import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import opentimelineio as otio
from opentimelineio.schema import ExternalReference

_VERSION = "1.0.0"
_CONTENT = "content.otio"
_MEDIA = "media"

Resolve = Callable[[str], Path]  # a target URL to the absolute path that it means


def read_bundle(path: Path) -> otio.core.SerializableObject:
    """What the timeline file of a bundle holds; media URLs are relative to the bundle."""
    if path.suffix.lower() == ".otiod":
        return otio.adapters.read_from_file(str(path / _CONTENT), adapter_name="otio_json")
    with zipfile.ZipFile(path) as archive:
        text = archive.read(_CONTENT).decode("utf-8")
    return otio.adapters.read_from_string(text, adapter_name="otio_json")


def unpack_member(path: Path, name: str, folder: Path) -> Path:
    """The path of a media file of an .otioz, unpacked into `folder` where it is not there yet.

    Raises:
        KeyError: The bundle holds no such file.
    """
    with zipfile.ZipFile(path) as archive:
        member = archive.getinfo(name)
        target = folder / Path(member.filename).name  # the name alone: a path could lead anywhere
        if target.is_file() and target.stat().st_size == member.file_size:
            return target
        folder.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            with archive.open(member) as source, partial.open("wb") as sink:
                shutil.copyfileobj(source, sink, 1 << 20)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
    return target


def write_bundle(
    content: otio.core.SerializableObject, path: Path, resolve: Resolve
) -> tuple[str, ...]:
    """Writes a bundle with every media file there is; returns the URLs of those there are not."""
    content = content.deepcopy()
    names: dict[Path, str] = {}
    missing: list[str] = []
    for reference in _references(content):
        source = resolve(reference.target_url)
        if source.is_file():
            names.setdefault(source, _free_name(source.name, set(names.values())))
            reference.target_url = f"{_MEDIA}/{quote(names[source])}"
        else:
            missing.append(reference.target_url)
    text = otio.adapters.write_to_string(content, "otio_json")
    files = {f"{_MEDIA}/{name}": source for source, name in names.items()}
    if path.suffix.lower() == ".otiod":
        _write_folder(path, text, files)
    else:
        _write_archive(path, text, files)
    return tuple(dict.fromkeys(missing))


def _references(content: otio.core.SerializableObject) -> Iterator[ExternalReference]:
    for clip in content.find_clips():
        for reference in clip.media_references().values():
            if isinstance(reference, ExternalReference) and reference.target_url:
                yield reference


def _free_name(name: str, taken: set[str]) -> str:
    stem, suffix = Path(name).stem, Path(name).suffix
    free, number = name, 2
    while free in taken:
        free, number = f"{stem}-{number}{suffix}", number + 1
    return free


def _write_folder(path: Path, text: str, files: dict[str, Path]) -> None:
    (path / _MEDIA).mkdir(parents=True)
    (path / "version.txt").write_text(_VERSION, encoding="utf-8")
    (path / _CONTENT).write_text(text, encoding="utf-8")
    for name, source in files.items():
        shutil.copyfile(source, path / name)


def _write_archive(path: Path, text: str, files: dict[str, Path]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("version.txt", _VERSION, zipfile.ZIP_DEFLATED)
        archive.writestr(_CONTENT, text, zipfile.ZIP_DEFLATED)
        for name, source in files.items():
            archive.write(source, name, zipfile.ZIP_STORED)  # media does not compress
