"""Resolve's plugin, installed and chosen from the menu, in a stand-in for Resolve."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from longtake.v1 import job_pb2
from longtake_bridge.testing import Script

WITHOUT = "Without window/"
TAIL, HEAD = WITHOUT + "Extend tail by 1 second", WITHOUT + "Extend head by 1 second"
GAP, CUT, SLOW = WITHOUT + "Fill gap", WITHOUT + "Smooth jump cut", WITHOUT + "Slow motion 2x"


def test_the_clip_at_the_playhead_goes_on(stage: Any, resolve: Any, menu: Any, capsys: Any) -> None:
    clip = resolve.select(resolve.lay(stage.clips["a"], 0, 30, 10))
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
    resolve.select(resolve.lay(stage.clips["a"], 40, 30, 0))
    menu(HEAD, resolve=resolve)
    assert resolve.laid("video") == resolve.laid("audio") == [(15, 25, 0), (40, 30, 0)]


def test_the_timeline_is_kept_as_it_was_and_ours_is_open(
    stage: Any, resolve: Any, menu: Any
) -> None:
    resolve.select(resolve.lay(stage.clips["a"], 0, 50))
    project, timeline, bin_ = resolve.project, resolve.project.current, resolve.project.pool.current
    menu(TAIL, resolve=resolve)
    assert [one.name for one in project.timelines] == ["Cut", "Cut (before Longtake)"]
    assert project.current is timeline
    assert project.pool.current is bin_
    (own,) = project.pool.root.folders
    assert (own.name, len(own.clips)) == ("Longtake", 1)
    resolve.select(timeline.GetItemListInTrack("video", 1)[1])
    menu(WITHOUT + "Smooth jump cut", resolve=resolve)
    assert len(project.timelines) == 2  # once is enough


def test_no_room_is_said_and_nothing_touched(
    stage: Any, resolve: Any, menu: Any, capsys: Any
) -> None:
    resolve.select(resolve.lay(stage.clips["a"], 0, 50))
    resolve.lay(stage.clips["b"], 53, 20)
    menu(TAIL, resolve=resolve)
    assert "Only 3 frames are free" in capsys.readouterr().out
    assert resolve.laid("video") == [(0, 50, 0), (53, 20, 0)]
    assert len(resolve.project.timelines) == 1


def test_a_gap_is_filled(stage: Any, resolve: Any, menu: Any) -> None:
    resolve.select(resolve.lay(stage.clips["a"], 0, 40))
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
    resolve.select(resolve.lay(stage.clips["a"], 0, 20))
    resolve.lay(stage.clips["a"], 20, 20, 30)
    menu(CUT, resolve=resolve)
    assert resolve.laid("video") == [(0, 20, 0), (20, 20, 30)]
    assert resolve.laid("video", 2) == [(16, 8, 0)]
    assert resolve.laid("audio") == [(0, 20, 0), (20, 20, 30)]


def test_slow_motion_lies_above_what_it_replaces(stage: Any, resolve: Any, menu: Any) -> None:
    clip = resolve.select(resolve.lay(stage.clips["a"], 0, 20, 10))
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
    resolve.select(resolve.lay(stage.clips["a"], 0, 36, 10))
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
    clip = resolve.select(resolve.lay(stage.clips["a"], 0, 20))
    clip.speed = 2.0
    menu(TAIL, resolve=resolve)
    assert "speed effect" in capsys.readouterr().out
    assert resolve.laid("video") == [(0, 20, 0)]


def test_a_title_takes_up_room(stage: Any, resolve: Any, menu: Any, capsys: Any) -> None:
    resolve.select(resolve.lay(stage.clips["a"], 0, 50))
    resolve.lay(stage.clips["b"], 55, 20, sound=False).pool_item = None
    menu(TAIL, resolve=resolve)
    assert "Only 5 frames are free" in capsys.readouterr().out


def test_a_locked_track_is_noticed_and_all_is_taken_back(
    stage: Any, resolve: Any, menu: Any, capsys: Any
) -> None:
    resolve.select(resolve.lay(stage.clips["a"], 0, 30, 10))
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
    resolve.select(resolve.lay(stage.clips["a"], 0, 50))
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
    resolve.select(resolve.lay(stage.folder / "gone.mov", 0, 50))
    menu(TAIL, resolve=resolve)
    assert "gone.mov" in capsys.readouterr().out


def test_longtake_is_gone(stage: Any, resolve: Any, menu: Any, plugin: Any, capsys: Any) -> None:
    note = plugin.folder / "longtake.json"
    note.write_text('{"command": ["/gone/longtake"]}')
    resolve.select(resolve.lay(stage.clips["a"], 0, 50))
    menu(TAIL, resolve=resolve)
    assert "run `longtake plugins install resolve`" in capsys.readouterr().out
    assert resolve.laid("video") == [(0, 50, 0)]


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
