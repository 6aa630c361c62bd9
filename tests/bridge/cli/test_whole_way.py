"""The command line, the daemon, a worker and real media, on clips of a moment."""

import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest
from longtake_bridge import daemon
from longtake_bridge.home import Home
from longtake_engine.testing.media import Sound, make_clip
from opentimelineio.opentime import RationalTime, TimeRange


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20 numbered frames at 25 fps, with sound."""
    path = tmp_path_factory.mktemp("clips") / "clip.mkv"
    make_clip(path, frames=20, rate=Fraction(25), audio=(Sound(),))
    return path


Ask = Callable[..., tuple[int, dict]]

SIDES = {  # what is asked for, where the file then starts, and what of it is made
    "tail": (("--tail", "10f"), 0, [[20, 10]]),
    "head": (("--head", "0.2s"), -5, [[0, 5]]),
    "both": (("--head", "00:00:00:05", "--tail", "10f"), -5, [[0, 5], [25, 10]]),
}


@pytest.mark.parametrize("name", SIDES)
def test_the_whole_clip_with_its_new_frames(
    name: str, clip: Path, ask: Ask, tmp_path: Path
) -> None:
    sides, start, made = SIDES[name]
    out = tmp_path / "out.mov"
    code, value = ask("extend", clip, *sides, "-o", out)
    assert code == 0, value
    (take,) = value["takes"]
    assert take["media"] == str(out)
    assert take["start_frame"] == start
    assert take["made"] == made
    assert take["rate"] == "25/1"
    assert set(take["seam"]) == {side.removeprefix("--") for side in sides[::2]}
    code, media = ask("probe", out)
    assert code == 0
    (video,) = media["video_streams"]
    assert video["frame_count"] == 20 + sum(duration for _, duration in made)
    assert video["codec"] == "prores"
    assert len(media["audio_streams"]) == 1


def test_the_new_frames_alone_and_two_takes(clip: Path, ask: Ask, tmp_path: Path) -> None:
    out = tmp_path / "new.mov"
    code, value = ask(
        *("extend", clip, "--tail", "6f", "--only-new", "--takes", "2", "-o", out),
    )
    assert code == 0, value
    assert [take["media"] for take in value["takes"]] == [str(out), str(tmp_path / "new-2.mov")]
    assert all(sum(length for _, length in take["made"]) >= 6 for take in value["takes"])
    assert len({take["model"] for take in value["takes"]}) == 2


def test_a_clip_on_a_timeline(clip: Path, ask: Ask, tmp_path: Path) -> None:
    reference = otio.schema.ExternalReference(clip.as_uri())
    shown = TimeRange(RationalTime(0, 25), RationalTime(15, 25))
    track = otio.schema.Track("V1", [otio.schema.Clip("shot", reference, shown)])
    timeline = otio.schema.Timeline("edit")
    timeline.tracks.append(track)
    otio.adapters.write_to_file(timeline, str(tmp_path / "edit.otio"))
    out = tmp_path / "out.otio"
    code, value = ask(
        *("extend", tmp_path / "edit.otio", "--clip", "shot", "--tail", "11f", "-o", out),
    )
    assert code == 0, value
    assert value["placement"]["handle_frames"] == 5  # real frames come first
    (take,) = value["takes"]
    assert Path(take["media"]).parent == tmp_path / "out Media"
    assert sum(length for _, length in take["made"]) >= 6
    written = otio.adapters.read_from_file(str(out))
    assert written.duration() == RationalTime(26, 25)


def test_an_estimate_writes_nothing(clip: Path, ask: Ask, tmp_path: Path) -> None:
    code, value = ask("estimate", clip, "--tail", "10f", "-o", tmp_path / "out.mov")
    assert code == 0, value
    (estimate,) = value["estimates"]
    assert estimate["new_frames"] == 10
    assert estimate["total_frames"] == 30
    assert estimate["seconds"] > 0
    assert estimate["memory_bytes"] > 0
    assert list(tmp_path.iterdir()) == []


def _text(folder: Path) -> Path:
    path = folder / "text.mov"
    path.write_text("this is no film")
    return path


BAD_FILES: dict[str, Callable[[Path], Path]] = {
    "text": _text,
    "missing": lambda folder: folder / "none.mov",
    "folder without images": lambda folder: folder,
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_a_sentence_and_3(name: str, ask: Ask, tmp_path: Path) -> None:
    path = BAD_FILES[name](tmp_path)
    before = set(tmp_path.iterdir())
    code, value = ask("extend", path, "--tail", "1s", "-o", tmp_path / "out.mov")
    assert code == 3, value
    assert value["error"]["message"].endswith(".")
    assert set(tmp_path.iterdir()) == before


def test_a_model_that_is_not_there_is_a_wrong_call(clip: Path, ask: Ask, tmp_path: Path) -> None:
    code, value = ask("extend", clip, "--tail", "1s", "--model", "sora", "-o", tmp_path / "a.mov")
    assert code == 2
    assert "sora" in value["error"]["message"]


def test_nothing_replaces_the_clip_or_what_is_not_ours(
    clip: Path, ask: Ask, tmp_path: Path
) -> None:
    code, value = ask("extend", clip, "--tail", "5f", "-o", clip)
    assert (code, value["error"]["reason"]) == (2, "WRONG_CALL")
    theirs = tmp_path / "theirs.mov"
    theirs.write_bytes(b"precious")
    code, value = ask("extend", clip, "--tail", "5f", "-o", theirs)
    assert code == 2, value
    assert theirs.read_bytes() == b"precious"
    code, value = ask("extend", clip, "--tail", "5f", "-o", theirs, "--force")
    assert code == 0, value
    assert theirs.stat().st_size > 1000


def test_the_doctor_finds_a_healthy_engine(ask: Ask) -> None:
    code, value = ask("doctor")
    assert code == 0, value
    assert value["healthy"] is True
    found = {check["name"]: check["found"] for check in value["checks"]}
    assert "motion" in found["Models"]
    assert "ProRes" in found["Codecs"]


def test_the_doctor_says_what_to_install(
    home: Home, longtake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon, "ENGINE_MODULES", ("no_such_module",))
    answer = longtake("doctor")
    assert answer.code == 4
    assert '✖ Engine: not installed (no_such_module missing) → pip install "longtake[engine]"' in (
        answer.out
    )
    assert not home.folder.exists()


def test_the_demo_twice(ask: Ask, clip: Path, tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    shutil.copy(clip, tmp_path / "demo" / "scene.mov")  # its own is larger: the README's first run
    for _ in range(2):
        code, value = ask("demo", tmp_path / "demo")
        assert code == 0, value
        (take,) = value["takes"]
        assert set(take["seam"]) == {"head", "tail"}
        assert Path(value["sheet"]).stat().st_size > 10_000
        assert Path(take["media"]).exists()
    names = {path.name for path in (tmp_path / "demo").iterdir()}
    assert names == {"scene.mov", "extended.mov", "joins.png"}
