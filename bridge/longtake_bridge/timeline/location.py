"""Where media lies: target URLs of timelines to paths on this machine and back."""

import os
import re
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from longtake_bridge.errors import bad_input

_DRIVE = re.compile(r"/?([A-Za-z]:[/\\].*)", re.DOTALL)


def path_from_url(url: str, folder: Path) -> Path:
    """The absolute path that a target URL means on this machine; relative ones start from `folder`.

    Takes file URLs, bare paths as Resolve writes them, percent-encoded or not, and Windows paths.

    Raises:
        BridgeError: BAD_INPUT; the URL leads off this machine.
    """
    drive = _DRIVE.fullmatch(url)
    if drive is not None:
        return Path(drive[1])
    parts = urlsplit(url)
    if parts.scheme == "file":
        return _from_file_url(url)
    if parts.scheme and "://" in url:
        raise bad_input(
            f'"{url}" is not on this machine; copy the media here and relink the timeline to it.'
        )
    # A bare path may be meant as it stands or percent-encoded: the one that exists is meant.
    plain = _under(folder, url)
    decoded = _under(folder, unquote(url))
    return plain if plain.exists() and not decoded.exists() else decoded


def url_from_path(path: Path) -> str:
    """The file URL of an absolute path."""
    text = path.as_posix()
    return "file://" + quote(text if text.startswith("/") else f"/{text}", safe="/:")


def relative_url(path: Path, folder: Path) -> str:
    """The URL of `path` from `folder`, or its file URL where none exists (another drive)."""
    try:
        relative = os.path.relpath(path, folder)
    except ValueError:
        return url_from_path(path)
    return quote(Path(relative).as_posix())


def is_relative(url: str) -> bool:
    """True where a URL means another file once the timeline lies in another folder."""
    return not (urlsplit(url).scheme or url.startswith(("/", "\\")) or _DRIVE.fullmatch(url))


def is_bare_path(url: str) -> bool:
    """True for an absolute path without a scheme, the only kind that Resolve takes."""
    return _DRIVE.fullmatch(url) is not None or (not urlsplit(url).scheme and url.startswith("/"))


def _from_file_url(url: str) -> Path:
    parts = urlsplit(url.replace("#", "%23").replace("?", "%3F"))  # both are meant as names
    text = unquote(parts.path)
    drive = _DRIVE.fullmatch(text)
    if drive is not None:
        return Path(drive[1])
    if _DRIVE.fullmatch(parts.netloc + text):  # file://C:/x, a common slip
        return Path(parts.netloc + text)
    if parts.netloc not in ("", "localhost"):
        return Path(f"//{unquote(parts.netloc)}{text}")
    return Path(text)


def _under(folder: Path, text: str) -> Path:
    return Path(os.path.normpath(folder / text))
