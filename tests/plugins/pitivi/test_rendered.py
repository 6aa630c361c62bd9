"""A clip extended in the real Pitivi by the real engine, saved, and rendered as Pitivi renders."""

import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from longtake_bridge.home import Home
from longtake_bridge.host.testing import Laid
from longtake_bridge.plugin.source import plugins_folder
from longtake_bridge.plugin.testing.pitivi_editor import PitiviEditor, is_there
from longtake_engine.media.probe import probe
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


def test_the_join_as_it_is_rendered(engine_home: Home, tmp_path: Path) -> None:
    shot, after = tmp_path / "shot.mkv", tmp_path / "after.mkv"
    for path in (shot, after):
        make_clip(path, frames=50, rate=Fraction(25), size=SIZE, audio=(Sound(),))
    editor = PitiviEditor([sys.executable, "-m", "longtake_bridge"], tmp_path / "editor")
    try:
        laid = [("shot", 0, 50, shot), ("after", 50 + MADE, 20, after)]
        clips = [
            Laid(name, kind, 0, start, frames, path)
            for name, start, frames, path in laid
            for kind in ("video", "audio")
        ]
        editor.open(tmp_path / "film.xges", 25, clips)
        editor.ask("click", task="extend", clip="shot", length=f"{MADE}f")
        editor.wait_for("idle")
        assert editor.sentence() == ""
        (made,) = [one for one in editor.laid() if one.start == 50 and one.kind == "video"]
        assert editor.ask("save", path=str(tmp_path / "film.xges"))
    finally:
        editor.quit()
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
