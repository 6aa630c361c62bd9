"""Where results go: which files a job may write, and what is left to clear away after it."""

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from longtake_engine.errors import WrongCall
from longtake_engine.jobs.fingerprint import input_paths
from longtake_engine.jobs.job import MadeFile
from longtake_engine.jobs.store import JobStore
from longtake_engine.work import Spec, Take


def check_output(spec: Spec, store: JobStore) -> None:
    """Nothing, where the job may write its takes.

    Raises:
        WrongCall: A take would land on an input or on a file that Longtake did not make, or has no
            folder to land in.
    """
    if len(set(spec.made_paths)) < len(spec.made_paths):
        raise WrongCall("The matte cannot be the result itself; give --matte-out another name.")
    for folder in dict.fromkeys(path.parent for path in spec.made_paths):
        if not folder.is_dir():
            raise WrongCall(f"There is no folder {folder}; make it first, or choose another -o.")
        _try(folder)
    for path in spec.made_paths:
        if path.is_dir():
            raise WrongCall(f"{path} is a folder; name a file with -o.")
        if any(_same_file(path, source) for source in input_paths(spec)):
            raise WrongCall(
                f"-o {path} is the clip itself, which is never written to; choose another -o."
                if path in spec.take_paths
                else f"{path} is read by this very work; give --matte-out another name."
            )
        if os.path.lexists(path) and not spec.output.replace_existing and not is_made(path, store):
            raise WrongCall(
                f"{path} is already there and Longtake did not make it; "
                "choose another -o, or pass --force to replace it."
            )


def _try(folder: Path) -> None:
    """Nothing, where files can be made in a folder; its permissions alone do not tell."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise WrongCall(
            f"Nothing can be written to {folder} ({error.strerror}); choose another -o."
        ) from error


def is_made(path: Path, store: JobStore) -> bool:
    """Whether `path` holds just what a job left there."""
    return made_file(path) in store.made_files(path)


def made_file(path: Path | str) -> MadeFile | None:
    """The file as it now is; None where there is none."""
    try:
        stat = Path(path).stat()
    except OSError:
        return None
    return MadeFile(path=str(path), size_bytes=stat.st_size, mtime_ns=stat.st_mtime_ns)


def made_files(spec: Spec, takes: Iterable[Take]) -> list[MadeFile]:
    """The files that the work left: those of `takes` and what else it wrote, as they now are."""
    paths = [take.media_path for take in takes]
    paths += [path for path in spec.made_paths if path not in spec.take_paths]
    files = (made_file(path) for path in paths)
    return [file for file in files if file is not None]


def remove_partials(spec: Spec, job_id: str) -> None:
    """Clear away what a job had half written. Files that cannot be removed are left."""
    for folder in {path.parent for path in spec.made_paths}:
        for partial in folder.glob(f".*.{job_id}.part*"):
            try:
                partial.unlink()
            except OSError:
                continue  # the folder may have become read-only; that must not hold up the queue


def remove_windows(spec: Spec, job_id: str) -> None:
    """Clear away what a job that has ended had kept to go on from."""
    for folder in {path.parent for path in spec.made_paths}:
        for kept in folder.glob(f".*.{job_id}.windows"):
            shutil.rmtree(kept, ignore_errors=True)


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.resolve() == other.resolve() or one.samefile(other)
    except OSError:  # one of them is not there
        return False
