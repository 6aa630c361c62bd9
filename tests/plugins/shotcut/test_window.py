"""The window beside an editor: what its buttons ask for, on a screen of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from longtake_bridge.plugin.testing.desk_window import Trial, try_window
from longtake_bridge.plugin.testing.desktop import Desktop, are_there

pytest.importorskip("tkinter")
pytestmark = [
    pytest.mark.host,
    pytest.mark.skipif(not are_there(()), reason="Xvfb or D-Bus is not installed"),
]

PROJECT = Path(__file__).parents[2] / "bridge/timeline/mlt/projects/three.mlt"


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    with Desktop(tmp_path / "desktop") as desktop:
        yield desktop


def test_every_button_asks_for_what_the_fields_say(plugin: Path, desktop: Desktop) -> None:
    wanted = {
        "Remove object": ["remove", {"defects": ["logo"], "boxes": ["40,20,36,30"]}],
        "Out-paint": ["outpaint", {"size": "90x160", "follow_subject": True}],
        "Generate B-roll": ["generate", {"stills": ["/stills/a map.png"], "duration": "2s"}],
        "Extend head": ["extend", {"head": "2s", "follow": "gap"}],
    }
    typed = {
        "Project": str(PROJECT),
        "Clip": "0",  # the first of the list
        "What goes": "logo; 40,20,36,30",
        "B-roll of": "/stills/a map.png",
        "New shape": "90x160",
        "Playhead at": "00:00:00:05",
    }
    ticked = ("Go with the subject",)
    trial = Trial("longtake_shotcut.Shotcut", typed, ticked, tuple(wanted))
    seen = try_window(plugin, trial, desktop)
    where = [str(PROJECT), "V1@0f", "00:00:00:05"]
    assert seen.started == [[*one, *where] for one in wanted.values()]


def test_only_what_can_be_done_here_can_be_pressed(plugin: Path, desktop: Desktop) -> None:
    able = {"extend": "Extend", "remove": "Remove object"}
    trial = Trial("longtake_shotcut.Shotcut", tasks=able, problem="Longtake is not there.")
    seen = try_window(plugin, trial, desktop)
    assert seen.able == ["…", "…", "Extend tail", "Extend head", "Remove object"]
    assert "Longtake is not there." in seen.texts
    width, height = seen.size
    assert width < 700 and height < 450  # it is to stand beside an editor
