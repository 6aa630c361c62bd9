"""The real Shotcut, on a desktop of its own, with a project open; driven by its keys."""

import subprocess
from pathlib import Path
from typing import Self

from longtake_bridge.plugin.testing.desktop import Desktop, are_there

_PATIENCE_S = 60.0


class RunningShotcut(Desktop):
    """A context; Shotcut has opened its project as soon as it is entered."""

    def __init__(self, project: Path, home: Path) -> None:
        super().__init__(home)
        self._project = project

    def __enter__(self) -> Self:
        super().__enter__()
        try:
            self.run(["shotcut", str(self._project)])
            self.wait_until(self.has_opened, f"Shotcut shows {self._project.name}")
        except BaseException:
            self.__exit__()
            raise
        return self

    def titles(self) -> list[str]:
        """Those of all windows that are seen: its own, and one for every question it asks."""
        return list(self._windows().values())

    def has_opened(self) -> bool:
        """Whether its window is that of the project, which it says when all of it is read."""
        return self._title in self.titles()

    def save(self) -> None:
        """Lets it write the project anew, by the key for that, and waits until it has."""
        before = self._written()

        def pressed() -> bool:
            # Until its window has the focus, keys go nowhere: they are pressed until one is heard.
            for window, title in self._windows().items():
                if title == self._title:
                    self._tell("windowfocus", window)
            self._tell("key", "--clearmodifiers", "ctrl+s")
            return self._written() != before

        self.wait_until(pressed, f"Shotcut saves {self._project.name}")
        self.wait_until(self._is_whole, f"Shotcut has saved all of {self._project.name}")

    @property
    def _title(self) -> str:
        return f"{self._project.name} - Shotcut"

    def _windows(self) -> dict[str, str]:
        """Titles by the numbers of windows."""
        found = self._tell("search", "--onlyvisible", "--name", ".").split()
        return {window: self._tell("getwindowname", window).strip() for window in found}

    def _written(self) -> tuple[int, int]:
        try:
            known = self._project.stat()
        except FileNotFoundError:  # between the old file and the new
            return (0, 0)
        return known.st_mtime_ns, known.st_ino

    def _is_whole(self) -> bool:
        return self._project.is_file() and self._project.read_bytes().rstrip().endswith(b"</mlt>")

    def _tell(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE_S,
        )
        return done.stdout


def is_there() -> bool:
    """Whether Shotcut, and what it takes to drive it without a screen, is installed."""
    return are_there(("shotcut", "xdotool"))
