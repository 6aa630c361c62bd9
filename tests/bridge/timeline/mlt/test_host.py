"""Projects extended by the real engine, rendered by melt frame by frame."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from longtake_bridge import daemon
from longtake_bridge.cli.main import run
from longtake_bridge.home import Home
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.screen import shown_on
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.testing.barcode import read_number
from longtake_engine.testing.media import Sound, make_clip

pytestmark = [
    pytest.mark.host,
    pytest.mark.skipif(shutil.which("melt") is None, reason="melt is not installed"),
]

PROJECTS = Path(__file__).parent / "projects"
MADE, BLACK = "made", "black"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    home = Home(tmp_path / "home")
    monkeypatch.setenv("LONGTAKE_HOME", str(home.folder))
    monkeypatch.setenv("LONGTAKE_IDLE_S", "60")
    yield home
    daemon.stop(home)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Projects and their media, in a folder of its own."""
    folder = tmp_path / "film"
    (folder / "proxy").mkdir(parents=True)
    for stem, frames in (("A", 100), ("B", 100), ("C", 80), ("P", 50), ("T", 100)):
        make_clip(folder / f"{stem}.mkv", frames=frames, size=(160, 90), audio=(Sound(),))
    make_clip(folder / "proxy/P.mkv", frames=50, size=(80, 46), audio=(Sound(),))
    for project in PROJECTS.iterdir():
        text = project.read_text("utf-8").replace('root=""', f'root="{folder}"')
        (folder / project.name).write_text(text, "utf-8")
    return folder


def extend(path: Path, clip: str, out: str, *words: str) -> Path:
    asked = ["extend", str(path), "--clip", clip, "-o", str(path.parent / out), *words]
    assert run(asked) == 0
    return path.parent / out


def rendered(path: Path, frames: int) -> list[int | str]:
    """What melt shows of a project: the number that each picture carries, or what else it is."""
    video = path.with_suffix(".rendered.mkv")
    coded = ("vcodec=ffv1", "pix_fmt=yuv420p", "an=1", "real_time=-1")
    subprocess.run(
        ["melt", path, f"out={frames - 1}", "-consumer", f"avformat:{video}", *coded, "-silent"],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        check=True,
        capture_output=True,
        timeout=240,
    )
    return [_number(picture) for picture in VideoReader(probe(video)).frames()]


def _number(picture: Any) -> int | str:
    if picture.luma.max() <= 20:
        return BLACK
    try:
        return read_number(picture)
    except ValueError:
        return MADE


def test_a_kdenlive_project_is_extended_and_rendered(home: Home, folder: Path) -> None:
    path = folder / "interview.kdenlive"
    before = rendered(path, 285)
    out = extend(path, "P.mkv", "out.kdenlive", "--tail", "12f", "--ripple")
    after = rendered(out, 297)
    assert before[200:250] == list(range(50))  # the proxy carries its numbers too
    remade = _overlap(out)
    assert after[: 250 - remade] == before[: 250 - remade]
    assert after[262:] == before[250:]
    assert BLACK not in after[250 - remade : 262]
    tracks = TimelineDocument.open(out).timeline.tracks
    sound = [one for one in shown_on(tracks[2], Fraction(25)) if "(extended)" in one.name]
    picture = [one for one in shown_on(tracks[0], Fraction(25)) if "(extended)" in one.name]
    assert sound == picture


def _overlap(path: Path) -> int:
    """Frames of the clip that its made piece brings remade."""
    clips = TimelineDocument.open(path).timeline.find_clips()
    return next(one.metadata["longtake"]["overlap_frames"] for one in clips if "(ex" in one.name)


def test_a_shotcut_project_is_extended_and_rendered(home: Home, folder: Path) -> None:
    path = folder / "three.mlt"
    before = rendered(path, 180)
    assert before[95:] == [BLACK] * 25 + list(range(60))
    out = extend(path, "B.mkv", "out.mlt", "--tail", "35f", "--ripple")
    after = rendered(out, 215)
    remade = _overlap(out)
    assert after[:95] == before[:95]
    assert after[95 : 120 - remade] == list(range(75, 100 - remade))  # of B's own handle
    assert BLACK not in after[120 - remade : 130]
    assert after[130:] == before[95:]
