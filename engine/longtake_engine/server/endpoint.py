"""Where the engine can be reached, and how others find that out."""

import json
import os
import secrets
import shutil
import stat
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

_SOCKET_BYTES = 100  # the shortest limit on the path of a unix socket is 104, its end mark included


@dataclass(frozen=True, slots=True)
class Endpoint:
    """How to reach one engine."""

    address: str  # as gRPC has it: "unix:/…/s.sock" or "127.0.0.1:50123"
    token: str
    pid: int
    version: str


def new_token() -> str:
    """A secret of 256 bits."""
    return secrets.token_urlsafe(32)


def write_endpoint(home: Path, endpoint: Endpoint) -> None:
    """Let the user's own programs find the engine; the file is there whole or not at all."""
    aside = home / f"endpoint.json.{endpoint.pid}"
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(endpoint), file)
    aside.replace(home / "endpoint.json")


def read_endpoint(home: Path) -> Endpoint | None:
    """The engine that serves `home` or did so last; None where there is no telling."""
    try:
        return Endpoint(**json.loads((home / "endpoint.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None


def remove_endpoint(home: Path) -> None:
    """Take back this process's own `write_endpoint`."""
    endpoint = read_endpoint(home)
    if endpoint is not None and endpoint.pid == os.getpid():
        (home / "endpoint.json").unlink(missing_ok=True)


class SocketPlace:
    """A path for a unix socket in a folder that only the user can enter."""

    def __init__(self, home: Path) -> None:
        """Takes `home` where that is private and its path short enough, else makes a folder."""
        self._folder: Path | None = None
        self.path = home / "s.sock"
        if len(os.fsencode(self.path)) > _SOCKET_BYTES or not _is_private(home):
            self._folder = Path(tempfile.mkdtemp(prefix="longtake-"))  # 0700 by its contract
            self.path = self._folder / "s.sock"
        self.path.unlink(missing_ok=True)  # of a daemon that was killed; the lock says it is gone

    def remove(self) -> None:
        """Leave nothing behind."""
        self.path.unlink(missing_ok=True)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def _is_private(folder: Path) -> bool:
    return stat.S_IMODE(folder.stat().st_mode) & 0o077 == 0
