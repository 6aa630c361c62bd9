"""A desktop of its own for a real editor: a screen, a session bus and a home, all thrown away."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

PATIENCE_S = 120.0  # an editor on a busy machine, drawn by its processor
_TICK_S = 0.1
PROGRAMS = ("Xvfb", "dbus-daemon", "gdbus")  # without which there is none


class Desktop:
    """A context: `home` is a home of its own, `environment` what programs on it need."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment: dict[str, str] = {}
        # Its sockets lie there: their paths may have about a hundred letters.
        self._run_folder = tempfile.TemporaryDirectory(prefix="longtake-", dir="/tmp")
        self._started: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
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
            if process.stdout is not None:
                process.stdout.close()
        self._run_folder.cleanup()

    def run(self, command: Sequence[str]) -> "subprocess.Popen[bytes]":
        """A program on this desktop, ended with it; what it says goes to log.txt in its home."""
        return self._launch(command)

    def screenshot(self, path: Path) -> None:
        """What is on the screen as a PNG, where ImageMagick is installed."""
        if shutil.which("import") is not None:
            small = ["-resize", "75%", "+dither", "-colors", "96"]
            command = ["import", "-window", "root", *small, str(path)]
            subprocess.run(command, env=self.environment, check=True, timeout=60)

    def wait_until(self, holds: Callable[[], bool], what: str) -> None:
        """Returns as soon as `holds`; fails with `what` and the last words of the programs."""
        deadline_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline_s:
            if holds():
                return
            time.sleep(_TICK_S)
        self.screenshot(self.home / "stuck.png")
        words = self._log().read_text("utf-8", "replace")[-1500:]
        raise AssertionError(f"not within {PATIENCE_S:g} s: {what}; see {self.home}\n{words}")

    def _log(self) -> Path:
        return self.home / "log.txt"

    def _start(self) -> None:
        (self.home / "tmp").mkdir(parents=True)
        given = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
        self.environment = given | {
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": self._run_folder.name,
            "TMPDIR": str(self.home / "tmp"),  # where Kdenlive leaves its lock
            "LANG": "C.UTF-8",
            "LIBGL_ALWAYS_SOFTWARE": "1",
        }
        screen = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
        self.environment["DISPLAY"] = f":{self._first_line(screen)}"
        bus = ["dbus-daemon", "--session", "--nofork", "--print-address=1"]
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = self._first_line(bus)

    def _first_line(self, command: list[str]) -> str:
        process = self._launch(command, subprocess.PIPE)
        assert process.stdout is not None
        return process.stdout.readline().decode().strip()

    def _launch(
        self, command: Sequence[str], stdout: int | None = None
    ) -> "subprocess.Popen[bytes]":
        with self._log().open("ab") as log:
            process = subprocess.Popen(
                command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log if stdout is None else stdout,
                stderr=log,
                start_new_session=True,
            )
        self._started.append(process)
        return process


def are_there(programs: Sequence[str]) -> bool:
    """Whether these programs, and what it takes to start them without a screen, are installed."""
    return all(shutil.which(name) is not None for name in (*PROGRAMS, *programs))
