"""Where the result of a command goes when the user said less than a whole path."""

import os
import re
from pathlib import Path

from longtake_bridge.errors import wrong_call

TIMELINE_SUFFIXES = frozenset(
    {".otio", ".otioz", ".otiod", ".xml", ".fcpxml", ".aaf", ".edl", ".kdenlive", ".mlt"}
)
_MEDIA_SUFFIXES = frozenset(
    {".avi", ".m4v", ".mkv", ".mov", ".mp4", ".mxf", ".nut", ".webm", ".ts", ".mts", ".m2ts"}
)
_FRAME_NUMBER = re.compile(r"[._-]?%0?\d*d")  # in shot.%04d.png, a sequence of images
_SUFFIX_OF_CODEC = {"prores": ".mov", "dnxhr": ".mov", "ffv1": ".mkv", "h264": ".mp4"}


def absolute(path: Path) -> Path:
    """`path` from the root, without `..`; symbolic links are left for the engine to follow.

    Raises:
        BridgeError: WRONG_CALL; its name is not UTF-8, which the wire needs.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError:
        name = os.fsencode(path.name).decode(errors="replace")
        raise wrong_call(f'The name "{name}" is not UTF-8; rename the file first.') from None
    return Path(os.path.abspath(path))  # noqa: PTH100 - Path.absolute() keeps a/../b


def is_timeline(path: Path) -> bool:
    """Whether `path` is a timeline rather than media, by its extension."""
    return path.suffix.lower() in TIMELINE_SUFFIXES


def output_path(
    input_path: Path, given: Path | None, codec: str, *, done: str = "extended"
) -> Path:
    """The absolute path of the media to be made.

    A folder gets "<clip> (extended)" in it, or what else `done` says was done; a name without a
    container's extension gets the one of the codec; and without a name the result lies beside the
    clip, under one that is free.

    Raises:
        BridgeError: WRONG_CALL; it is a timeline's, or its folder is not there.
    """
    suffix = default_suffix(input_path, codec)
    if given is None:
        return _free_path(input_path, absolute(input_path).parent, suffix, done)
    if given.is_dir():
        return _free_path(input_path, absolute(given), suffix, done)
    path = absolute(given)
    if is_timeline(path):
        raise wrong_call(
            f"{given.name} is a timeline, and the input is media; name a file such as out{suffix}."
        )
    if path.suffix.lower() not in _MEDIA_SUFFIXES:
        path = path.with_name(path.name + suffix)
    require_folder(path)
    return path


def timeline_output_path(input_path: Path, given: Path | None, *, done: str = "extended") -> Path:
    """The absolute path of the timeline to be made, of the input's own format where none is said.

    Without a name it is "NAME (extended)", or what else `done` says was done.

    Raises:
        BridgeError: WRONG_CALL; it is media's.
    """
    suffix = input_path.suffix
    if given is None:
        return _free_path(input_path, absolute(input_path).parent, suffix, done)
    if is_timeline(given):
        return absolute(given)
    if given.is_dir():
        return _free_path(input_path, absolute(given), suffix, done)
    if given.suffix.lower() in _MEDIA_SUFFIXES:
        raise wrong_call(
            f"{given.name} is media, and the input is a timeline; name one such as out{suffix}."
        )
    return absolute(given.with_name(given.name + suffix))


def default_suffix(input_path: Path, codec: str) -> str:
    """The extension of a file in `codec`; for "source" the clip's own where it is a container's."""
    own = input_path.suffix.lower()
    return _SUFFIX_OF_CODEC.get(codec) or (own if own in _MEDIA_SUFFIXES else ".mov")


def nearest_folder(path: Path) -> Path:
    """`path`, or the nearest folder above it that is there: the disk that `path` would lie on can
    be asked for its room, and nothing is made for that."""
    while not path.is_dir():
        path = path.parent
    return path


def require_folder(path: Path, option: str = "-o") -> None:
    """Return where the folder is there in which `path` lies, that was given as `option`.

    Raises:
        BridgeError: WRONG_CALL; it is not.
    """
    if not path.parent.is_dir():
        raise wrong_call(
            f"There is no folder {path.parent}; make it first, or choose another {option}."
        )


def _free_path(input_path: Path, folder: Path, suffix: str, done: str = "extended") -> Path:
    """The first of "NAME (extended)", "NAME (extended 2)", ... that is not there yet."""
    name = _FRAME_NUMBER.sub("", input_path.stem) or "clip"
    number = 1
    while True:
        tag = done if number == 1 else f"{done} {number}"
        path = folder / f"{name} ({tag}){suffix}"
        if not path.exists():
            return path
        number += 1
