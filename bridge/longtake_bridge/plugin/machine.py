"""The machine that editors are looked for on, as a value, so that every system can be tried."""

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

System = Literal["linux", "macos", "windows"]


@dataclass(frozen=True, slots=True)
class Machine:
    """A system, a user's home and the environment."""

    system: System
    home: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def data(self) -> Path:
        """Where programs keep the user's data."""
        if self.system == "windows":
            return self._windows("LOCALAPPDATA", "AppData/Local")
        if self.system == "macos":
            return self.home / "Library/Application Support"
        return self._folder("XDG_DATA_HOME", ".local/share")

    def config(self) -> Path:
        """Where programs keep the user's settings, and on Windows and macOS their add-ons."""
        if self.system == "windows":
            return self._windows("APPDATA", "AppData/Roaming")
        if self.system == "macos":
            return self.home / "Library/Application Support"
        return self._folder("XDG_CONFIG_HOME", ".config")

    def find_program(self, *names: str) -> Path | None:
        """The first of these that lies on the search path."""
        search = self.environment.get("PATH", "")
        for name in names:
            found = shutil.which(name, path=search)
            if found is not None:
                return Path(found)
        return None

    def _folder(self, variable: str, default: str) -> Path:
        given = self.environment.get(variable, "")
        return Path(given) if Path(given).is_absolute() else self.home / default

    def _windows(self, variable: str, default: str) -> Path:
        given = self.environment.get(variable)
        return Path(given) if given else self.home / default


def this_machine() -> Machine:
    """The machine that this runs on."""
    names: dict[str, System] = {"win32": "windows", "darwin": "macos"}
    return Machine(names.get(sys.platform, "linux"), Path.home(), os.environ)
