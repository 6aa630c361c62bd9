"""What the real engine makes in the real Pitivi, by the buttons of the panel; one editor for all.

Last a clip is extended, saved, and rendered as Pitivi renders.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from longtake_bridge.home import Home
from longtake_bridge.host.testing import Laid
from longtake_bridge.plugin.source import plugins_folder
from longtake_bridge.plugin.testing.pitivi_editor import PitiviEditor, is_there
from longtake_engine.media.probe import probe
from longtake_engine.media.still import write_png
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.picture import Picture
from longtake_engine.testing.barcode import read_number
from longtake_engine.testing.media import Sound, make_clip

pytestmark = [
    pytest.mark.host,
    pytest.mark.skipif(not is_there(), reason="Pitivi or Xvfb is not installed"),
]

MADE = 12
SIZE = (320, 180)


@pytest.fixture(scope="module")
def editor(engine_folder: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PitiviEditor]:
    folder = tmp_path_factory.mktemp("pitivi") / "editor"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LONGTAKE_HOME", str(engine_folder.folder))
        patch.setenv("LONGTAKE_IDLE_S", "60")
        editor = PitiviEditor([sys.executable, "-m", "longtake_bridge"], folder)
    yield editor
    editor.quit()


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("media")
    found = {name: folder / f"{name}.mkv" for name in ("shot", "after")}
    for path in found.values():
        make_clip(path, frames=50, rate=Fraction(25), size=SIZE, audio=(Sound(),))
    return found


def test_a_shot_of_a_still_on_a_layer_above(
    engine_home: Home, editor: PitiviEditor, media: dict[str, Path], tmp_path: Path
) -> None:
    still = tmp_path / "still.png"
    rows, columns = np.mgrid[: SIZE[1], : SIZE[0]]
    write_png(still, np.stack([rows, columns * 3 // 4, 90 + rows // 4], -1).astype(np.uint8))
    editor.open(tmp_path / "film.xges", 25, both("shot", 0, 50, media["shot"]))
    before, layers = editor.laid(), editor.ask("state")["layers"]
    editor.move_playhead(20)
    editor.ask("click", task="generate", length=f"{MADE}f", show=str(still))
    editor.wait_for("idle")
    assert editor.sentence() == ""
    (shot,) = [one for one in editor.laid() if one not in before]
    assert (shot.kind, shot.track, shot.start, shot.frames) == ("video", layers, 20, MADE)
    assert shot.media.parent == tmp_path / "film Media"
    assert set(before) < set(editor.laid())
    made = list(VideoReader(probe(shot.media)).frames())
    assert len(made) == MADE
    assert np.abs(small(made[0]) - small(made[-1])).mean() > 0.1  # the camera moves
    assert editor.ask("state")["steps"] == 1
    editor.ask("undo")
    assert editor.laid() == before
    assert editor.ask("state")["layers"] == layers
    editor.ask("click", task="generate", show=str(tmp_path / "gone.png"))
    editor.wait_for("idle")
    assert "gone.png" in editor.sentence()
    assert editor.laid() == before


def test_the_join_as_it_is_rendered(
    engine_home: Home, editor: PitiviEditor, media: dict[str, Path], tmp_path: Path
) -> None:
    clips = both("shot", 0, 50, media["shot"]) + both("after", 50 + MADE, 20, media["after"])
    editor.open(tmp_path / "film.xges", 25, clips)
    editor.ask("click", task="extend", clip="shot", length=f"{MADE}f")
    editor.wait_for("idle")
    assert editor.sentence() == ""
    (made,) = [one for one in editor.laid() if one.start == 50 and one.kind == "video"]
    assert editor.ask("save", path=str(tmp_path / "film.xges"))
    pictures = rendered(tmp_path / "film.xges")
    assert [read_number(one) for one in pictures[:50]] == list(range(50))
    assert [read_number(one) for one in pictures[50 + MADE :]] == list(range(20))
    takes = list(VideoReader(probe(made.media)).frames())[made.source_start :]
    for place in range(MADE):
        shown = small(pictures[50 + place])
        apart = [np.abs(shown - small(take)).mean() for take in takes[:MADE]]
        # Rendered through another scaler and to 8 bits; but it is this very frame.
        assert apart[place] < 2
        assert apart[place] == min(apart)


def both(name: str, start: int, frames: int, path: Path) -> list[Laid]:
    """A clip with its sound."""
    return [Laid(name, kind, 0, start, frames, path) for kind in ("video", "audio")]


def rendered(project: Path) -> list[Picture]:
    """What Pitivi's own engine makes of a project."""
    video = project.with_suffix(".rendered.mkv")
    script = plugins_folder() / "pitivi/tests/render.py"
    done = subprocess.run(
        ["/usr/bin/python3", str(script), str(project), str(video)],
        env=os.environ | {"GST_PLUGIN_FEATURE_RANK": "vah264dec:NONE"},
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return list(VideoReader(probe(video)).frames())


def small(picture: Picture) -> np.ndarray:
    """The luma in blocks as many as the clip has pixels, in shares of white."""
    luma = picture.luma.astype(np.float32) / (1 << (picture.format.bit_depth - 8))
    rows, columns = luma.shape[0] // SIZE[1], luma.shape[1] // SIZE[0]
    cut = luma[: rows * SIZE[1], : columns * SIZE[0]]
    return cut.reshape(SIZE[1], rows, SIZE[0], columns).mean((1, 3))
