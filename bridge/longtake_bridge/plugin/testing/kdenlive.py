"""The real Kdenlive, on a desktop of its own, with a project open."""

import re
import subprocess
from pathlib import Path
from typing import Self

from longtake_bridge.plugin.testing.desktop import PATIENCE_S, Desktop, are_there

_WINDOW = "/kdenlive/MainWindow_1"


class RunningKdenlive(Desktop):
    """A context; Kdenlive has opened its project as soon as it is entered."""

    def __init__(self, project: Path, home: Path) -> None:
        super().__init__(home)
        self._project = project
        self._service = ""

    def __enter__(self) -> Self:
        super().__enter__()
        try:
            process = self.run(["kdenlive", str(self._project)])
            self._service = f"org.kde.kdenlive-{process.pid}"
            opened = f"Kdenlive shows {self._project.name}"
            self.wait_until(lambda: self.title().startswith(self._project.stem), opened)
        except BaseException:
            self.__exit__()
            raise
        return self

    def act(self, name: str) -> None:
        """One of the actions of its menus, when it has been done."""
        done = self._call("org.kde.KMainWindow.activateAction", name)
        assert done.returncode == 0, done.stderr.decode()

    def title(self) -> str:
        """Its window's; empty as long as there is none."""
        get = "org.freedesktop.DBus.Properties.Get"
        done = self._call(get, "org.qtproject.Qt.QWidget", "windowTitle")
        found = re.search(r"'(.*)'", done.stdout.decode())
        return found[1] if found is not None else ""

    def _call(self, method: str, *words: str) -> "subprocess.CompletedProcess[bytes]":
        patience = str(int(PATIENCE_S))
        call = ["gdbus", "call", "--session", "--timeout", patience, "--dest", self._service]
        return subprocess.run(
            [*call, "--object-path", _WINDOW, "--method", method, *words],
            env=self.environment,
            capture_output=True,
            check=False,
            timeout=2 * PATIENCE_S,
        )


def is_there() -> bool:
    """Whether Kdenlive, and what it takes to start it without a screen, is installed."""
    return are_there(("kdenlive",))
