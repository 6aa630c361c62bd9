"""Longtake's plugin in a real Blender, driven as every other editor is."""

import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from longtake_bridge.home import Home
from longtake_bridge.host.testing import Laid
from longtake_bridge.plugin.installation import find_kind, install
from longtake_bridge.plugin.machine import Machine
from longtake_bridge.plugin.source import plugins_folder

_PATIENCE_S = 120.0
_TICK_S = 0.02
_SCRIPT = plugins_folder() / "blender" / "tests" / "inside.py"


@dataclass(frozen=True, slots=True)
class BlenderProgram:
    """A Blender to be driven: a program with a window, or Python with Blender as a module."""

    path: Path
    version: str  # as its folders are called: "3.4"
    has_window: bool

    @property
    def module(self) -> str:
        """What the plugin is called there."""
        old = tuple(int(part) for part in self.version.split(".")) < (4, 2)
        return "longtake" if old else "bl_ext.user_default.longtake"


def find_blender() -> BlenderProgram | None:
    """The installed Blender, where there is also a display to be had for its window."""
    path = shutil.which("blender")
    if path is None or shutil.which("Xvfb") is None:
        return None
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"Blender (\d+\.\d+)", said)
    return BlenderProgram(Path(path), found[1], True) if found else None


def find_modules(environment: str) -> tuple[BlenderProgram, ...]:
    """The Pythons with a `bpy` whose paths a variable of the environment lists."""
    found: list[BlenderProgram] = []
    for text in filter(None, environment.split(os.pathsep)):
        python = Path(text)
        root = python.parent.parent
        notes = [*root.glob("lib/python*/site-packages/bpy-*.dist-info")]
        if python.is_file() and notes:
            version = re.match(r"bpy-(\d+\.\d+)", notes[0].name)
            assert version is not None, notes
            found.append(BlenderProgram(python, version[1], False))
    return tuple(found)


class BlenderEditor:
    """A `HostEditor`; `folder` is the home of the user whom this Blender believes to serve."""

    can_trim = True

    def __init__(self, program: BlenderProgram, command: Sequence[str], folder: Path) -> None:
        self.program = program
        self._command, self._folder = list(command), folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self._files: list[Any] = []
        try:
            self._start()
        except BaseException:
            for process in self._processes:
                process.kill()
            self.quit()
            raise

    def open(self, project: Path, rate: int, clips: Sequence[Laid]) -> None:
        """As `HostEditor` says."""
        told = [{**asdict(one), "media": str(one.media)} for one in clips]
        self.ask("open", project=str(project), rate=rate, clips=told)

    def press(self, task: str, clip: str, **settings: Any) -> None:
        """As `HostEditor` says."""
        self.ask("press", task=task, clip=clip, settings=settings)

    def wait_for(self, state: Literal["working", "idle"]) -> None:
        """As `HostEditor` says."""
        deadline_s, now = time.monotonic() + _PATIENCE_S, {}
        while time.monotonic() < deadline_s:
            now = self.ask("state")
            if (state == "idle" and not now["busy"]) or (state == "working" and now["share"] > 0):
                return
            time.sleep(_TICK_S)
        raise AssertionError(f"not {state} within {_PATIENCE_S:g} s; {now}")

    def cancel(self) -> None:
        """As `HostEditor` says."""
        self.ask("cancel")

    def sentence(self) -> str:
        """As `HostEditor` says."""
        now = self.ask("state")
        return now["said"] if now["failed"] else ""

    def laid(self) -> tuple[Laid, ...]:
        """As `HostEditor` says."""
        found = [Laid(**{**one, "media": Path(one["media"])}) for one in self.ask("laid")]
        return tuple(sorted(found, key=lambda one: (one.kind, one.track, one.start)))

    def undo(self) -> None:
        """As `HostEditor` says."""
        self.ask("undo")

    def switch_take(self, clip: str, number: int) -> None:
        """As `HostEditor` says."""
        self.ask("switch_take", clip=clip, number=number)

    def ticks(self) -> int:
        """As `HostEditor` says."""
        return self.ask("state")["ticks"]

    def quit(self) -> None:
        """As `HostEditor` says: the window is closed, or the process ends."""
        if not self._processes:
            return
        with suppress(OSError, IndexError):  # the latter where it has not even started
            self._files[0].shutdown(socket.SHUT_RDWR)
        for one in self._files:
            with suppress(OSError):
                one.close()
        for process in self._processes:
            if process is not self._processes[0]:
                process.terminate()  # the display
                continue
            try:
                process.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
        for process in self._processes:
            process.wait(_PATIENCE_S)
        self._processes, self._files = [], []

    def ask(self, do: str, **fields: Any) -> Any:
        """What the script inside says to a request.

        Raises:
            AssertionError: It failed, or Blender has ended.
        """
        self._files[1].write(json.dumps({"do": do, **fields}).encode() + b"\n")
        self._files[1].flush()
        line = self._files[1].readline()
        assert line, f"Blender has ended:\n{self.log()}"
        answer = json.loads(line)
        assert "error" not in answer, f"{do}: {answer['error']}\n{self.log()}"
        return answer["value"]

    def log(self) -> str:
        """The last that Blender has said."""
        return (self._folder / "blender.log").read_text("utf-8", "replace")[-2000:]

    def _start(self) -> None:
        config = self._folder / "config"
        (config / "blender" / self.program.version).mkdir(parents=True)
        environment = {"XDG_CONFIG_HOME": str(config), "HOME": str(self._folder)}
        machine = Machine("linux", self._folder, environment)
        install(find_kind("blender"), machine, Home(self._folder / "longtake"))
        environment = {**os.environ, **environment, "LONGTAKE_COMMAND": json.dumps(self._command)}
        display = None
        if self.program.has_window:
            display, environment["DISPLAY"] = _start_display()
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = str(server.getsockname()[1])
            with (self._folder / "blender.log").open("wb") as log:
                self._processes.append(
                    subprocess.Popen(
                        [*self._words(), port],
                        env=environment,
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=log,
                    )
                )
            if display is not None:
                self._processes.append(display)
            connection = self._accept(server)
        connection.settimeout(_PATIENCE_S)
        self._files = [connection, connection.makefile("rwb")]
        self.ask("enable", module=self.program.module)

    def _accept(self, server: socket.socket) -> socket.socket:
        server.settimeout(1.0)
        deadline_s = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline_s and self._processes[0].poll() is None:
            with suppress(TimeoutError):
                return server.accept()[0]
        raise AssertionError(f"Blender has not started:\n{self.log()}")

    def _words(self) -> list[str]:
        if not self.program.has_window:
            return [str(self.program.path), str(_SCRIPT)]
        quiet = ["--factory-startup", "--no-window-focus", "-noaudio"]
        return [str(self.program.path), *quiet, "--python", str(_SCRIPT), "--"]


def _start_display() -> tuple[subprocess.Popen[bytes], str]:
    """A display of its own, and its name."""
    ours, theirs = os.pipe()
    size = ["-screen", "0", "640x400x24", "-nolisten", "tcp"]
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", str(theirs), *size],
        pass_fds=[theirs],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        return process, ":" + pipe.readline().decode().strip()
