import cv2
import numpy as np
import pytest
from longtake_engine.errors import BadInput
from longtake_engine.media.sheet import GAP, TEXT_HEIGHT, TILE_HEIGHT, draw_sheet
from longtake_engine.testing.media import make_clip
from longtake_engine.work import SheetRow


def decoded(png):
    image = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    return image


def test_a_sheet_has_a_row_a_file_with_its_frames_from_left_to_right(tmp_path):
    wide = make_clip(tmp_path / "wide.mkv", frames=9, size=(128, 72))
    tall = make_clip(tmp_path / "tall.mkv", frames=9, size=(72, 128))
    sheet = decoded(
        draw_sheet([SheetRow(wide, "1 loop", (0, 8, 8)), SheetRow(tall, "2 glide", (3,))])
    )
    row = TILE_HEIGHT + 2 * TEXT_HEIGHT + 2 * GAP
    assert sheet.shape[0] == 2 * (row + GAP)
    step = 2 * TILE_HEIGHT * 128 // 144 + GAP
    pictures = sheet[GAP + TEXT_HEIGHT : GAP + TEXT_HEIGHT + TILE_HEIGHT, GAP:]
    first, second, third = (pictures[:, at : at + step - GAP] for at in (0, step, 2 * step))
    assert np.array_equal(second, third)
    assert not np.array_equal(first, second)  # another number
    assert not sheet[row + GAP :, step + GAP :].any()  # the second row is shorter


def test_the_active_row_has_an_edge_of_light(tmp_path):
    clip = make_clip(tmp_path / "clip.mkv", frames=3)
    plain, marked = (
        decoded(draw_sheet([SheetRow(clip, "x", (0,), marked)])) for marked in (False, True)
    )
    assert not plain[0].any()
    assert marked[0].any()


def test_a_frame_that_is_not_there_is_said(tmp_path):
    clip = make_clip(tmp_path / "clip.mkv", frames=3)
    with pytest.raises(BadInput, match=r"clip\.mkv has 3 frames and none of number 3"):
        draw_sheet([SheetRow(clip, "", (3,))])
