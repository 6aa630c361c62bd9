"""The models that are installed: found whole or not at all, and removed."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout
from platformdirs import user_state_path

from longtake_engine.errors import Busy, MissingInput, NotPossible, WrongCall
from longtake_engine.weights import manifest as kept
from longtake_engine.weights.cache import CacheFolder, delete_file
from longtake_engine.weights.manifest import Manifest, Partial, StoredFile

State = Literal["missing", "partial", "installed", "damaged"]


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model whose files are all there, as they were when they were verified."""

    folder: Path  # what a pipeline is loaded from
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a model lies here."""

    state: State
    folder: Path | None = None
    size_bytes: int = 0
    manifest: Manifest | None = None
    problem: str = ""  # a sentence where `state` is "damaged"


@dataclass(frozen=True, slots=True)
class Removed:
    """What a removal did."""

    freed_bytes: int
    folder: Path
    kept_files: bool


def find(name: str) -> InstalledModel:
    """The installed model of the engine that this process belongs to; see `ModelStore.find`."""
    return ModelStore.here().find(name)


class ModelStore:
    """What is installed, as files in a folder of the engine's home. Safe across processes."""

    def __init__(self, home: Path) -> None:
        """The store of the engine at `home`; nothing is read or made yet."""
        self._folder = home / "models"

    @property
    def folder(self) -> Path:
        """Where the store keeps what it knows; it need not be there."""
        return self._folder

    @classmethod
    def here(cls) -> "ModelStore":
        """The store of this user's engine, or of the one that LONGTAKE_HOME names."""
        given = os.environ.get("LONGTAKE_HOME")
        return cls(
            Path(given).absolute() if given else user_state_path("longtake", appauthor=False)
        )

    def find(self, name: str) -> InstalledModel:
        """A model that is verified and complete.

        Raises:
            NotPossible: It is not installed, or only in part (reason NOT_INSTALLED).
            MissingInput: It was, and files are gone or other than they were.
        """
        standing = self.standing(name)
        if standing.state == "damaged":
            raise MissingInput(standing.problem)
        if standing.manifest is None:
            how = "installed in part only" if standing.state == "partial" else "not installed here"
            raise NotPossible(
                f"The model {name} is {how}; run `longtake models install {name}`.",
                reason="NOT_INSTALLED",
            )
        return InstalledModel(standing.manifest.folder, standing.manifest)

    def names(self) -> list[str]:
        """What is installed, whole or damaged, by name."""
        return sorted(path.stem for path in self._folder.glob("*.json"))

    def stamp(self) -> str:
        """The same text as long as the same models, and camera moves beside them, are in use."""
        digest = hashlib.sha256()
        for path in sorted(self._folder.rglob("*.json")):
            digest.update(path.name.encode("utf-8", "surrogateescape"))
            with suppress(FileNotFoundError):  # removed in between
                digest.update(path.read_bytes())
        return digest.hexdigest()

    def standing(self, name: str) -> Standing:
        """What of a model lies here; a look at each file's size and time, not into it."""
        manifest = self.manifest(name)
        if manifest is not None:
            problem = manifest.problem or _difference(manifest)
            state: State = "damaged" if problem else "installed"
            return Standing(state, manifest.folder, manifest.size_bytes, manifest, problem)
        partial = self.partial(name)
        if partial is None:
            return Standing("missing")
        size_bytes = sum(path.stat().st_size for path in _brought(partial) if path.is_file())
        return Standing("partial", _repository(partial).root, size_bytes)

    def manifest(self, name: str) -> Manifest | None:
        """What was installed as `name`, whether it is still whole or not."""
        return kept.read(self._path(name, "json"), Manifest)

    def partial(self, name: str) -> Partial | None:
        """The download of `name` that was begun and did not end."""
        return kept.read(self._path(name, "partial"), Partial)

    def begin(self, name: str, partial: Partial) -> None:
        """Remember that a download goes on."""
        kept.write(self._path(name, "partial"), partial)

    def discard_other(self, name: str, repository: CacheFolder, revision: str) -> None:
        """Delete what an ended download left, where the next one is of another commit or place."""
        old = self.partial(name)
        if old is not None and (_repository(old), old.revision) != (repository, revision):
            _delete_brought(old)
            self._path(name, "partial").unlink(missing_ok=True)

    def finish(self, manifest: Manifest) -> None:
        """Take a verified model into use; before this it is not found."""
        kept.write(self._path(manifest.name, "json"), manifest)
        self._path(manifest.name, "partial").unlink(missing_ok=True)

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Keeps every other process from changing a model.

        Raises:
            Busy: Another one is at it.
        """
        path = self._path(name, "lock")
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise Busy(
                f"{name} is being installed, imported or checked already; wait for that, or end it."
            ) from None
        try:
            yield
        finally:
            lock.release()

    def remove(self, name: str) -> Removed:
        """Delete a model, or what came of it; an imported one is forgotten and its files stay.

        Raises:
            WrongCall: Nothing of it is here.
            Busy: It is being installed.
        """
        with self.locked(name):
            manifest, partial = self.manifest(name), self.partial(name)
            if manifest is None and partial is None:
                raise WrongCall(f"{name} is not installed here; there is nothing to remove.")
            folder, freed_bytes = Path(), 0
            # From the first step on it is not found, so a removal that is ended harms nobody.
            self._path(name, "json").unlink(missing_ok=True)
            if partial is not None:
                folder = _repository(partial).root
                freed_bytes += _delete_brought(partial)
            if manifest is not None:
                folder = manifest.folder
                freed_bytes += 0 if manifest.imported else self._delete(manifest)
            self._path(name, "partial").unlink(missing_ok=True)
        return Removed(freed_bytes, folder, manifest is not None and manifest.imported)

    def _delete(self, manifest: Manifest) -> int:
        """Bytes freed by deleting the files that came with a model and that no other one uses."""
        others = [other for name in self.names() if (other := self.manifest(name)) is not None]
        used = {other.folder / file.path for other in others for file in other.files}
        # DIR/models--OWNER--NAME/snapshots/COMMIT, as `install` has laid it out
        repository = CacheFolder(manifest.folder.parents[2], manifest.repository)
        freed_bytes = 0
        for file in manifest.files:
            path = manifest.folder / file.path
            if file.ours and path not in used:
                freed_bytes += repository.delete(path)
        repository.prune()
        return freed_bytes

    def _path(self, name: str, kind: str) -> Path:
        if not name or Path(name).name != name or name.startswith("."):
            raise WrongCall(f"{name!r} is no name of a model.")
        return self._folder / f"{name}.{kind}"


def _difference(manifest: Manifest) -> str:
    """What tells that a model's files are not those that were verified; empty where nothing."""
    return next(filter(None, (_changed(manifest, file) for file in manifest.files)), "")


def _changed(manifest: Manifest, file: StoredFile) -> str:
    path = manifest.folder / file.path
    again = f"run `longtake models install {manifest.name}` to mend it"
    if manifest.imported:
        again = "bring it back and import it again"
    try:
        found = path.stat()
    except OSError:
        return f"The model {manifest.name} lacks its file {path}; {again}."
    if found.st_size != file.size_bytes:
        return f"The model {manifest.name} has another size of {path} than it had; {again}."
    if found.st_mtime_ns != file.modified_ns:
        return (
            f"{path} was written to after the model {manifest.name} was verified; "
            f"`longtake models verify {manifest.name}` looks into it."
        )
    return ""


def _repository(partial: Partial) -> CacheFolder:
    return CacheFolder(partial.cache, partial.repository)


def _brought(partial: Partial) -> Iterator[Path]:
    """Every place where something of an ended download may lie: whole content and pieces."""
    repository = _repository(partial)
    for path, digest in zip(partial.brought, partial.digests, strict=True):
        yield repository.piece(digest)
        if repository.blob(digest).exists():
            yield repository.blob(digest)
        else:
            yield repository.snapshot(partial.revision) / path


def _delete_brought(partial: Partial) -> int:
    repository = _repository(partial)
    freed_bytes = 0
    for path, digest in zip(partial.brought, partial.digests, strict=True):
        placed = repository.snapshot(partial.revision) / path
        if placed.is_symlink() or placed.exists():
            freed_bytes += repository.delete(placed)
        else:
            freed_bytes += delete_file(repository.blob(digest))
        freed_bytes += delete_file(repository.piece(digest))
    repository.prune()
    return freed_bytes
