"""What the store remembers of an installed model, in a small file of its own.

The manifest is written last and in one step: where there is one, the model was whole.
"""

import os
from pathlib import Path
from typing import TypeVar

import msgspec

from longtake_engine.errors import OutOfSpace
from longtake_engine.work import from_json, to_json


class StoredFile(msgspec.Struct, frozen=True):
    """One file of a model, as it was when it was verified."""

    path: str  # below the folder, with slashes
    size_bytes: int
    sha256: str
    modified_ns: int  # of the file: another time tells that it may be another file
    ours: bool = True  # False: it lay here before, and is left here when the model is removed


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """One installed model."""

    name: str
    repository: str
    revision: str  # the commit; empty for an import that does not tell
    folder: Path  # absolute; where the pipeline is loaded from
    files: tuple[StoredFile, ...]
    imported: bool  # True: the files are somebody else's, and are left where they are
    license_accepted: bool
    install_time: float  # seconds since the epoch
    problem: str = ""  # a sentence where a look into the files found one; it is not used then

    @property
    def size_bytes(self) -> int:
        """What its files take."""
        return sum(file.size_bytes for file in self.files)


class Partial(msgspec.Struct, frozen=True):
    """A download that has begun: what it needs to go on."""

    repository: str
    revision: str  # the commit
    cache: Path  # the hub's cache that it goes to
    brought: tuple[str, ...] = ()  # paths of the files that were not there when it began
    digests: tuple[str, ...] = ()  # names of their blobs in the cache, in the same order


T = TypeVar("T", bound=msgspec.Struct)


def read(path: Path, kind: type[T]) -> T | None:
    """What a file of the store says; None where there is none, or none that can be read."""
    try:
        return from_json(path.read_bytes(), kind)
    except (OSError, msgspec.MsgspecError):
        return None


def write(path: Path, value: msgspec.Struct) -> None:
    """Keeps `value` in a file, which is there whole or not at all.

    Raises:
        OutOfSpace: It cannot be written.
    """
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as file:
            file.write(to_json(value))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise OutOfSpace(
            f"The store cannot write {path} ({error.strerror}); make room there, or set "
            "LONGTAKE_HOME to a folder that can be written."
        ) from error
