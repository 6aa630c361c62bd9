"""Projects extended by the real engine, rendered by melt frame by frame."""

import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from longtake_bridge.cli.main import run
from longtake_bridge.home import Home
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.screen import shown_on
from longtake_engine.testing.media import Sound, make_clip
from longtake_engine.testing.melt import BLACK, is_there, numbers, render
from lxml import etree

pytestmark = [
    pytest.mark.host,
    pytest.mark.skipif(not is_there(), reason="melt is not installed"),
]

PROJECTS = Path(__file__).parent / "projects"


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("footage")
    (folder / "proxy").mkdir()
    for stem, frames in (("A", 100), ("B", 100), ("C", 80), ("P", 50), ("T", 100)):
        make_clip(folder / f"{stem}.mkv", frames=frames, size=(160, 90), audio=(Sound(),))
    make_clip(folder / "proxy/P.mkv", frames=50, size=(80, 46), audio=(Sound(),))
    return folder


@pytest.fixture
def folder(footage: Path, tmp_path: Path) -> Path:
    """Projects and their media, in a folder of its own."""
    folder = Path(shutil.copytree(footage, tmp_path / "film"))
    for project in PROJECTS.iterdir():
        text = project.read_text("utf-8").replace('root=""', f'root="{folder}"')
        (folder / project.name).write_text(text, "utf-8")
    return folder


def extend(path: Path, clip: str, out: str, *words: str) -> Path:
    asked = ["extend", str(path), "--clip", clip, "-o", str(path.parent / out), *words]
    assert run(asked) == 0
    return path.parent / out


def rendered(path: Path, frames: int) -> list[int | str]:
    return numbers(render(path, frames))


def test_a_kdenlive_project_is_extended_and_rendered(engine_home: Home, folder: Path) -> None:
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


def test_a_shotcut_project_is_extended_and_rendered(engine_home: Home, folder: Path) -> None:
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


def test_the_new_frames_have_the_look_of_their_clip(engine_home: Home, folder: Path) -> None:
    """Half as bright, upside down and moved: frames without the effects would stand out."""
    path = folder / "interview.kdenlive"
    root: Any = etree.parse(path).getroot()
    (holder,) = root.xpath("//playlist[@id='playlist4']/entry[@producer='av']")
    for one in holder.findall("filter"):
        holder.remove(one)
    for service, settings in (
        ("brightness", {"level": "00:00:00.400=1;00:00:02.360=0.5"}),
        ("avfilter.vflip", {}),
        ("affine", {"transition.rect": "00:00:00.400=16 9 128 72 1"}),
    ):
        made = etree.SubElement(holder, "filter", {"id": f"look_{service}"})
        for name, text in {"mlt_service": service, "kdenlive_id": service, **settings}.items():
            etree.SubElement(made, "property", {"name": name}).text = text
    etree.ElementTree(root).write(path, encoding="utf-8")
    out = extend(path, "Interview", "out.kdenlive", "--tail", "50f", "--ripple")
    pictures = render(out, 110)
    made_from = 90 - _overlap(out)  # it is shown from its frame 10
    last, first = pictures[made_from - 1], pictures[made_from]
    apart = np.abs(first.luma.astype(float) - last.luma).mean()
    assert pictures[5].luma.mean() > 1.3 * last.luma.mean()
    assert apart < 4
    # A border of black where the picture is moved in, on both sides of the join.
    assert first.luma[:7].max() <= 20 and last.luma[:7].max() <= 20


def test_a_clip_of_a_kdenlive_project_is_slowed_down_and_rendered(
    engine_home: Home, folder: Path
) -> None:
    path, out = folder / "interview.kdenlive", folder / "slow.kdenlive"
    before = rendered(path, 285)
    words = ("--clip", "P.mkv", "--factor", "2", "--ripple", "-o", str(out))
    assert run(["interpolate", str(path), *words]) == 0
    after = rendered(out, 335)
    assert before[200:250] == list(range(50))
    assert after[:200] == before[:200]
    assert after[200:300:2] == list(range(50))  # and one made between each two of them
    assert BLACK not in after[200:300]
    assert after[300:] == before[250:]
