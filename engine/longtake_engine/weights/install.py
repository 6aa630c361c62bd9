"""Installing a model: what is missing is downloaded, verified, and only then taken into use."""

import fnmatch
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from longtake_engine.errors import BadInput, LicenseNotAccepted, MissingInput, OutOfSpace
from longtake_engine.weights import check
from longtake_engine.weights.cache import CacheFolder, delete_file
from longtake_engine.weights.entry import Entry
from longtake_engine.weights.manifest import Manifest, Partial, StoredFile
from longtake_engine.weights.progress import StoreProgress, Tally, Tell
from longtake_engine.weights.store import ModelStore

if TYPE_CHECKING:
    from longtake_engine.weights.hub import Listing, RemoteFile

_SPARE_BYTES = 200_000_000  # of the disk, for the engine's own state and whoever else works there


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
        tell(StoreProgress("asking for its files", "", 0, 0))
        listing, cache = _find_listing(hub, entry, store, options)
        repository = CacheFolder(cache, listing.repository)
        files = _choose(entry, listing)
        folder = repository.snapshot(listing.revision)
        absent = [file for file in files if not _is_there(repository, listing, file)]
        needed = sum(file.size_bytes - _size(repository.piece(file.digest)) for file in absent)
        if options.dry_run:
            return Installed(None, needed, folder)
        _check_room(cache, needed)
        partial = _partial(store, entry, listing, cache, absent)
        store.begin(entry.name, partial)
        tally = Tally(tell, "downloading", sum(file.size_bytes for file in files))
        ours = set(partial.brought)
        stored = tuple(
            _obtain(hub, listing, file, repository, tally, ours=file.path in ours) for file in files
        )
        check.check_whole(folder, [file.path for file in files])
        repository.name_branch(options.revision or entry.revision, listing.revision)
        manifest = Manifest(
            name=entry.name,
            repository=listing.repository,
            revision=listing.revision,
            folder=folder,
            files=stored,
            imported=False,
            license_accepted=entry.license.must_accept,
            install_time=time.time(),
        )
        store.finish(manifest)
    return Installed(manifest, needed, folder)


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


def load_hub():
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
    hub, entry: Entry, store: ModelStore, options: InstallOptions
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


def _choose(entry: Entry, listing: "Listing") -> list["RemoteFile"]:
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


def _obtain(
    hub,
    listing: "Listing",
    file: "RemoteFile",
    repository: CacheFolder,
    tally: Tally,
    *,
    ours: bool,
) -> StoredFile:
    """One file, in its place and verified; downloaded where it is not, or not what it should be."""
    tally.begin(file.path)
    path = repository.snapshot(listing.revision) / file.path
    found = path if path.exists() else repository.blob(file.digest)
    if found.exists():
        sha256 = _matching(file, found, tally)
        if sha256:
            repository.place(path, file.digest)
            return store_file(path, file.path, sha256, ours=ours)
        delete_file(found)  # a cache holds nothing that could not be fetched again
        tally.reach(0)
    piece = repository.piece(file.digest)
    piece.parent.mkdir(parents=True, exist_ok=True)
    if _size(piece) > file.size_bytes:
        piece.unlink()
    hub.fetch(listing, file, piece, tally.reach)
    sha256 = _matching(file, piece)
    if not sha256:
        delete_file(piece)
        raise BadInput(
            f"{file.path} came damaged (its hash is another than {listing.repository} states) and "
            "was thrown away; run the same command again."
        )
    if file.path.endswith(check.SAFE):
        _check_or_throw_away(piece, file.path)
    piece.replace(repository.blob(file.digest))
    repository.place(path, file.digest)
    return store_file(path, file.path, sha256, ours=ours)


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
    sha256, git_sha1 = check.hash_file(path, tally.add if tally is not None else _ignore)
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


def matches(path: str, patterns: tuple[str, ...]) -> bool:
    """Whether a path is one of those that patterns mean."""
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _size_of(file: "RemoteFile") -> int:
    return file.size_bytes


def _gigabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e9:.1f} GB"


def _ignore(count: int) -> None:
    pass
