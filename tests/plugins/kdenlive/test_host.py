"""The plugin beside a running Kdenlive: its project extended, filled, loaded again, rendered."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from longtake_bridge import daemon
from longtake_bridge.home import Home
from longtake_bridge.plugin.testing.kdenlive import RunningKdenlive, is_there
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.testing.barcode import read_number
from longtake_engine.testing.media import Sound, make_clip
from lxml import etree

pytestmark = [
    pytest.mark.host,
    pytest.mark.skipif(
        not is_there() or shutil.which("melt") is None, reason="Kdenlive or melt is not installed"
    ),
]

PROJECT = Path(__file__).parents[2] / "bridge/timeline/mlt/projects/interview.kdenlive"
OF_FILES = ("kdenlive:file_hash", "kdenlive:file_size")  # another encoder, another file
MADE, BLACK = "made", "black"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    home = Home(tmp_path / "home")
    monkeypatch.setenv("LONGTAKE_HOME", str(home.folder))
    monkeypatch.setenv("LONGTAKE_IDLE_S", "60")
    monkeypatch.delenv("LONGTAKE_COMMAND", raising=False)
    yield home
    daemon.stop(home)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An interview with effects, a transition, subtitles and a proxy."""
    folder = tmp_path / "film"
    (folder / "proxy").mkdir(parents=True)
    for stem, frames in (("A", 100), ("B", 100), ("C", 80), ("P", 50), ("T", 100)):
        make_clip(folder / f"{stem}.mkv", frames=frames, size=(160, 90), audio=(Sound(),))
    make_clip(folder / "proxy/P.mkv", frames=50, size=(80, 46), audio=(Sound(),))
    root: Any = etree.fromstring(PROJECT.read_bytes())
    root.set("root", str(folder))
    for one in root.xpath("//property"):
        if one.get("name") in OF_FILES:
            one.getparent().remove(one)
    path = folder / "interview.kdenlive"
    etree.ElementTree(root).write(path, encoding="utf-8")
    return path


def press(kdenlive: RunningKdenlive, plugin: Path, *words: str) -> str:
    """What the plugin says, started as the desktop's menu starts it but for its window."""
    python = next(path for path in ("/usr/bin/python3", sys.executable) if Path(path).exists())
    done = subprocess.run(
        [python, str(plugin), *words],
        env=kdenlive.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def rendered(path: Path, frames: int) -> list[int | str]:
    """What melt shows of a project: the number that each picture carries, or what else it is."""
    video = path.with_name(f"{path.stem}.rendered.mkv")
    coded = ("vcodec=ffv1", "pix_fmt=yuv420p", "an=1", "real_time=-1")
    subprocess.run(
        ["melt", path, f"out={frames - 1}", "-consumer", f"avformat:{video}", *coded, "-silent"],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        check=True,
        capture_output=True,
        timeout=120,
    )
    return [number(picture) for picture in VideoReader(probe(video)).frames()]


def number(picture: Any) -> int | str:
    if picture.luma.max() <= 20:
        return BLACK
    try:
        return read_number(picture)
    except ValueError:
        return MADE


def dressing(path: Path) -> Counter[tuple[str, str]]:
    """Effects, mixes, compositions, subtitles and proxies of a project."""
    root: Any = etree.parse(path).getroot()
    found: Counter[tuple[str, str]] = Counter()
    for one in root.xpath("//filter|//transition"):
        ids = one.xpath("property[@name='kdenlive_id' or @name='mlt_service']/text()")
        if not one.xpath("property[@name='internal_added']"):
            found[one.tag, " ".join(ids)] += 1
    for name in ("kdenlive:proxy", "kdenlive:originalurl"):
        found.update((name, one.text or "") for one in root.xpath(f"//property[@name='{name}']"))
    return found


def guides(path: Path) -> dict[str, int]:
    """The frames that a project's guides mark."""
    root: Any = etree.parse(path).getroot()
    (text,) = root.xpath("//property[@name='kdenlive:docproperties.guides']/text()")
    return {one["comment"]: one["pos"] for one in json.loads(text)}


def test_a_running_kdenlive_is_extended_and_filled(
    home: Home, project: Path, plugin: Path, tmp_path: Path
) -> None:
    before = rendered(project, 285)
    with RunningKdenlive(project, tmp_path / "desktop") as kdenlive:
        for action in ("seek_start", "activate_video_1", "select_timeline_clip"):
            kdenlive.act(action)
        words = ("--tail", "50f", "--follow", "ripple")
        said = press(kdenlive, plugin, "extend", *words)
        assert '40 of 50 frames come from what "Interview" still holds' in said
        first = project.with_name("interview (before Longtake).kdenlive")
        assert not dressing(first) - dressing(project)
        pushed = {name: at + 50 if at >= 50 else at for name, at in guides(first).items()}
        assert guides(project) == pushed
        press(kdenlive, plugin, "fill_gap")  # saved by Kdenlive, which has loaded it again
        second = project.with_name("interview (before Longtake 2).kdenlive")
        assert not dressing(first) - dressing(second)
        assert kdenlive.title().startswith("interview [*]")
        if "LONGTAKE_SCREENSHOTS" in os.environ:
            kdenlive.screenshot(Path(os.environ["LONGTAKE_SCREENSHOTS"]) / "kdenlive.png")
    after = rendered(project, 335)
    assert after[:50] == before[:50]
    assert after[250:300] == before[200:250] == list(range(50))
    assert BLACK not in after[1:300]  # it fades in from its first frame
    assert before[50:75] == [BLACK] * 25


def test_no_clip_is_selected(home: Home, project: Path, plugin: Path, tmp_path: Path) -> None:
    with RunningKdenlive(project, tmp_path / "desktop") as kdenlive:
        with pytest.raises(AssertionError, match="Select one clip on Kdenlive's timeline"):
            press(kdenlive, plugin, "extend", "--tail", "5f")
        left = [path.name for path in project.parent.glob("interview*")]
        assert [name for name in left if "Longtake" in name] == []


def test_kdenlive_does_not_run(home: Home, project: Path, plugin: Path) -> None:
    environment = os.environ | {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={project.parent}/none"}
    done = subprocess.run(
        [sys.executable, str(plugin), "fill_gap"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "Kdenlive cannot be asked" in done.stdout
