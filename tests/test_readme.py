"""What the README tells people to type is true."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import opentimelineio as otio
import pytest
from longtake_bridge import daemon
from longtake_bridge.cli.main import run
from longtake_bridge.home import Home
from longtake_engine.media.still import write_png
from longtake_engine.models.catalog import list_models
from longtake_engine.testing.media import Sound, make_clip
from opentimelineio.opentime import RationalTime, TimeRange

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```\w*\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with the files that the README speaks of, and an engine of its own."""
    home = Home(tmp_path / "home")
    monkeypatch.setenv("LONGTAKE_HOME", str(home.folder))
    monkeypatch.setenv("LONGTAKE_IDLE_S", "60")
    monkeypatch.chdir(tmp_path)
    make_clip(tmp_path / "shot.mov", frames=30, codec="libx264", audio=(Sound(),))
    write_png(tmp_path / "still.png", np.full((90, 160, 3), 128, np.uint8))
    reference = otio.schema.ExternalReference(
        "shot.mov", TimeRange(RationalTime(0, 25), RationalTime(30, 25))
    )
    track = otio.schema.Track(name="V1", kind=otio.schema.TrackKind.Video)
    shown = reference.available_range
    track.append(otio.schema.Clip("Interview B", reference, shown))
    track.append(otio.schema.Gap(duration=RationalTime(60, 25)))
    track.append(otio.schema.Clip("Interview C", reference, shown))
    timeline = otio.schema.Timeline("edit")
    timeline.tracks.append(track)
    otio.adapters.write_to_file(timeline, str(tmp_path / "edit.otio"))
    yield tmp_path
    daemon.stop(home)


def test_the_examples_run(place: Path):
    (block,) = [b for b in BLOCKS if "longtake extend shot.mov" in b]
    for line in block.splitlines():
        program, *words = shlex.split(line)
        assert program == "longtake"
        assert run(words) == 0, line
        assert (place / words[-1]).is_file(), line


def test_the_commands_exist(capsys: pytest.CaptureFixture[str]):
    (block,) = [b for b in BLOCKS if "status · jobs" in b]
    names = [part.split()[0] for part in block.removeprefix("longtake ").split(" · ")]
    assert len(names) > 6
    for name in names:
        assert run([name, "--help"]) == 0, name
    capsys.readouterr()


def test_every_model_is_named():
    named = set(re.findall(r"^  \| `(\w+)` \|", README, re.MULTILINE))
    assert named == {model.name for model in list_models()}


def test_the_rooms_are_as_told():
    for path in re.findall(r"^- `([\w/]+)`: ", README, re.MULTILINE):
        assert (ROOT / path).is_dir(), path


def test_ci_finds_its_two_commands():
    for mark in ("setup", "test"):
        assert f"<!-- ci: {mark} -->\n```sh\n" in README
    windows = next(b for b in BLOCKS if "Scripts" in b)
    assert "longtake demo" in windows and "-m pytest" in windows
