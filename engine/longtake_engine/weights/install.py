"""Installing a model: what is missing is downloaded, verified, and only then taken into use."""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from longtake_engine.errors import BadInput, LicenseNotAccepted, OutOfSpace
from longtake_engine.weights import check
from longtake_engine.weights.cache import CacheFolder, delete_file
from longtake_engine.weights.entry import Entry
from longtake_engine.weights.manifest import Manifest, Partial, StoredFile
from longtake_engine.weights.progress import StoreProgress, Tally, Tell
from longtake_engine.weights.selection import choose_files
from longtake_engine.weights.store import ModelStore

if TYPE_CHECKING:
    from longtake_engine.weights.hub import Listing, RemoteFile

_SPARE_BYTES = 200_000_000  # of the disk, for the engine's own state and whoever else works there

_SLOW_BYTES = 200_000_000  # what takes about a second to verify


@dataclass(frozen=True, slots=True)
class InstallOptions:
    """How a model is to be installed."""

    accept_license: bool = False
    to_folder: Path | None = None  # a cache folder of the hub's layout; None: the hub's own
    revision: str = ""  # another one than the catalogue's
    dry_run: bool = False  # only say what would be downloaded


@dataclass(frozen=True, slots=True)
class Installed:
    """What an installation came to."""

    manifest: Manifest | None  # None for a dry run
    downloaded_bytes: int  # or to be downloaded
    folder: Path


def install(entry: Entry, store: ModelStore, options: InstallOptions, tell: Tell) -> Installed:
    """The model, installed whole; one that is whole already stays as it is.

    Raises:
        LicenseNotAccepted: Its licence has to be accepted.
        OutOfSpace: The disk is too small, or got full; what came is kept.
        NoNetwork, AccessRefused, MissingInput: See `hub`; what came is kept.
        BadInput: What came is not what was promised, or is pickled.
        Busy: It is being installed.
    """
    if not options.dry_run:
        check_license(entry, options.accept_license)
    standing = store.standing(entry.name)
    if standing.state == "installed" and standing.manifest is not None:
        return Installed(standing.manifest, 0, standing.manifest.folder)
    hub = load_hub()
    with store.locked(entry.name):
        tell(StoreProgress("asking for its files"))
        listing, cache = _find_listing(hub, entry, store, options)
        repository = CacheFolder(cache, listing.repository)
        files = choose_files(entry, listing)
        if not options.dry_run:
            store.discard_other(entry.name, repository, listing.revision)
        absent = [file for file in files if not _is_there(repository, listing, file)]
        needed = sum(file.size_bytes - _size(repository.piece(file.digest)) for file in absent)
        if options.dry_run:
            return Installed(None, needed, repository.snapshot(listing.revision))
        _check_room(cache, needed)
        partial = _partial(store, entry, listing, cache, absent)
        store.begin(entry.name, partial)
        tally = Tally(tell, "downloading", sum(file.size_bytes for file in files))
        download = _Download(hub, listing, repository, tally, frozenset(partial.brought))
        stored = tuple(download.obtain(file) for file in files)
        manifest = _manifest(entry, listing, repository, stored)
        check.check_whole(manifest.folder, [file.path for file in files])
        repository.name_branch(options.revision or entry.revision, listing.revision)
        store.finish(manifest)
    return Installed(manifest, download.downloaded_bytes, manifest.folder)


def _manifest(
    entry: Entry, listing: "Listing", repository: CacheFolder, files: tuple[StoredFile, ...]
) -> Manifest:
    return Manifest(
        name=entry.name,
        repository=listing.repository,
        revision=listing.revision,
        folder=repository.snapshot(listing.revision),
        files=files,
        imported=False,
        license_accepted=entry.license.must_accept,
        install_time=time.time(),
    )


def check_license(entry: Entry, accepted: bool) -> None:
    """Return where a model may be taken into use.

    Raises:
        LicenseNotAccepted: Its licence has to be accepted; the sentence says what it is.
    """
    if entry.license.must_accept and not accepted:
        terms = entry.license
        not_for = f" Not allowed for {terms.not_for}." if terms.not_for else ""
        raise LicenseNotAccepted(
            f"{entry.name} stands under the {terms.name} licence: {terms.summary}{not_for} "
            f"Read it in the repository {entry.repository}, and give --accept-licence if you "
            "accept it."
        )


def load_hub() -> ModuleType:
    """The module of the hub, which is loaded only where something is to be downloaded.

    Raises:
        NotPossible: Its library is not installed.
    """
    try:
        from longtake_engine.weights import hub  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as error:
        raise check.missing_extra() from error
    return hub


def _find_listing(
    hub: ModuleType, entry: Entry, store: ModelStore, options: InstallOptions
) -> tuple["Listing", Path]:
    """What to install, and into which cache: those of a download that was ended, where one was."""
    begun, old = store.partial(entry.name), store.manifest(entry.name)
    cache = options.to_folder or (begun.cache if begun is not None else hub.cache_folder())
    revision = options.revision or entry.revision
    if not options.revision and begun is not None and begun.repository == entry.repository:
        revision = begun.revision
    if old is not None and not old.imported:  # damaged: mended where it lies
        cache, revision = old.folder.parents[2], options.revision or old.revision
    return hub.list_files(entry.repository, revision), cache


class _Download:
    """Puts the files of one commit in their places."""

    def __init__(
        self,
        hub: ModuleType,
        listing: "Listing",
        repository: CacheFolder,
        tally: Tally,
        brought: frozenset[str],
    ) -> None:
        self.downloaded_bytes = 0
        self._hub = hub
        self._listing = listing
        self._repository = repository
        self._tally = tally
        self._brought = brought  # paths of the files that this model's downloads bring

    def obtain(self, file: "RemoteFile") -> StoredFile:
        """One file, in its place and verified; downloaded where it is not what it should be."""
        self._tally.begin(file.path)
        repository = self._repository
        path = repository.snapshot(self._listing.revision) / file.path
        found = path if path.exists() else repository.blob(file.digest)
        sha256 = _matching(file, found, self._tally) if found.exists() else ""
        if not sha256:
            delete_file(found)  # a cache holds nothing that could not be fetched again
            self._tally.reject()
            sha256 = self._download(file)
        repository.place(path, file.digest)
        return store_file(path, file.path, sha256, ours=file.path in self._brought)

    def _download(self, file: "RemoteFile") -> str:
        """The sha256 of a file that lies as a blob now, whole and harmless."""
        piece = self._repository.piece(file.digest)
        piece.parent.mkdir(parents=True, exist_ok=True)
        if _size(piece) > file.size_bytes:
            piece.unlink()
        before_bytes = _size(piece)
        self._tally.find(before_bytes)
        self._hub.fetch(self._listing, file, piece, self._tally.reach)
        self.downloaded_bytes += file.size_bytes - before_bytes
        if file.size_bytes > _SLOW_BYTES:
            self._tally.pause("verifying")
        sha256 = _matching(file, piece)
        if not sha256:
            delete_file(piece)
            raise BadInput(
                f"{file.path} came damaged (its hash is another than {self._listing.repository} "
                "states) and was thrown away; run the same command again."
            )
        if file.path.endswith(check.SAFE):
            _check_or_throw_away(piece, file.path)
        piece.replace(self._repository.blob(file.digest))
        return sha256


def _check_or_throw_away(piece: Path, name: str) -> None:
    try:
        check.check_safetensors(piece, name)
    except BadInput:
        delete_file(piece)
        raise


def _matching(file: "RemoteFile", path: Path, tally: Tally | None = None) -> str:
    """The sha256 of a local file; empty where it is not the remote one."""
    if _size(path) != file.size_bytes:
        return ""
    sha256, git_sha1 = check.hash_file(path, tally.find if tally is not None else _ignore)
    right = sha256 == file.sha256 if file.sha256 else git_sha1 == file.git_sha1
    return sha256 if right else ""


def store_file(path: Path, name: str, sha256: str, *, ours: bool) -> StoredFile:
    """What the store remembers of a file that was just verified."""
    found = path.stat()
    return StoredFile(name, found.st_size, sha256, found.st_mtime_ns, ours)


def _partial(
    store: ModelStore, entry: Entry, listing: "Listing", cache: Path, absent: list["RemoteFile"]
) -> Partial:
    """What to remember of the download: what it brings, an earlier try's part of it among that."""
    brought = {file.path: file.digest for file in absent}
    begun, old = store.partial(entry.name), store.manifest(entry.name)
    if begun is not None and (begun.revision, begun.cache) == (listing.revision, cache):
        brought |= dict(zip(begun.brought, begun.digests, strict=True))
    if old is not None and old.revision == listing.revision:
        digests = {file.path: file.digest for file in listing.files}
        brought |= {file.path: digests[file.path] for file in old.files if file.ours}
    return Partial(
        listing.repository, listing.revision, cache, tuple(brought), tuple(brought.values())
    )


def _check_room(cache: Path, needed_bytes: int) -> None:
    place = next(path for path in (cache, *cache.parents) if path.exists())
    free_bytes = shutil.disk_usage(place).free
    if needed_bytes and needed_bytes + _SPARE_BYTES > free_bytes:
        raise OutOfSpace(
            f"{_gigabytes(needed_bytes)} are to be downloaded and {_gigabytes(free_bytes)} are "
            f"free on the disk of {cache}; make room there, or name another disk with --to."
        )


def _is_there(repository: CacheFolder, listing: "Listing", file: "RemoteFile") -> bool:
    path = repository.snapshot(listing.revision) / file.path
    return path.exists() or repository.blob(file.digest).exists()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _gigabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e9:.1f} GB"


def _ignore(count: int) -> None:
    pass
