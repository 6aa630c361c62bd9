"""A repository in the hub's cache on disk, laid out as all programs that share the cache know it.

`models--OWNER--NAME/blobs/DIGEST` holds each file once, `snapshots/COMMIT/PATH` are links to them,
`refs/BRANCH` names a commit. Where a disk knows no links the files lie in `snapshots` themselves.
"""

import contextlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class CacheFolder:
    """One repository's folder in a cache."""

    cache: Path
    repository: str

    @property
    def root(self) -> Path:
        """The repository's own folder."""
        return self.cache / "--".join(["models", *self.repository.split("/")])

    def blob(self, digest: str) -> Path:
        """Where content lies, by its digest."""
        return self.root / "blobs" / digest

    def piece(self, digest: str) -> Path:
        """Where content grows that has not come whole."""
        return self.root / "blobs" / f"{digest}.longtake.incomplete"

    def snapshot(self, revision: str) -> Path:
        """The folder of a commit."""
        return self.root / "snapshots" / revision

    def place(self, path: Path, digest: str) -> None:
        """Make `path` in a snapshot be the content called `digest`, which lies as a blob."""
        blob = self.blob(digest)
        if path.is_symlink():
            path.unlink()  # to a blob that was of other content, or is gone
        elif path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.symlink_to(os.path.relpath(blob, path.parent))
        except OSError:  # no links on this disk
            blob.replace(path)

    def name_branch(self, branch: str, revision: str) -> None:
        """Let other programs find the commit by the branch that was asked for."""
        path = self.root / "refs" / branch
        if branch != revision and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(revision)

    def delete(self, path: Path) -> int:
        """Bytes freed by deleting a file of a snapshot, and its content where none else has it."""
        if not path.is_symlink():
            return delete_file(path)
        blob = path.resolve()
        path.unlink()
        shared = any(
            other.is_symlink() and other.resolve() == blob
            for other in (self.root / "snapshots").rglob("*")
        )
        return 0 if shared else delete_file(blob)

    def prune(self) -> None:
        """Take away what is empty now, and branches that name a commit that is gone."""
        refs = self.root / "refs"
        for path in refs.rglob("*"):
            with contextlib.suppress(OSError):
                if not any(self.snapshot(path.read_text().strip()).rglob("*.*")):
                    path.unlink()
        for folder, _, _ in os.walk(self.root, topdown=False):
            with contextlib.suppress(OSError):  # it holds something
                Path(folder).rmdir()
        locks = self.cache / ".locks" / self.root.name
        if not self.root.exists() and locks.exists():
            shutil.rmtree(locks, ignore_errors=True)


def delete_file(path: Path) -> int:
    """Bytes freed by deleting a file; 0 where there is none."""
    try:
        size_bytes = path.stat().st_size
        path.unlink()
    except OSError:
        return 0
    return size_bytes
