"""The plugin beside a running Kdenlive: its project extended, filled, loaded again, rendered."""

import json
import os
import subprocess
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from longtake_bridge.cli.main import run
from longtake_bridge.home import Home
from longtake_bridge.plugin.testing.kdenlive import RunningKdenlive, is_there
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.screen import shown_on
from longtake_engine.media.still import write_png
from longtake_engine.testing import melt
from longtake_engine.testing.media import Sound, make_clip
from lxml import etree

pytestmark = [
    pytest.mark.host,
    pytest.mark.skipif(
        not is_there() or not melt.is_there(), reason="Kdenlive or melt is not installed"
    ),
]

PROJECT = Path(__file__).parents[2] / "bridge/timeline/mlt/projects/interview.kdenlive"
PLAYHEAD = "kdenlive:docproperties.position"
OF_FILES = ("kdenlive:file_hash", "kdenlive:file_size")  # another encoder, another file


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
    return melt.numbers(melt.render(path, frames))


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


def lay_b_roll_at_the_end(kdenlive: RunningKdenlive, plugin: Path, project: Path) -> None:
    """A shot over a still from where the playhead stands, on a track of its own."""
    still = project.with_name("a still.png")
    write_png(still, np.full((54, 96, 3), 90, np.uint8))
    kdenlive.act("seek_end")
    said = press(kdenlive, plugin, "generate", "--show", str(still), "--duration", "8f")
    assert "a camera over a still.png" in said
    where = int(property_of(project.with_name("interview (before Longtake 3).kdenlive"), PLAYHEAD))
    top = TimelineDocument.open(project).timeline.video_tracks()[-1]
    (shot,) = top.find_clips()
    assert top.name == "B-roll"
    assert shot.range_in_parent().start_time.value == where >= 330
    assert shot.duration().value == 8
    assert kdenlive.title().startswith("interview [*]")


def property_of(path: Path, name: str) -> str:
    """The only property of this name."""
    root: Any = etree.parse(path).getroot()
    (text,) = set(root.xpath(f"//property[@name='{name}']/text()"))
    return text


def test_a_running_kdenlive_is_extended_and_filled(
    engine_home: Home, project: Path, plugin: Path, tmp_path: Path
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
        lay_b_roll_at_the_end(kdenlive, plugin, project)
        if "LONGTAKE_SCREENSHOTS" in os.environ:
            kdenlive.screenshot(Path(os.environ["LONGTAKE_SCREENSHOTS"]) / "kdenlive.png")
    after = rendered(project, 335)
    assert after[:50] == before[:50]
    assert after[250:300] == before[200:250] == list(range(50))
    assert melt.BLACK not in after[1:300]  # it fades in from its first frame
    assert before[50:75] == [melt.BLACK] * 25


SUBTITLES = """1
00:00:00,400 --> 00:00:01,600
In the interview

2
00:00:05,000 --> 00:00:06,000
Over the dissolve

"""


def shelved(path: Path) -> dict[str, Any]:
    """What a bin holds: folders, the markers of clips, which clip lies in which folder."""
    root: Any = etree.parse(path).getroot()
    (shelf,) = root.xpath("//playlist[@id='main_bin']")
    folders = {
        one.get("name").rpartition(".")[2]: one.text
        for one in shelf.findall("property")
        if one.get("name").startswith("kdenlive:folder.")
    }
    masters = [
        {each.get("name"): each.text or "" for each in one.findall("property")}
        for entry in shelf.findall("entry")
        for one in root.xpath(f"//*[@id='{entry.get('producer')}']")
    ]
    # Kdenlive gives new numbers to what it has not put into its bin itself.
    clips = {Path(one["resource"]).name: one for one in masters if one.get("kdenlive:id")}
    return {
        "folders": sorted(folders.values()),
        "lies in": {name: folders.get(one["kdenlive:folderid"]) for name, one in clips.items()},
        "markers": {
            name: [(mark["comment"], mark["pos"]) for mark in json.loads(one["kdenlive:markers"])]
            for name, one in clips.items()
            if one.get("kdenlive:markers")
        },
        "made": sorted(filter(None, (one.get("kdenlive:longtake") for one in clips.values()))),
    }


def lying(path: Path) -> list[Any]:
    timeline = TimelineDocument.open(path).timeline
    names = [[one.name for one in track.find_clips()] for track in timeline.tracks]
    return [names, *(list(shown_on(track, Fraction(25))) for track in timeline.tracks)]


def test_what_the_commands_make_is_opened_and_saved_by_kdenlive(
    engine_home: Home, project: Path, tmp_path: Path
) -> None:
    project.with_name(f"{project.name}.srt").write_text(SUBTITLES)
    extended, made = project.with_name("extended.kdenlive"), project.with_name("made.kdenlive")
    words = ("--clip", "Interview", "--tail", "50f", "--ripple")
    assert run(["extend", str(project), *words, "-o", str(extended)]) == 0
    assert run(["fill", str(extended), "-o", str(made)]) == 0
    # What is copied onto new frames is new; nothing that was there is gone or different.
    assert not dressing(project) - dressing(made)
    assert guides(made) == {"Opening": 10, "Turn": 120, "End": 255}
    subtitles = made.with_name("made.kdenlive.srt")
    assert "00:00:00,400 --> 00:00:01,600" in subtitles.read_text()
    assert "00:00:07,000 --> 00:00:08,000" in subtitles.read_text()
    shelf, was = shelved(made), shelved(project)
    assert shelf["folders"] == ["Longtake", "Rushes"]
    assert shelf["markers"] == was["markers"] != {}
    assert was["lies in"].items() <= shelf["lies in"].items()
    assert len(shelf["made"]) >= 2
    pictures, there, dressed = melt.render(made, 335), lying(made), dressing(made)
    first = made.stat().st_mtime_ns
    with RunningKdenlive(made, tmp_path / "desktop") as kdenlive:
        kdenlive.act("file_save")
        kdenlive.wait_until(lambda: made.stat().st_mtime_ns != first, "Kdenlive saves")
        assert kdenlive.title().startswith("made [*]")
    assert not dressed - dressing(made)
    assert lying(made) == there
    assert shelved(made) == shelf
    assert guides(made) == {"Opening": 10, "Turn": 120, "End": 255}
    assert "00:00:07,000 --> 00:00:08,000" in subtitles.read_text()
    numbers = melt.numbers(melt.render(made, 335))
    assert numbers == melt.numbers(pictures)
    assert numbers[:50] == rendered(project, 50)


def test_no_clip_is_selected(
    engine_home: Home, project: Path, plugin: Path, tmp_path: Path
) -> None:
    with RunningKdenlive(project, tmp_path / "desktop") as kdenlive:
        with pytest.raises(AssertionError, match="Select one clip on Kdenlive's timeline"):
            press(kdenlive, plugin, "extend", "--tail", "5f")
        left = [path.name for path in project.parent.glob("interview*")]
        assert [name for name in left if "Longtake" in name] == []


def test_kdenlive_does_not_run(engine_home: Home, project: Path, plugin: Path) -> None:
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
