"""Whether two requests are the same: equal words about unchanged files."""

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from longtake_engine.errors import BadInput, MissingInput
from longtake_engine.work import (
    Animate,
    Extend,
    Generate,
    Inpaint,
    Interpolate,
    Outpaint,
    Spec,
    to_json,
)

_FRAME_NUMBER = re.compile(r"%0?\d*d")


def input_paths(spec: Spec) -> tuple[Path, ...]:
    """Every path that the work reads: files, folders and patterns such as shot.%04d.png."""
    match spec.work:
        case Extend(input_path=path) | Outpaint(input_path=path) | Animate(input_path=path):
            paths = (path,)
        case Interpolate(input_paths=paths):
            pass
        case Inpaint(input_path=path, mask_path=mask):
            paths = (path,) if mask is None else (path, mask)
        case Generate(still_paths=paths, input_path=path, like_path=like, matte_path=matte):
            paths = (*paths, *(one for one in (path, like, matte) if one is not None))
    guidance = spec.guidance
    drawn = [stroke.region_path for stroke in guidance.strokes]
    drawn += [path.matte_path for path in guidance.box_paths]
    given = tuple(path for path in drawn if path is not None)
    return paths + guidance.reference_paths + given


def fingerprint(spec: Spec, version: str) -> str:
    """The same text for equal requests to one version of the engine on unchanged inputs.

    Whether an existing file may be replaced is no part of it, for the result is the same.

    Raises:
        MissingInput: An input is not there or may not be read.
        BadInput: An input is no file.
    """
    output = msgspec.structs.replace(spec.output, replace_existing=False)
    digest = hashlib.sha256(to_json(msgspec.structs.replace(spec, output=output)))
    digest.update(version.encode())
    for path in input_paths(spec):
        for file in _files(path, spec.output.path.suffix):
            stat = file.stat()
            digest.update(
                f"\0{file}\0{stat.st_size}\0{stat.st_mtime_ns}".encode("utf-8", "surrogateescape")
            )
    return digest.hexdigest()


def _files(path: Path, made_suffix: str) -> Iterator[Path]:
    if path.is_dir():
        # Results may lie among the images; they are no part of what is asked.
        yield from _members(path, rf"(?!\.).*(?<!{re.escape(made_suffix)})")
    elif _FRAME_NUMBER.search(path.name) and not path.exists():
        before, after = _FRAME_NUMBER.split(path.name, maxsplit=1)
        yield from _members(path.parent, rf"{re.escape(before)}\d+{re.escape(after)}")
    elif not path.exists():
        raise MissingInput(f"There is no file {path}; check the path.")
    elif not path.is_file():
        raise BadInput(f"{path} is not a file; give a media file or a folder of images.")
    elif not os.access(path, os.R_OK):
        raise MissingInput(f"{path} may not be read; check its permissions.")
    else:
        yield path


def _members(folder: Path, pattern: str) -> list[Path]:
    try:
        entries = sorted(entry for entry in folder.iterdir() if re.fullmatch(pattern, entry.name))
    except FileNotFoundError as error:
        raise MissingInput(f"There is no folder {folder}; check the path.") from error
    except PermissionError as error:
        raise MissingInput(f"{folder} may not be read; check its permissions.") from error
    files = [entry for entry in entries if entry.is_file()]
    if not files:
        raise MissingInput(f"There are no images in {folder} that fit; check the path.")
    return files
