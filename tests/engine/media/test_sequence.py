"""Pictures in files of their own."""

from fractions import Fraction
from pathlib import Path

import pytest
from longtake_engine.errors import BadInput, MissingInput
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.testing.media import make_images


def test_a_folder_of_images_is_a_clip(tmp_path: Path, numbers) -> None:
    folder = make_images(tmp_path / "shot", frames=7, first=1001)
    (folder / "notes.txt").write_text("not a picture")
    info = probe(folder)
    video = info.video
    assert (info.container, video.frame_count, video.rate) == ("image2", 7, 24)
    assert info.size_bytes == sum(p.stat().st_size for p in folder.glob("*.png"))
    assert numbers(info) == list(range(7))
    assert numbers(info, 3, 5) == [3, 4]


def test_a_pattern_names_one_sequence_of_several(tmp_path: Path, numbers) -> None:
    folder = make_images(tmp_path / "shots", frames=4, name="a.%04d.png")
    make_images(folder, frames=3, name="b_%d.png", first=9)
    rate = Fraction(30000, 1001)
    for pattern, count in (("a.%04d.png", 4), ("b_%d.png", 3)):
        info = probe(folder / pattern, rate)
        assert (info.video.frame_count, info.video.rate) == (count, rate)
        assert numbers(info) == list(range(count))
    with pytest.raises(BadInput, match="several sequences"):
        probe(folder)


@pytest.mark.parametrize(
    "case",
    [
        ("png", "rgb24", "x.%03d.png", "gbrp"),
        ("png", "rgba", "x.%03d.png", "gbrap"),
        ("png", "rgb48be", "x.%03d.png", "gbrp16le"),
        ("png", "gray16be", "x.%03d.png", "gray16le"),
        ("tiff", "rgb48le", "x.%03d.tif", "gbrp16le"),
        ("tiff", "rgba", "x.%03d.tiff", "gbrap"),
        ("mjpeg", "yuvj444p", "x.%03d.jpg", "yuv444p"),
        ("dpx", "gbrp10be", "x.%03d.dpx", "gbrp10le"),
        ("bmp", "bgr24", "x.%03d.bmp", "gbrp"),
    ],
    ids=lambda case: f"{case[0]}_{case[1]}",
)
def test_images_of_every_depth(case, tmp_path: Path, numbers) -> None:
    codec, pixel_format, name, planar = case
    folder = make_images(
        tmp_path / "x", codec=codec, pixel_format=pixel_format, name=name, size=(61, 35)
    )
    info = probe(folder)
    assert VideoReader(info).format.pixel_format == planar
    assert numbers(info) == list(range(5))


def test_a_still_is_a_clip_of_one_frame(tmp_path: Path, numbers) -> None:
    folder = make_images(tmp_path, frames=1, name="still%d.png")
    info = probe(folder / "still1.png", Fraction(25))
    assert (info.video.frame_count, info.video.rate) == (1, 25)
    assert numbers(info) == [0]


def test_images_grow_like_a_clip(tmp_path: Path, copy_clip, numbers) -> None:
    source = probe(make_images(tmp_path / "in", frames=4))
    copy = copy_clip(source, tmp_path / "out.mov", head=2, tail=1)
    assert numbers(copy) == [0, 0, 0, 1, 2, 3, 3]
    assert (copy.video.profile, copy.video.rate) == ("4444", 24)


def test_a_missing_number_is_named(tmp_path: Path) -> None:
    folder = make_images(tmp_path / "gap", frames=6)
    (folder / "shot.0004.png").unlink()
    with pytest.raises(BadInput, match="lacks number 4"):
        probe(folder)


def test_an_image_of_another_size_is_found_out(tmp_path: Path) -> None:
    folder = make_images(tmp_path / "mixed", frames=3)
    make_images(folder, frames=1, size=(64, 36), first=4)
    reader = VideoReader(probe(folder))
    with pytest.raises(BadInput, match="changes the size"):
        list(reader.frames())


def test_a_broken_image_is_named(tmp_path: Path) -> None:
    folder = make_images(tmp_path / "broken", frames=3)
    (folder / "shot.0002.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing more")
    reader = VideoReader(probe(folder))
    with pytest.raises(BadInput, match=r"shot\.0002\.png"):
        list(reader.frames())


def test_folders_and_patterns_without_images(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match="no images"):
        probe(tmp_path / "empty")
    with pytest.raises(MissingInput, match="No image matches"):
        probe(tmp_path / "shot.%04d.png")
    with pytest.raises(MissingInput, match="does not exist"):
        probe(tmp_path / "nowhere" / "shot.%04d.png")
