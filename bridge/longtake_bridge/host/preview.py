"""Pictures of what is being made, for a host to show."""

import base64
import shutil
import tempfile
from pathlib import Path
from typing import Literal

Way = Literal["path", "base64", "none"]


class PreviewFolder:
    """Where previews lie as files: a private folder that goes with the session."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._shown: dict[str, list[Path]] = {}  # by edit; a host may still be reading the last one
        self._count = 0

    def write(self, edit: str, jpeg: bytes) -> str:
        """The path of a new file with the picture; of those before, only the last one stays."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="longtake-preview-"))
        self._count += 1  # a name of its own each time: hosts keep pictures by their names
        path = self._folder / f"preview-{self._count}.jpg"
        path.write_bytes(jpeg)
        shown = [*self._shown.get(edit, []), path]
        for old in shown[:-2]:
            old.unlink(missing_ok=True)
        self._shown[edit] = shown[-2:]
        return str(path)

    def forget(self, edit: str) -> None:
        """Removes the pictures of an edit that has ended."""
        for path in self._shown.pop(edit, []):
            path.unlink(missing_ok=True)

    def remove(self) -> None:
        """Removes the folder."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def as_text(jpeg: bytes) -> str:
    """The picture as base64."""
    return base64.b64encode(jpeg).decode("ascii")
