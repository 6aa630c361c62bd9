"""Which files of a repository a model is loaded from."""

import fnmatch
from typing import TYPE_CHECKING

from longtake_engine.errors import BadInput, MissingInput
from longtake_engine.weights import check
from longtake_engine.weights.entry import Entry

if TYPE_CHECKING:
    from longtake_engine.weights.hub import Listing, RemoteFile


def choose_files(entry: Entry, listing: "Listing") -> list["RemoteFile"]:
    """Those files of a repository that the model is loaded from, the small ones first."""
    wanted = [file.path for file in listing.files if matches(file.path, (*entry.files, "*/*.*"))]
    wanted = [path for path in wanted if not matches(path, entry.without)]
    safe = set(check.choose_safe(wanted, f"The repository {listing.repository}"))
    chosen = [
        _checked_hash(entry, file)
        for file in listing.files
        if file.path in safe and matches(file.path, entry.files)
    ]
    if not any(file.path.endswith(check.SAFE) for file in chosen):
        raise MissingInput(
            f"The repository {listing.repository} has no weights at {listing.revision} that "
            f"{entry.pipeline} could be loaded from; name another revision with --revision."
        )
    return sorted(chosen, key=_size_of)


def _checked_hash(entry: Entry, file: "RemoteFile") -> "RemoteFile":
    known = entry.sha256.get(file.path)
    if known and file.sha256 and file.sha256 != known:
        raise BadInput(
            f"The repository {entry.repository} offers another {file.path} than the catalogue "
            "knows; update Longtake, or see that HF_ENDPOINT is a mirror you trust."
        )
    return file


def matches(path: str, patterns: tuple[str, ...]) -> bool:
    """Whether a path is one of those that patterns mean."""
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns)


def _size_of(file: "RemoteFile") -> int:
    return file.size_bytes
