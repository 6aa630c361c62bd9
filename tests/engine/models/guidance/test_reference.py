import cv2
import numpy as np
import pytest
from longtake_engine.errors import BadInput, MissingInput
from longtake_engine.models.guidance.reference import LARGEST, read_references


def written(path, picture):
    assert cv2.imwrite(str(path), picture)
    return path


def read(path):
    (picture,) = read_references([path])
    assert picture.dtype == np.float32
    assert picture.ndim == 3
    return picture


def test_colours_are_as_a_screen_shows_them(tmp_path):
    picture = np.zeros((4, 6, 3), np.uint8)
    picture[..., 2] = 255  # OpenCV's red
    assert read(written(tmp_path / "red.png", picture))[0, 0].tolist() == [1, 0, 0]


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_grey_and_deep_pictures_are_taken(tmp_path, depth):
    picture = np.full((5, 7), np.iinfo(depth).max // 5, depth)
    shown = read(written(tmp_path / "grey.png", picture))
    assert shown.shape == (5, 7, 3)
    assert np.allclose(shown, 0.2, atol=0.001)


def test_what_is_transparent_lies_on_white(tmp_path):
    picture = np.zeros((4, 4, 4), np.uint8)
    picture[:, :2, 3] = 255
    shown = read(written(tmp_path / "cut.png", picture))
    assert shown[0, 0].tolist() == [0, 0, 0]
    assert shown[0, 3].tolist() == [1, 1, 1]


def test_large_pictures_are_brought_down(tmp_path):
    picture = np.zeros((100, 4000, 3), np.uint8)
    assert read(written(tmp_path / "wide.png", picture)).shape == (32, LARGEST, 3)


def test_what_cannot_be_read_is_told_of(tmp_path):
    with pytest.raises(MissingInput, match=r"gone\.png"):
        read(tmp_path / "gone.png")
    for content in (b"", b"no picture"):
        (tmp_path / "bad.png").write_bytes(content)
        with pytest.raises(BadInput, match="no picture"):
            read(tmp_path / "bad.png")
