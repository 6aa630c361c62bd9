"""Resolve's plugin, installed and chosen from the menu, in a stand-in for Resolve."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from longtake.v1 import job_pb2
from longtake_bridge.testing import Script

WITHOUT = "Without window/"
TAIL, HEAD = WITHOUT + "Extend tail by 1 second", WITHOUT + "Extend head by 1 second"
GAP, CUT, SLOW = WITHOUT + "Fill gap", WITHOUT + "Smooth jump cut", WITHOUT + "Slow motion 2x"
PROGRESS = (job_pb2.Progress(phase="making", done_frames=1, total_frames=9, remaining_s=4.0),)


def select(resolve: Any, item: Any) -> Any:
    resolve.project.current.current = item
    return item


def test_the_clip_at_the_playhead_goes_on(stage: Any, resolve: Any, menu: Any, capsys: Any) -> None:
    clip = select(resolve, resolve.lay(stage.clips["a"], 0, 30, 10))
    clip.grade = "warm"
    menu(TAIL, resolve=resolve)
    # Ten real frames as a piece of its own, then made ones; the clip itself is as it was.
    assert resolve.laid("video") == [(0, 30, 10), (30, 10, 40), (40, 15, 0)]
    assert resolve.laid("audio") == [(0, 30, 10), (30, 10, 40), (40, 15, 0)]
    items = resolve.project.current.GetItemListInTrack("video", 1)
    assert [item.grade for item in items] == ["warm"] * 3
    assert items[2].markers[0][-1] == "longtake"
    assert "Done." in capsys.readouterr().out


def test_before_the_head(stage: Any, resolve: Any, menu: Any) -> None:
    select(resolve, resolve.lay(stage.clips["a"], 40, 30, 0))
    menu(HEAD, resolve=resolve)
    assert resolve.laid("video") == resolve.laid("audio") == [(15, 25, 0), (40, 30, 0)]


def test_the_timeline_is_kept_as_it_was_and_ours_is_open(
    stage: Any, resolve: Any, menu: Any
) -> None:
    select(resolve, resolve.lay(stage.clips["a"], 0, 50))
    project, timeline, bin_ = resolve.project, resolve.project.current, resolve.project.pool.current
    menu(TAIL, resolve=resolve)
    assert [one.name for one in project.timelines] == ["Cut", "Cut (before Longtake)"]
    assert project.current is timeline
    assert project.pool.current is bin_
    (own,) = project.pool.root.folders
    assert (own.name, len(own.clips)) == ("Longtake", 1)
    select(resolve, timeline.GetItemListInTrack("video", 1)[1])
    menu(WITHOUT + "Smooth jump cut", resolve=resolve)
    assert len(project.timelines) == 2  # once is enough


def test_no_room_is_said_and_nothing_touched(
    stage: Any, resolve: Any, menu: Any, capsys: Any
) -> None:
    select(resolve, resolve.lay(stage.clips["a"], 0, 50))
    resolve.lay(stage.clips["b"], 53, 20)
    menu(TAIL, resolve=resolve)
    assert "Only 3 frames are free" in capsys.readouterr().out
    assert resolve.laid("video") == [(0, 50, 0), (53, 20, 0)]
    assert len(resolve.project.timelines) == 1


def test_a_gap_is_filled(stage: Any, resolve: Any, menu: Any) -> None:
    select(resolve, resolve.lay(stage.clips["a"], 0, 40))
    resolve.lay(stage.clips["b"], 70, 30, 8)
    menu(GAP, resolve=resolve)
    wanted = [(0, 40, 0), (40, 10, 40), (50, 12, 0), (62, 8, 0), (70, 30, 8)]
    assert resolve.laid("video") == resolve.laid("audio") == wanted


def test_the_gap_at_the_playhead_is_filled(stage: Any, resolve: Any, menu: Any) -> None:
    timeline = resolve.project.current
    timeline.start_frame, timeline.timecode = 90000, "01:00:02:05"  # 55 frames at 25
    resolve.lay(stage.clips["a"], 0, 50)
    resolve.lay(stage.clips["b"], 58, 50)
    menu(GAP, resolve=resolve)
    assert resolve.laid("video") == [(0, 50, 0), (50, 8, 0), (58, 50, 0)]


def test_a_jump_cut_is_covered_from_above(stage: Any, resolve: Any, menu: Any) -> None:
    select(resolve, resolve.lay(stage.clips["a"], 0, 20))
    resolve.lay(stage.clips["a"], 20, 20, 30)
    menu(CUT, resolve=resolve)
    assert resolve.laid("video") == [(0, 20, 0), (20, 20, 30)]
    assert resolve.laid("video", 2) == [(16, 8, 0)]
    assert resolve.laid("audio") == [(0, 20, 0), (20, 20, 30)]


def test_slow_motion_lies_above_what_it_replaces(stage: Any, resolve: Any, menu: Any) -> None:
    clip = select(resolve, resolve.lay(stage.clips["a"], 0, 20, 10))
    resolve.project.current.AddTrack("video")
    menu(SLOW, resolve=resolve)
    assert resolve.laid("video", 2) == [(0, 40, 16)]  # the track that was free
    assert resolve.laid("audio", 2) == [(0, 40, 16)]
    assert resolve.project.current.GetTrackCount("video") == 2
    assert not clip.enabled
    assert not resolve.project.current.GetItemListInTrack("audio", 1)[0].enabled


def test_media_of_another_rate_and_a_timeline_of_29_97(
    stage: Any, new_resolve: Any, menu: Any
) -> None:
    resolve = new_resolve(30000 / 1001, lambda path: 25.0)
    # 12 of the timeline's frames are 10 of the media's; 36 frames from there are 30.
    select(resolve, resolve.lay(stage.clips["a"], 0, 36, 10))
    menu(TAIL, resolve=resolve)
    (start, frames, first), real, made = resolve.laid("video")
    assert (start, frames, first) == (0, 36, 10)
    assert real[0] == 36
    assert real[2] == 40
    assert made[0] == real[0] + real[1]
    assert abs(made[0] + made[1] - 66) <= 1  # a second at 29.97 is 30 frames
    (work,) = stage.engine.specs
    assert work.extend.tail.frames == 16  # of 25 a second for the 18 or 19 that are left


def test_a_retimed_clip_is_refused_with_a_sentence(
    stage: Any, resolve: Any, menu: Any, capsys: Any
) -> None:
    clip = select(resolve, resolve.lay(stage.clips["a"], 0, 20))
    clip.speed = 2.0
    menu(TAIL, resolve=resolve)
    assert "speed effect" in capsys.readouterr().out
    assert resolve.laid("video") == [(0, 20, 0)]


def test_a_title_takes_up_room(stage: Any, resolve: Any, menu: Any, capsys: Any) -> None:
    select(resolve, resolve.lay(stage.clips["a"], 0, 50))
    resolve.lay(stage.clips["b"], 55, 20, sound=False).pool_item = None
    menu(TAIL, resolve=resolve)
    assert "Only 5 frames are free" in capsys.readouterr().out


def test_a_locked_track_is_noticed_and_all_is_taken_back(
    stage: Any, resolve: Any, menu: Any, capsys: Any
) -> None:
    select(resolve, resolve.lay(stage.clips["a"], 0, 30, 10))
    resolve.project.current.locked.add(("audio", 1))
    menu(TAIL, resolve=resolve)
    out = capsys.readouterr().out
    assert "is the track locked" in out
    assert "The new frames are in" in out
    assert resolve.laid("video") == [(0, 30, 10)]
    assert resolve.laid("audio") == [(0, 30, 10)]


def test_what_was_put_in_the_way_meanwhile_is_noticed(
    stage: Any, resolve: Any, menu: Any, capsys: Any
) -> None:
    select(resolve, resolve.lay(stage.clips["a"], 0, 50))
    make = stage.engine.script.make
    assert make is not None

    def meanwhile(spec: job_pb2.JobSpec) -> Any:
        resolve.lay(stage.clips["b"], 60, 5)
        return make(spec)

    stage.engine.script = Script(make=meanwhile)
    menu(TAIL, resolve=resolve)
    assert "changed in the meantime" in capsys.readouterr().out
    assert resolve.laid("video") == [(0, 50, 0), (60, 5, 0)]


def test_without_a_project_or_a_timeline(resolve: Any, menu: Any, capsys: Any, stage: Any) -> None:
    resolve.project.current = None
    menu(TAIL, resolve=resolve)
    assert "No timeline is open" in capsys.readouterr().out
    resolve.project = None
    menu(TAIL, resolve=resolve)
    assert "No project is open" in capsys.readouterr().out


def test_missing_media_is_a_sentence(stage: Any, resolve: Any, menu: Any, capsys: Any) -> None:
    select(resolve, resolve.lay(stage.folder / "gone.mov", 0, 50))
    menu(TAIL, resolve=resolve)
    assert "gone.mov" in capsys.readouterr().out


def test_longtake_is_gone(stage: Any, resolve: Any, menu: Any, plugin: Any, capsys: Any) -> None:
    note = plugin.folder / "longtake.json"
    note.write_text('{"command": ["/gone/longtake"]}')
    select(resolve, resolve.lay(stage.clips["a"], 0, 50))
    menu(TAIL, resolve=resolve)
    assert "run `longtake plugins install resolve`" in capsys.readouterr().out
    assert resolve.laid("video") == [(0, 50, 0)]


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
        import time

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
    from types import SimpleNamespace

    window = Window(user)
    fusion, bmd = SimpleNamespace(UIManager=window), SimpleNamespace(UIDispatcher=lambda ui: window)
    menu("Longtake", resolve=resolve, fusion=fusion, bmd=bmd)
    assert not window.shown
    assert not window.ticking
    return window


def test_the_window_shows_what_can_be_done_and_does_it(stage: Any, resolve: Any, menu: Any) -> None:
    select(resolve, resolve.lay(stage.clips["a"], 0, 50))
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
    select(resolve, resolve.lay(stage.clips["a"], 0, 50))
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
    select(resolve, resolve.lay(stage.clips["a"], 0, 50))
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
    select(resolve, resolve.lay(stage.clips["a"], 0, 50))

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


def test_every_call_is_one_that_resolve_declares(tmp_path: Path, plugin: Any) -> None:
    """Checked against fusionscript-stubs, which follow Blackmagic's README."""
    pytest.importorskip("pyright")
    stubs = [path for path in map(Path, sys.path) if (path / "fusionscript-stubs").is_dir()]
    if not stubs:
        pytest.skip("fusionscript-stubs is not installed")
    for path in plugin.folder.glob("*.py"):
        shutil.copy(path, tmp_path / path.name)
    (tmp_path / "DaVinciResolveScript.pyi").write_text("def scriptapp(name: str): ...\n")
    (tmp_path / "pyrightconfig.json").write_text(
        f'{{"extraPaths": ["{stubs[0].as_posix()}"], "pythonVersion": "3.11",'
        ' "reportMissingModuleSource": false}'
    )
    names = ("longtake_timeline", "longtake_resolve", "longtake_window")
    answer = subprocess.run(
        [sys.executable, "-m", "pyright", "-p", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    own = [
        line
        for line in answer.stdout.splitlines()
        if any(f"{name}.py:" in line for name in names) and " error:" in line
    ]
    assert " errors," in answer.stdout, answer.stderr
    assert own == []
