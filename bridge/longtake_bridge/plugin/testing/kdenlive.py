"""The real Kdenlive, on a screen and a session bus of its own, with a project open."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

PROGRAMS = ("kdenlive", "Xvfb", "dbus-daemon", "gdbus")  # without which it cannot be started
_PATIENCE_S = 60.0
_TICK_S = 0.1
_WINDOW = "/kdenlive/MainWindow_1"


class RunningKdenlive:
    """A context: `home` is a home of its own, `environment` what programs beside it need."""

    def __init__(self, project: Path, home: Path) -> None:
        self._project, self._home = project, home
        # Its sockets lie there: their paths may have about a hundred letters.
        self._run_folder = tempfile.TemporaryDirectory(prefix="longtake-", dir="/tmp")
        self._started: list[subprocess.Popen[bytes]] = []
        self.environment: dict[str, str] = {}

    def __enter__(self) -> "RunningKdenlive":
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._started):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(30)
        self._run_folder.cleanup()

    def act(self, name: str) -> None:
        """One of the actions of its menus."""
        self._call("org.kde.KMainWindow.activateAction", name)

    def title(self) -> str:
        """Its window's."""
        get = "org.freedesktop.DBus.Properties.Get"
        return self._call(get, "org.qtproject.Qt.QWidget", "windowTitle")

    def screenshot(self, path: Path) -> None:
        """What is on the screen, where ImageMagick is installed."""
        if shutil.which("import") is not None:
            command = [
                "import",
                "-window",
                "root",
                "-resize",
                "75%",
                "+dither",
                "-colors",
                "96",
                str(path),
            ]
            subprocess.run(command, env=self.environment, check=True, timeout=30)

    def _start(self) -> None:
        (self._home / "tmp").mkdir(parents=True)
        given = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
        self.environment = given | {
            "HOME": str(self._home),
            "XDG_RUNTIME_DIR": self._run_folder.name,
            "TMPDIR": str(self._home / "tmp"),  # where it leaves its lock
            "LANG": "C.UTF-8",
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "DISPLAY": self._start_screen(),
        }
        address = self._first_line(["dbus-daemon", "--session", "--nofork", "--print-address=1"])
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = address
        self._run(["kdenlive", str(self._project)])
        self._wait_until(lambda: self.title().startswith(self._project.stem))

    def _start_screen(self) -> str:
        self.environment = dict(os.environ)
        words = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
        return f":{self._first_line(words)}"

    def _first_line(self, command: list[str]) -> str:
        process = self._run(command, stdout=subprocess.PIPE)
        assert process.stdout is not None
        return process.stdout.readline().decode().strip()

    def _run(
        self, command: list[str], stdout: int = subprocess.DEVNULL
    ) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._started.append(process)
        return process

    def _call(self, method: str, *words: str) -> str:
        service = f"org.kde.kdenlive-{self._started[-1].pid}"
        call = ["gdbus", "call", "--session", "--timeout", "20", "--dest", service]
        done = subprocess.run(
            [*call, "--object-path", _WINDOW, "--method", method, *words],
            env=self.environment,
            capture_output=True,
            check=False,
            timeout=30,
        )
        found = re.search(r"'(.*)'", done.stdout.decode())
        return found[1] if found is not None else ""

    def _wait_until(self, holds: Callable[[], bool]) -> None:
        deadline_s = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline_s:
            if holds():
                return
            time.sleep(_TICK_S)
        self.screenshot(self._home / "stuck.png")
        raise AssertionError(
            f"Kdenlive has not opened {self._project.name}; what it shows is in {self._home}"
        )


def is_there() -> bool:
    """Whether Kdenlive, and what it takes to start it without a screen, is installed."""
    return all(shutil.which(name) is not None for name in PROGRAMS)
