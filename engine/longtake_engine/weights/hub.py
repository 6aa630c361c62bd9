"""The hub that weights come from, by `huggingface_hub`: the only module that imports it.

That library reads its settings (mirror, cache, token, offline) from the environment when it is
imported, so this is imported in a process of its own for each errand.
"""

import errno
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx2
from huggingface_hub import HfApi, constants, hf_hub_url
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    OfflineModeIsEnabled,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.file_download import http_get
from huggingface_hub.utils import build_hf_headers, disable_progress_bars

from longtake_engine.errors import (
    AccessRefused,
    EngineError,
    MissingInput,
    NoNetwork,
    NotPossible,
    OutOfSpace,
)

_LIST_TIMEOUT_S = 30.0
_CHUNK_BYTES = 1 << 17
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_KEPT = "what has come is kept, and the same command goes on from there"


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file of a repository."""

    path: str
    size_bytes: int
    sha256: str  # empty for a small file that lies in git itself
    git_sha1: str

    @property
    def digest(self) -> str:
        """What its content is called in the cache."""
        return self.sha256 or self.git_sha1


@dataclass(frozen=True, slots=True)
class Listing:
    """A repository at one commit."""

    repository: str
    revision: str  # the commit
    files: tuple[RemoteFile, ...]


def cache_folder() -> Path:
    """The hub's cache by its own settings: HF_HUB_CACHE, HF_HOME, or where it is by itself."""
    return Path(constants.HF_HUB_CACHE).expanduser().absolute()


def list_files(repository: str, revision: str) -> Listing:
    """What a repository holds at a revision, with every file's size and hash.

    Raises:
        NoNetwork, AccessRefused, MissingInput: As `_told` says them.
    """
    with _told(repository, revision):
        info = HfApi().model_info(
            repository, revision=revision, files_metadata=True, timeout=_LIST_TIMEOUT_S
        )
    files = [
        RemoteFile(
            path=file.rfilename,
            size_bytes=file.size or 0,
            sha256=file.lfs.sha256 if file.lfs else "",
            git_sha1=file.blob_id or "",
        )
        for file in info.siblings or []
    ]
    if not info.sha or not all(file.digest for file in files):
        raise NotPossible(
            f"What serves {repository} gives no commit and hashes for it, so nothing from there "
            "can be verified; set HF_ENDPOINT to another mirror, or unset it."
        )
    return Listing(repository, info.sha, tuple(files))


def fetch(
    listing: Listing, file: RemoteFile, target: Path, on_position: Callable[[int], None]
) -> None:
    """Adds to `target` what it lacks of a file; what it holds already is not fetched again.

    Args:
        listing: Where the file is.
        file: Which.
        target: Where its content grows; kept whatever happens.
        on_position: Hears how many bytes `target` has, often.

    Raises:
        OutOfSpace: The disk is full.
        NoNetwork, AccessRefused, MissingInput: As `_told` says them.
    """
    disable_progress_bars()
    # The library's 10 MB would show nothing for long on a slow line, and lose as much at a break.
    constants.DOWNLOAD_CHUNK_SIZE = _CHUNK_BYTES
    revision = quote(listing.revision, safe="")
    with (
        _told(listing.repository, listing.revision, target),
        _Growing(target, on_position) as grown,
    ):
        size_bytes = target.stat().st_size
        http_get(
            hf_hub_url(listing.repository, file.path, revision=revision),
            grown,
            resume_size=size_bytes,
            headers=build_hf_headers(library_name="longtake"),
            expected_size=file.size_bytes,
        )


class _Growing(io.BufferedWriter):
    """A file that is added to, and tells its position."""

    def __init__(self, path: Path, on_position: Callable[[int], None]) -> None:
        super().__init__(io.FileIO(path, "ab"))
        self._on_position = on_position

    def write(self, buffer, /) -> int:
        """Adds to it."""
        count = super().write(buffer)
        self._on_position(self.tell())
        return count


@contextmanager
def _told(repository: str, revision: str, target: Path | None = None) -> Iterator[None]:
    """Says each of the library's errors in a sentence of ours."""
    try:
        yield
    except OfflineModeIsEnabled as error:
        raise NoNetwork(
            "HF_HUB_OFFLINE is set, so nothing is downloaded; unset it, or take what lies in a "
            f"cache already with `longtake models import {cache_folder()}`."
        ) from error
    except GatedRepoError as error:
        raise AccessRefused(
            f"The repository {repository} is gated: accept its terms on its page with an account, "
            "then set HF_TOKEN to a token of that account, or run `hf auth login`, and try again."
        ) from error
    except RepositoryNotFoundError as error:
        raise AccessRefused(
            f"The repository {repository} is not there, or not for everybody; set HF_TOKEN to a "
            "token that may read it, and see that HF_ENDPOINT is a mirror that has it."
        ) from error
    except RevisionNotFoundError as error:
        raise MissingInput(
            f"The repository {repository} has no revision {revision}; name another one with "
            "--revision, such as main."
        ) from error
    except RemoteEntryNotFoundError as error:
        raise MissingInput(
            f"The repository {repository} lacks a file that it lists at {revision}; {_KEPT}."
        ) from error
    except HfHubHTTPError as error:
        raise _refused(repository, error) from error
    except httpx2.HTTPError as error:
        why = str(error) or type(error).__name__
        raise NoNetwork(
            f"{constants.ENDPOINT} cannot be reached, or broke off ({why}); {_KEPT} when there is "
            "a network."
        ) from error
    except OSError as error:
        raise _not_written(error, target) from error


def _refused(repository: str, error: HfHubHTTPError) -> EngineError:
    status = error.response.status_code
    if status in (401, 403):
        return AccessRefused(
            f"The repository {repository} may not be read with this token ({status}); set HF_TOKEN "
            "to one of an account that has accepted its terms."
        )
    return NoNetwork(
        f"What serves {repository} answers with an error ({status}); {_KEPT} when it is well again."
    )


def _not_written(error: OSError, target: Path | None) -> EngineError:
    folder = target.parent if target is not None else cache_folder()
    if error.errno in _FULL:
        return OutOfSpace(
            f"The disk of {folder} is full; make room on it and {_KEPT}, or name another disk "
            "with --to."
        )
    if error.errno is None:  # the library's own: fewer bytes came than were promised
        return NoNetwork(f"A download ended before its end; {_KEPT}.")
    return NotPossible(
        f"{folder} cannot be written ({error.strerror}); name another folder with --to."
    )
