"""Shotcut's projects: found, listed, edited beside a Shotcut that is not touched."""

from pathlib import Path
from typing import Any

import pytest
from longtake_bridge.home import Home
from longtake_bridge.timeline.clip_search import find_clip, find_item
from longtake_bridge.timeline.document import TimelineDocument

PROJECT = Path(__file__).parents[2] / "bridge/timeline/mlt/projects/three.mlt"


def test_its_clips_are_those_that_longtake_finds(module: Any) -> None:
    document = TimelineDocument.open(PROJECT)
    listed = module("longtake_shotcut").Shotcut().clips(str(PROJECT))
    assert len(listed) >= 3
    for label, place in listed:
        clip = find_item(document.timeline, find_clip(document.timeline, place, document.rate))
        assert label.endswith(clip.name)


def test_the_projects_it_remembers(
    module: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    for name in ("a.mlt", "b c.mlt", "clip.mov"):
        (tmp_path / name).write_text("")
    names = ", ".join(f"{tmp_path}/{name}" for name in ("b c.mlt", "clip.mov", "gone.mlt", "a.mlt"))
    (tmp_path / "Meltytech").mkdir()
    (tmp_path / "Meltytech/Shotcut.conf").write_text(f"[General]\nrecent={names}\n")
    shotcut = module("longtake_shotcut").Shotcut()
    assert [Path(path).name for path in shotcut.projects()] == ["b c.mlt", "a.mlt"]
    assert shotcut.take()[0] == f"{tmp_path}/b c.mlt"


@pytest.mark.parametrize("text", ["", "<mlt", "<mlt/>", "<mlt><tractor/></mlt>"])
def test_what_is_no_project_has_no_clips(module: Any, tmp_path: Path, text: str) -> None:
    (tmp_path / "x.mlt").write_text(text)
    assert module("longtake_shotcut").Shotcut().clips(str(tmp_path / "x.mlt")) == []


def test_a_project_that_is_not_there(module: Any, tmp_path: Path) -> None:
    shotcut = module("longtake_shotcut")
    with pytest.raises(shotcut.Problem, match="save the project in Shotcut"):
        shotcut.Shotcut().take(str(tmp_path / "gone.mlt"))


def test_the_new_project_is_opened_and_the_old_one_kept(module: Any, tmp_path: Path) -> None:
    opened: list[str] = []

    def open_project(path: str) -> bool:
        opened.append(path)
        return True

    editor = module("longtake_shotcut").Shotcut(open_project)
    made = str(tmp_path / "new.mlt")
    assert "new.mlt is open" in editor.place("old.mlt", made)
    assert opened == [made]


def test_each_new_project_counts_on(module: Any, tmp_path: Path) -> None:
    new_name = module("longtake_desk").new_name
    for number in ("", " 2", " 3"):
        made = tmp_path / f"a film (Longtake{number}).mlt"
        assert new_name(str(tmp_path / "a film.mlt"), "Longtake") == str(made)
        made.write_text("")
        assert new_name(str(made), "Longtake").endswith(").mlt")
    assert new_name(str(tmp_path / "a film (Longtake 2).mlt"), "Longtake").endswith(
        "(Longtake 4).mlt"
    )


def test_longtake_is_not_there(
    module: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LONGTAKE_HOME", str(Home(tmp_path / "home").folder))
    monkeypatch.setenv("LONGTAKE_COMMAND", f'["{tmp_path}/gone"]')
    project = tmp_path / "three.mlt"
    project.write_bytes(PROJECT.read_bytes())
    editor = module("longtake_shotcut").Shotcut()
    edits = module("longtake_desk").Edits(editor)
    edits.start("fill_gap", {}, str(project))
    edits.wait(lambda sentence: None)
    assert edits.failed and "longtake plugins install shotcut" in edits.said
    assert [path.name for path in tmp_path.glob("three*")] == ["three.mlt"]
