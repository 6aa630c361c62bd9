"""Where the engine of this user keeps its queue, its log and the address it serves at."""

import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_state_path


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one engine; at most one daemon serves from it."""

    folder: Path

    @property
    def endpoint_path(self) -> Path:
        """Written by the daemon while it serves: address, token, pid and version."""
        return self.folder / "endpoint.json"

    @property
    def daemon_lock_path(self) -> Path:
        """Locked by the daemon as long as it lives."""
        return self.folder / "daemon.lock"

    @property
    def start_lock_path(self) -> Path:
        """Locked by a command while it starts or stops the daemon."""
        return self.folder / "start.lock"

    @property
    def log_path(self) -> Path:
        """What the daemon writes down."""
        return self.folder / "daemon.log"

    @property
    def start_log_path(self) -> Path:
        """What the daemon said on its standard streams, such as why it could not start."""
        return self.folder / "start.log"


def find_home() -> Home:
    """LONGTAKE_HOME, or the user's own folder for state as the system has it."""
    given = os.environ.get("LONGTAKE_HOME")
    if given:
        return Home(Path(given).absolute())
    return Home(user_state_path("longtake", appauthor=False))
