"""The real Pitivi with Longtake's plugin in it, on a screen of its own, driven through a socket."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import unittest
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from longtake_bridge.host.testing import Laid
from longtake_bridge.plugin.source import plugins_folder, read_shared

PROGRAMS = ("pitivi", "xvfb-run", "dbus-run-session")  # without which it cannot be started
_PATIENCE_S = 180.0  # on a machine that does much else
_TICK_S = 0.05
# Machines for tests have no sound, and Pitivi may wait for it for ever.
_NO_SOUND = (
    "alsasink:NONE,openalsink:NONE,pulsesink:NONE,osssink:NONE,oss4sink:NONE,jackaudiosink:NONE"
)
_SETTINGS = "[plugins]\nactive-plugins = longtake_pitivi\n\tlongtake_driver\n"


class PitiviEditor:
    """A `HostEditor`; `folder` is a home of its own for it."""

    can_trim = True

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._folder = folder
        _lay_out_home(folder)
        # Paths of sockets may have about a hundred letters, those of tests have more.
        self._socket = Path("/tmp") / f"longtake-pitivi-{os.getpid()}-{time.monotonic_ns()}"
        self._log = (folder / "log.txt").open("wb")
        self._process = subprocess.Popen(
            ["xvfb-run", "-a", "-s", "-screen 0 1280x800x24", "dbus-run-session", "--", "pitivi"],
            env=_environment(folder, command) | {"LONGTAKE_DRIVER": str(self._socket)},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        self._link = self._connect()
        self._steps = 0

    def open(self, project: Path, rate: int, clips: Sequence[Laid]) -> None:
        """As `HostEditor` says; Pitivi asks for files that are gone, or hangs."""
        if not all(one.media.is_file() for one in clips):
            raise unittest.SkipTest("Pitivi does not open projects whose media is missing")
        told = [asdict(one) | {"media": str(one.media)} for one in clips]
        self.ask("open", project=str(project), rate=rate, clips=told)

    def move_playhead(self, frame: int) -> None:
        """The playhead stands on a frame: Pitivi moves it when it gets round to it."""
        self.ask("seek", frame=frame)
        deadline_s = time.monotonic() + _PATIENCE_S
        while self.ask("playhead") != frame:
            assert time.monotonic() < deadline_s, f"it stands on {self.ask('playhead')}"
            time.sleep(_TICK_S)

    def press(self, task: str, clip: str, **settings: Any) -> None:
        """As `HostEditor` says."""
        self._steps = self._state()["steps"]
        self.ask("press", task=task, clip=clip, settings=settings)

    def wait_for(self, state: Literal["working", "idle"]) -> None:
        """As `HostEditor` says."""
        deadline_s = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline_s:
            told = self._state()
            if (not told["busy"]) if state == "idle" else (told["busy"] and told["share"] > 0):
                return
            time.sleep(_TICK_S)
        raise AssertionError(f"not {state} within {_PATIENCE_S:g} s; {self._state()}")

    def cancel(self) -> None:
        """As `HostEditor` says."""
        self.ask("cancel")

    def sentence(self) -> str:
        """As `HostEditor` says."""
        told = self._state()
        return told["said"] if told["failed"] else ""

    def laid(self) -> tuple[Laid, ...]:
        """As `HostEditor` says."""
        found = [Laid(**(one | {"media": Path(one["media"])})) for one in self.ask("laid")]
        return tuple(sorted(found, key=lambda one: (one.kind, one.track, one.start)))

    def undo(self) -> None:
        """As `HostEditor` says: by Pitivi's own undo, of which the edit has to be one step."""
        assert self._state()["steps"] == self._steps + 1
        self.ask("undo")

    def switch_take(self, clip: str, number: int) -> None:
        """As `HostEditor` says."""
        self.ask("take", clip=clip, number=number)

    def ticks(self) -> int:
        """As `HostEditor` says."""
        return self._state()["ticks"]

    def quit(self) -> None:
        """As `HostEditor` says."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self._process.poll() is None:
                os.killpg(self._process.pid, number)
                try:
                    self._process.wait(10)
                except subprocess.TimeoutExpired:
                    continue
        self._link.close()
        self._log.close()
        self._socket.unlink(missing_ok=True)

    def ask(self, do: str, **words: Any) -> Any:
        """What the driver inside answers."""
        self._link.write(json.dumps(dict(words, do=do)) + "\n")
        self._link.flush()
        line = self._link.readline()
        answer = json.loads(line) if line else {"error": f"it is gone: {self._last_words()}"}
        if "error" in answer:
            raise AssertionError(f"{answer['error']}; {self._last_words()}")
        return answer["is"]

    def _state(self) -> dict[str, Any]:
        return self.ask("state")

    def _connect(self) -> Any:
        deadline_s = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline_s and self._process.poll() is None:
            link = socket.socket(socket.AF_UNIX)
            try:
                link.connect(str(self._socket))
            except OSError:
                link.close()
                time.sleep(_TICK_S)
                continue
            link.settimeout(_PATIENCE_S)
            return link.makefile("rw")
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        raise AssertionError(f"Pitivi did not come up: {self._last_words()}")

    def _last_words(self) -> str:
        return (self._folder / "log.txt").read_text("utf-8", "replace")[-1500:]


def is_there() -> bool:
    """Whether Pitivi, and what it takes to start it without a screen, is installed."""
    return all(shutil.which(name) is not None for name in PROGRAMS)


def _lay_out_home(folder: Path) -> None:
    plugin = folder / ".local/share/pitivi/plugins/longtake"
    plugin.mkdir(parents=True)
    for source in (plugins_folder() / "pitivi", plugins_folder() / "pitivi" / "tests"):
        for path in source.glob("longtake*"):
            (plugin / path.name).write_bytes(path.read_bytes())
    for name, content in read_shared():
        (plugin / name).write_bytes(content)
    (folder / ".config/pitivi").mkdir(parents=True)
    (folder / ".config/pitivi/pitivi.conf").write_text(_SETTINGS)
    (folder / "run").mkdir(mode=0o700)


def _environment(folder: Path, command: Sequence[str]) -> dict[str, str]:
    given = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    return given | {
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder / "run"),
        "LANG": "C.UTF-8",
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "GST_PLUGIN_FEATURE_RANK": _NO_SOUND,
        "LONGTAKE_COMMAND": json.dumps(list(command)),
    }
