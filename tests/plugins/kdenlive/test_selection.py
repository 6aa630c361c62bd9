"""What is selected and which project is open, as Kdenlive's clipboard and settings tell it."""

import threading
from pathlib import Path
from typing import Any

import pytest

CLIP = '<clip track="{track}" position="{at}" binid="2" in="10" out="59"{more}/>'


def scene(*clips: tuple[int, int, str], document: str = "17") -> str:
    """As Kdenlive 22.12 puts it on the clipboard, less what is not read."""
    inside = "".join(CLIP.format(track=track, at=at, more=more) for track, at, more in clips)
    return (
        f'<kdenlive-scene fps="25" offset="0" videoTracks="2" audioTracks="2" '
        f'documentid="{document}">{inside}<bin/></kdenlive-scene>'
    )


def test_a_clip_with_its_sound(module: Any) -> None:
    found = module("longtake_kdenlive")
    text = scene((2, 125, ""), (1, 125, ' audioTrack="1"'))
    assert found.clip_of_scene(text, "17") == "V1@125f"


def test_a_clip_on_a_higher_track(module: Any) -> None:
    assert module("longtake_kdenlive").clip_of_scene(scene((3, 0, "")), "17") == "V2@0f"


@pytest.mark.parametrize("text", ["", "a sentence", "<kdenlive-scene", scene()])
def test_nothing_is_selected(module: Any, text: str) -> None:
    assert module("longtake_kdenlive").clip_of_scene(text, "17") is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (scene((2, 0, ""), (2, 75, "")), "Several clips are selected"),
        (scene((2, 0, ""), document="18"), "of another project"),
    ],
)
def test_what_is_not_one_clip_of_the_project(module: Any, text: str, sentence: str) -> None:
    found = module("longtake_kdenlive")
    with pytest.raises(found.Problem, match=sentence):
        found.clip_of_scene(text, "17")


def test_the_newest_project_comes_first(
    module: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("old", "new"):
        (tmp_path / f"{name}.kdenlive").write_text("")
    (tmp_path / "kdenliverc").write_text(
        f"[Recent Files]\nFile1[$e]={tmp_path}/old.kdenlive\nFile2[$e]=$FILMS/new.kdenlive\n"
        f"File3[$e]={tmp_path}/gone.kdenlive\nName1[$e]=old.kdenlive\n\n[Other]\nFile9=/x\n"
    )
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("FILMS", str(tmp_path))
    found = module("longtake_kdenlive").recent_projects()
    assert [Path(path).stem for path in found] == ["new", "old"]


@pytest.mark.parametrize(
    ("stem", "title", "meant"),
    [
        ("film", "film [*]/ HD 1080p 25 fps", True),
        ("film", "film", True),
        ("fil", "film [*]/ HD", False),
        ("film", "film two [*]/ HD", False),
        ("film", "", False),
    ],
)
def test_the_project_of_the_window(module: Any, stem: str, title: str, meant: bool) -> None:
    assert module("longtake_kdenlive")._is_called(f"/films/{stem}.kdenlive", title) is meant


def test_whoever_copies_is_answered_while_he_is_waited_for(module: Any) -> None:
    """Kdenlive asks whose the clipboard is, and waits, before it says that it has copied."""
    asked, answered = threading.Event(), threading.Event()

    def press() -> None:
        asked.set()
        assert answered.wait(30)

    def update() -> None:
        if asked.is_set():
            answered.set()

    module("longtake_kdenlive")._do_beside(press, update)
    assert answered.is_set()


def test_a_copy_that_fails_says_so(module: Any) -> None:
    found = module("longtake_kdenlive")

    def press() -> None:
        raise found.Problem("Kdenlive does not answer.")

    with pytest.raises(found.Problem, match="does not answer"):
        found._do_beside(press, int)


def test_a_project_that_kdenlive_does_not_load_is_kept_all_the_same(
    module: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = module("longtake_kdenlive")

    def answer(service: str, path: str, method: str, *words: str, **options: float) -> str:
        if words == ("file_revert",):
            raise found.Problem("It does not answer; does it show a question?")
        return "(<false>,)"

    monkeypatch.setattr(found, "call_bus", answer)
    project, made = tmp_path / "film.kdenlive", tmp_path / "made.kdenlive"
    project.write_text("old")
    made.write_text("new")
    (tmp_path / "film.kdenlive.srt").write_text("old words")
    (tmp_path / "made.kdenlive.srt").write_text("words that come later")
    kdenlive = found.Kdenlive()
    kdenlive._digest = found._digest(str(project))
    said = kdenlive.place(str(project), str(made))
    assert "does it show a question? Load the project again by File > Revert" in said
    assert project.read_text() == "new"
    assert (tmp_path / "film.kdenlive.srt").read_text() == "words that come later"
    assert (tmp_path / "film (before Longtake).kdenlive").read_text() == "old"
    assert (tmp_path / "film (before Longtake).kdenlive.srt").read_text() == "old words"
    assert not (tmp_path / "made.kdenlive.srt").exists()


@pytest.mark.parametrize(
    ("position", "timecode"), [("280", "00:00:11:05"), ("0", "00:00:00:00"), ("", None)]
)
def test_where_the_playhead_stands(
    module: Any, tmp_path: Path, position: str, timecode: str | None
) -> None:
    path = tmp_path / "film.kdenlive"
    name = "kdenlive:docproperties.position"
    path.write_text(
        '<mlt><profile frame_rate_num="25" frame_rate_den="1"/><playlist id="main_bin">'
        f'<property name="{name}">{position}</property></playlist></mlt>'
    )
    assert module("longtake_kdenlive").Kdenlive().playhead(str(path)) == timecode
