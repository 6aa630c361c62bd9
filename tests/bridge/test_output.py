import os
from pathlib import Path

import pytest
from longtake_bridge.errors import BridgeError
from longtake_bridge.output import output_path


@pytest.mark.parametrize(
    ("given", "codec", "name"),
    [
        ("out.mov", "prores", "out.mov"),
        ("out.mkv", "prores", "out.mkv"),
        ("out", "prores", "out.mov"),
        ("out.v2", "h264", "out.v2.mp4"),
        ("out", "ffv1", "out.mkv"),
        ("out", "dnxhr", "out.mov"),
        ("out", "source", "out.mp4"),
    ],
)
def test_a_missing_extension_comes_from_the_codec(
    tmp_path: Path, given: str, codec: str, name: str
) -> None:
    assert output_path(tmp_path / "clip.mp4", tmp_path / given, codec) == tmp_path / name


def test_without_a_name_it_lies_beside_the_clip_and_replaces_nothing(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    first = output_path(clip, None, "prores")
    assert first == tmp_path / "clip (extended).mov"
    first.touch()
    assert output_path(clip, None, "prores") == tmp_path / "clip (extended 2).mov"


def test_a_folder_holds_the_default_name(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    folder.mkdir()
    assert output_path(tmp_path / "a.mov", folder, "prores") == folder / "a (extended).mov"


def test_a_pattern_of_images_gives_a_plain_name(tmp_path: Path) -> None:
    made = output_path(tmp_path / "shot.%04d.png", None, "source")
    assert made == tmp_path / "shot (extended).mov"


def test_is_relative_to_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert output_path(Path("a.mov"), Path("sub/../b.mov"), "prores") == tmp_path / "b.mov"


def test_a_name_that_the_wire_cannot_carry_is_said(tmp_path: Path) -> None:
    clip = tmp_path / os.fsdecode(b"caf\xe9.mov")
    with pytest.raises(BridgeError, match="is not UTF-8") as caught:
        output_path(clip, None, "prores")
    caught.value.sentence.encode()
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("given", "word"), [("nowhere/out.mov", "There is no folder"), ("out.otio", "is a timeline")]
)
def test_refuses_what_cannot_hold_it(tmp_path: Path, given: str, word: str) -> None:
    with pytest.raises(BridgeError, match=word) as caught:
        output_path(tmp_path / "clip.mp4", tmp_path / given, "prores")
    assert caught.value.exit_code == 2
