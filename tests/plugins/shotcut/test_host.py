"""What Longtake makes of a Shotcut project, opened in the real Shotcut and saved by it."""

import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from longtake_bridge.home import Home
from longtake_bridge.plugin.testing.shotcut import RunningShotcut, is_there
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.screen import shown_on
from longtake_engine.testing import melt
from longtake_engine.testing.media import Sound, make_clip
from lxml import etree

pytestmark = [
    pytest.mark.host,
    pytest.mark.skipif(
        not is_there() or not melt.is_there(), reason="Shotcut, xdotool or melt is not installed"
    ),
]

PROJECT = Path(__file__).parents[2] / "bridge/timeline/mlt/projects/three.mlt"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Three clips with an effect, a transition, a gap and a marker."""
    folder = tmp_path / "film"
    folder.mkdir()
    for stem, frames in (("A", 100), ("B", 100), ("C", 80)):
        make_clip(folder / f"{stem}.mkv", frames=frames, size=(160, 90), audio=(Sound(),))
    path = folder / "three.mlt"
    path.write_bytes(PROJECT.read_bytes())
    return path


def press(plugin: Path, project: Path, *words: str) -> Path:
    """What the plugin makes, started as the desktop's menu starts it but for its window."""
    python = next(path for path in ("/usr/bin/python3", sys.executable) if Path(path).exists())
    done = subprocess.run(
        [python, str(plugin), *words, "--project", str(project)],
        env=os.environ | {"PATH": ""},  # no Shotcut is found: the test opens the project itself
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (said,) = [line for line in done.stdout.splitlines() if line.startswith("Done. Open ")]
    return Path(said.removeprefix("Done. Open ").partition(" in Shotcut.")[0])


def lying(path: Path) -> list[Any]:
    """What an editor sees on the timeline of a project."""
    timeline = TimelineDocument.open(path).timeline
    clips = [(one.name, [each.name for each in one.effects]) for one in timeline.find_clips()]
    marks = [(one.name, one.marked_range) for one in timeline.tracks.markers]
    shown = [list(shown_on(track, Fraction(25))) for track in timeline.tracks]
    return [clips, marks, shown]


def kept(path: Path) -> list[str]:
    """What Longtake keeps on the clips that it made."""
    root: Any = etree.parse(path).getroot()
    return sorted(root.xpath("//property[@name='shotcut:longtake']/text()"))


def test_what_was_made_is_opened_and_saved_by_shotcut(
    engine_home: Home, project: Path, plugin: Path, tmp_path: Path
) -> None:
    rippled = ("--follow", "ripple")
    extended = press(plugin, project, "extend", "--clip", "V1@50f", "--tail", "35f", *rippled)
    filled = press(plugin, extended, "fill_gap")
    made = press(plugin, filled, "slow_motion", "--clip", "V1@155f", "--factor", "2", *rippled)
    before, kept_before = lying(made), kept(made)
    pictures = melt.render(made, 275)
    (tmp_path / "as made.mlt").write_bytes(made.read_bytes())
    with RunningShotcut(made, tmp_path / "desktop") as shotcut:
        shotcut.save()
        assert shotcut.titles() == [f"{made.name} - Shotcut"]  # it asks nothing
        if "LONGTAKE_SCREENSHOTS" in os.environ:
            shotcut.screenshot(Path(os.environ["LONGTAKE_SCREENSHOTS"]) / "shotcut.png")
    assert len(kept_before) >= 3
    assert lying(made) == before
    assert kept(made) == kept_before
    again = melt.render(made, 275)
    assert melt.numbers(again) == melt.numbers(pictures)
    numbers = melt.numbers(again)
    assert melt.BLACK not in numbers
    assert numbers[155:275:2] == list(range(60))  # and one made between each two of them
    assert all((one.luma == other.luma).all() for one, other in zip(again, pictures, strict=True))
