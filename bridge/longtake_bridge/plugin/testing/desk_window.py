"""The window beside an editor in a process of its own: Tk ends its process with the screen.

`python -m longtake_bridge.plugin.testing.desk_window PLUGIN`, with a Trial as JSON on standard
input, prints a Seen as JSON. `try_window` runs that on a screen that is there for it alone.
"""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from longtake_bridge.plugin.testing.desktop import Desktop

_PATIENCE_S = 60


class Trial(msgspec.Struct, frozen=True):
    """What is typed, pressed and heard."""

    editor: str  # module and class of it, "longtake_shotcut.Shotcut"
    fields: dict[str, str] = {}  # what is typed, by the labels
    ticked: tuple[str, ...] = ()  # boxes, by their labels
    presses: tuple[str, ...] = ()  # buttons, by what stands on them
    tasks: dict[str, str] | None = None  # what can be done here
    problem: str = ""


class Seen(msgspec.Struct, frozen=True):
    """What came of it."""

    started: list[list[Any]]  # what `Edits.start` was called with, press by press
    able: list[str]  # buttons that can be pressed
    texts: list[str]  # all labels
    size: tuple[int, int]  # width and height of the window, pixels


def try_window(plugin: Path, trial: Trial, desktop: Desktop) -> Seen:
    """What the window of an installed plugin does."""
    done = subprocess.run(
        [sys.executable, "-m", __name__, str(plugin)],
        input=msgspec.json.encode(trial),
        env=desktop.environment,
        capture_output=True,
        check=False,
        timeout=_PATIENCE_S,
    )
    assert done.returncode == 0, done.stderr.decode()
    return msgspec.json.decode(done.stdout, type=Seen)


class _Asked:
    """`Edits` that only writes down what it is asked for."""

    def __init__(self, trial: Trial) -> None:
        self.tasks: dict[str, str] | None = None
        self.busy, self.share = False, 0.0
        self.failed, self.said = bool(trial.problem), trial.problem
        self.started: list[list[Any]] = []
        self._told = trial.tasks

    def open(self) -> None:
        self.tasks = self._told

    def start(self, *words: Any) -> None:
        self.started.append(list(words))

    def tick(self) -> None:
        """Nothing has come in."""

    def cancel(self) -> None:
        """Nothing runs."""


def _run(trial: Trial) -> Seen:
    import tkinter  # noqa: PLC0415 - not every Python has it

    module, _, name = trial.editor.partition(".")
    editor = getattr(importlib.import_module(module), name)()
    asked, root = _Asked(trial), tkinter.Tk()
    importlib.import_module("longtake_desk_window").Window(root, editor, asked)
    root.update()
    widgets = list(_inside(root))
    for label, text in trial.fields.items():
        field = widgets[[_text(one) for one in widgets].index(label) + 1]
        if str(field.cget("state")) == "readonly":
            root.tk.call(*str(field.cget("postcommand")).split())
            field.current(int(text))
        else:
            field.delete(0, "end")
            field.insert(0, text)
    for text in (*trial.ticked, *trial.presses):
        (one,) = [one for one in widgets if _text(one) == text]
        one.invoke()
    root.update()
    buttons = [one for one in widgets if one.winfo_class() == "TButton"]
    return Seen(
        asked.started,
        [_text(one) for one in buttons if str(one.cget("state")) == "normal"],
        [_text(one) for one in widgets if one.winfo_class() == "TLabel"],
        (root.winfo_width(), root.winfo_height()),
    )


def _inside(widget: Any) -> Iterator[Any]:
    for one in widget.winfo_children():
        yield one
        yield from _inside(one)


def _text(widget: Any) -> str:
    return str(widget.cget("text")) if "text" in widget.keys() else ""  # noqa: SIM118 - Tk's


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    _seen = _run(msgspec.json.decode(sys.stdin.buffer.read(), type=Trial))
    sys.stdout.buffer.write(msgspec.json.encode(_seen))
