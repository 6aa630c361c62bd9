import subprocess
import sys
from itertools import islice

import cv2
import numpy as np
import pytest
from longtake_engine.demo.scene import FORMAT, draw_scene
from longtake_engine.demo.sheet import AFTER, BEFORE, TILE_HEIGHT, write_sheet
from longtake_engine.errors import BadInput
from longtake_engine.media.sheet import TEXT_HEIGHT
from longtake_engine.testing.media import make_clip


def test_the_scene_moves_and_is_drawn_alike_every_time():
    first, second = islice(draw_scene(), 2)
    (again,) = islice(draw_scene(), 1)
    assert first.format == FORMAT
    for number, plane in enumerate(first.planes):
        assert plane.shape == FORMAT.plane_size(number)
        assert plane.min() >= 16 and plane.max() <= 240  # limited range
        assert np.array_equal(plane, again.planes[number])
    assert np.abs(first.luma.astype(int) - second.luma).mean() > 2


def test_a_sheet_has_one_row_a_join(tmp_path):
    clip = make_clip(tmp_path / "clip.mkv", frames=24, size=(128, 72))
    png = tmp_path / "sheet.png"
    write_sheet(clip, png, [4, 20])
    sheet = cv2.imread(str(png))
    assert sheet is not None
    assert sheet.shape[0] // 2 in range(TILE_HEIGHT + TEXT_HEIGHT, TILE_HEIGHT + TEXT_HEIGHT + 20)
    tiles = len(BEFORE) + len(AFTER)
    assert sheet.shape[1] // tiles in range(TILE_HEIGHT * 16 // 9, TILE_HEIGHT * 16 // 9 + 10)
    assert sheet[: TILE_HEIGHT // 2].std() > 20  # pictures, not a blank


def test_a_sheet_of_no_video_says_so(tmp_path):
    text = tmp_path / "text.mov"
    text.write_text("Dear Sir or Madam")
    with pytest.raises(BadInput, match=r"text\.mov"):
        write_sheet(text, tmp_path / "sheet.png", [3])
    command = [sys.executable, "-m", "longtake_engine.demo", "sheet", text, tmp_path / "s.png"]
    done = subprocess.run(
        [*command, "--joins", "3"], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 1
    assert "text.mov" in done.stderr and "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["text.mov"]
