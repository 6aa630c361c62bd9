"""The window of Resolve's plugin, in a stand-in for Resolve's own, with a script as its user."""

import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from longtake.v1 import job_pb2
from longtake_bridge.testing import Script

PROGRESS = (job_pb2.Progress(phase="making", done_frames=1, total_frames=9, remaining_s=4.0),)


class Window:
    """The UI manager, the dispatcher and the window in one; a script is the user."""

    def __init__(self, user: Callable[["Window"], bool]) -> None:
        self.user = user  # called at every tick; False closes the window
        self.items: dict[str, Any] = {}
        self.handlers: dict[tuple[str, str], Any] = {}
        self.On = _On(self.handlers)
        self.shown = False
        self.ticking = False

    def __getattr__(self, kind: str) -> Any:
        if kind.startswith("_"):
            raise AttributeError(kind)

        def make(*parts: Any) -> Any:
            said = next((part for part in parts if isinstance(part, dict)), {})
            item = _Item(said)
            if "ID" in said:
                self.items[said["ID"]] = item
            return item

        return make

    def __getitem__(self, name: str) -> Any:
        assert name == "On"
        return _Handlers(self.handlers, "")

    def Timer(self, said: dict[str, Any]) -> Any:
        return self

    def Start(self) -> None:
        self.ticking = True

    def Stop(self) -> None:
        self.ticking = False

    def AddWindow(self, said: dict[str, Any], layout: Any) -> "Window":
        return self

    def GetItems(self) -> dict[str, Any]:
        return self.items

    def Show(self) -> None:
        self.shown = True

    def Hide(self) -> None:
        self.shown = False

    def RunLoop(self) -> None:
        deadline_s = time.monotonic() + 20
        self.open = True
        while self.open:
            assert time.monotonic() < deadline_s, "the window is still open"
            self.handlers["", "Timeout"](None)
            if not self.user(self):
                self.handlers["LongtakeWindow", "Close"](None)
            time.sleep(0.02)

    def ExitLoop(self) -> None:
        self.open = False

    def click(self, name: str) -> None:
        assert self.items[name].Enabled
        self.handlers[name, "Clicked"](None)


class _Item:
    def __init__(self, said: dict[str, Any]) -> None:
        self.Text, self.Enabled, self.Checked = "", True, False
        self.Value, self.CurrentIndex, self.entries = 0, 0, []
        for name, value in said.items():
            setattr(self, name, value)

    def AddItems(self, entries: list[str]) -> None:
        self.entries += entries


class _Handlers:
    _handlers: dict[tuple[str, str], Any]
    _name: str

    def __init__(self, handlers: dict[tuple[str, str], Any], name: str) -> None:
        self.__dict__.update(_handlers=handlers, _name=name)

    def __setattr__(self, event: str, handler: Any) -> None:
        self._handlers[self._name, event] = handler


class _On:
    def __init__(self, handlers: dict[tuple[str, str], Any]) -> None:
        self._handlers = handlers

    def __getitem__(self, name: str) -> _Handlers:
        return _Handlers(self._handlers, name)


def open_window(menu: Any, resolve: Any, user: Callable[[Window], bool]) -> Window:
    window = Window(user)
    fusion, bmd = SimpleNamespace(UIManager=window), SimpleNamespace(UIDispatcher=lambda ui: window)
    menu("Longtake", resolve=resolve, fusion=fusion, bmd=bmd)
    assert not window.shown
    assert not window.ticking
    return window


def test_the_window_shows_what_can_be_done_and_does_it(stage: Any, resolve: Any, menu: Any) -> None:
    resolve.select(resolve.lay(stage.clips["a"], 0, 50))
    said: list[str] = []

    def user(window: Window) -> bool:
        items = window.items
        said.append(items["Said"].Text)
        if items["Start"].Enabled and not any("Done." in text for text in said):
            assert items["Task"].entries == [
                *("Extend", "Fill gap", "Smooth jump cut", "Slow motion", "Remove object"),
                *("Out-paint", "Generate B-roll"),
            ]
            items["Amount"].Text, items["Takes"].Value = "8f", 2
            window.click("Start")
        return not any("Done." in text for text in said)

    open_window(menu, resolve, user)
    assert resolve.laid("video") == [(0, 50, 0), (50, 8, 0)]
    made = resolve.project.current.GetItemListInTrack("video", 1)[1]
    assert len(made.takes) == 2
    assert made.pool_item is made.takes[0][0]  # the best one is shown


def test_a_shot_from_a_still_lies_above_on_a_new_track(
    stage: Any, resolve: Any, menu: Any, tmp_path: Path
) -> None:
    timeline = resolve.project.current
    timeline.start_frame, timeline.timecode = 90000, "01:00:00:10"  # ten frames at 25
    resolve.select(resolve.lay(stage.clips["a"], 0, 50))
    still = tmp_path / "still.png"
    still.touch()
    said: list[str] = []

    def user(window: Window) -> bool:
        items = window.items
        said.append(items["Said"].Text)
        if items["Start"].Enabled and not stage.engine.specs:
            items["Task"].CurrentIndex = items["Task"].entries.index("Generate B-roll")
            items["Amount"].Text, items["Prompt"].Text = "8f", str(still)
            window.click("Start")
        return not any("Done." in text for text in said)

    open_window(menu, resolve, user)
    (spec,) = stage.engine.specs
    assert list(spec.generate.still_paths) == [str(still)]
    assert resolve.laid("video") == [(0, 50, 0)]
    assert resolve.laid("video", 2) == [(10, 8, 0)]  # at the playhead


def test_the_window_cancels(stage: Any, resolve: Any, menu: Any) -> None:
    stage.engine.script = Script(holds=True, progress=PROGRESS)
    resolve.select(resolve.lay(stage.clips["a"], 0, 50))
    seen: list[str] = []

    def user(window: Window) -> bool:
        text = window.items["Said"].Text
        if window.items["Start"].Enabled and not seen:
            seen.append("started")
            window.items["Amount"].Text = "8f"
            window.click("Start")
        elif "1 of 9 frames, 4 s left" in text and "cancelled" not in seen:
            assert text.startswith("11% ")
            seen.append("cancelled")
            window.click("Cancel")
        return not ("cancelled" in seen and window.items["Start"].Enabled)

    open_window(menu, resolve, user)
    assert stage.engine.states() == [job_pb2.JOB_STATE_CANCELLED]
    assert resolve.laid("video") == [(0, 50, 0)]


def test_closing_the_window_in_mid_job_cancels_it(stage: Any, resolve: Any, menu: Any) -> None:
    stage.engine.script = Script(holds=True, progress=PROGRESS)
    resolve.select(resolve.lay(stage.clips["a"], 0, 50))

    def user(window: Window) -> bool:
        if window.items["Start"].Enabled and not stage.engine.states():
            window.items["Amount"].Text = "8f"
            window.click("Start")
        return "1 of 9" not in window.items["Said"].Text

    open_window(menu, resolve, user)
    assert stage.engine.states() == [job_pb2.JOB_STATE_CANCELLED]


def test_a_resolve_without_windows_says_where_to_go(
    stage: Any, resolve: Any, menu: Any, capsys: Any
) -> None:
    menu("Longtake", resolve=resolve, fusion=object(), bmd=None)
    assert "Without window" in capsys.readouterr().out
