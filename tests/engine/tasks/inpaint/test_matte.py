"""What is hidden of each frame, and the pictures beside it, held in little memory."""

from itertools import pairwise

import numpy as np
import pytest
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.picture import Picture
from longtake_engine.tasks.inpaint import pictures
from longtake_engine.tasks.inpaint.hiding import hide
from longtake_engine.tasks.inpaint.hole import plan_holes
from longtake_engine.tasks.inpaint.matte import HELD, Mattes, Window
from longtake_engine.tasks.inpaint.pictures import Pictures
from longtake_engine.testing.media import make_clip, read_number
from longtake_engine.testing.picture import format_of, textured


def block(top: int, left: int, side: int = 8, level: int = 255) -> np.ndarray:
    matte = np.zeros((48, 64), np.uint8)
    matte[top : top + side, left : left + side] = level
    return matte


def test_mattes_come_back_as_they_were_put_in(tmp_path):
    with Mattes(tmp_path, (48, 64)) as mattes:
        for number in range(40):
            mattes.add((number,), block(number, number))
        for number in (3, 39, 0, 3, 20):
            assert np.array_equal(mattes.matte(number), block(number, number))
        assert mattes.frames == list(range(40))
        assert mattes.window(5) == Window(5, 5, 13, 13)
        assert mattes.share(5) == pytest.approx(64 / (48 * 64))
        assert mattes.window(40) is None
        assert not mattes.matte(40).any()
        assert len(mattes._held) == HELD
        assert list(tmp_path.iterdir()) == []  # the file has no name


def test_what_hides_a_frame_twice_is_united(tmp_path):
    with Mattes(tmp_path, (48, 64)) as mattes:
        mattes.add(range(10), block(2, 2, level=100))
        mattes.add((4,), block(20, 30))
        mattes.add((5,), np.zeros((48, 64), np.uint8))
        assert np.array_equal(mattes.matte(4), block(2, 2, level=100) | block(20, 30))
        assert np.array_equal(mattes.matte(5), block(2, 2, level=100))
        assert mattes.window(4) == Window(2, 2, 28, 38)
        assert mattes.share(3) == pytest.approx(64 * 100 / 255 / (48 * 64))


def test_holes_end_at_cuts_and_where_nothing_is_hidden_for_long(tmp_path):
    with Mattes(tmp_path, (48, 64)) as mattes:
        mattes.add((3, 5, 40, 120, 210), block(2, 2))
        holes = plan_holes(mattes, [range(35), range(35, 300)], range(300))
        assert [hole.frames for hole in holes] == [
            range(3, 6),
            range(40, 41),
            range(120, 121),
            range(210, 211),
        ]
        assert holes[0].shot == range(35)
        some = plan_holes(mattes, [range(35), range(35, 300)], range(5, 100))
        assert [hole.frames for hole in some] == [range(5, 6), range(40, 41)]


@pytest.fixture
def reader(tmp_path):
    return VideoReader(probe(make_clip(tmp_path / "clip.mkv", frames=60)))


def test_pictures_are_the_right_ones_whatever_is_asked_for(reader, monkeypatch):
    monkeypatch.setattr(pictures, "MOST_HELD", 12)
    held = Pictures(reader, range(4, 56))
    walk = [4, 5, 20, 19, 18, 3 + 4, 55, 54, 53, 30, 31, 30, 4]
    assert [read_number(held[frame]) for frame in walk] == walk
    assert len(held._held) <= 12
    assert (list(held), len(held), 56 in held, 4 in held) == (list(range(4, 56)), 52, False, True)
    with pytest.raises(KeyError):
        held[56]


def test_going_back_frame_by_frame_reads_each_picture_about_once(reader, monkeypatch):
    reads: list[int] = []
    plain = reader.frames

    def counted(start, stop):
        reads.append(start)
        return plain(start, stop)

    monkeypatch.setattr(reader, "frames", counted)
    held = Pictures(reader, range(60))
    assert [read_number(held[frame]) for frame in range(59, -1, -1)] == list(range(59, -1, -1))
    assert len(reads) <= 5
    assert all(later < earlier for earlier, later in pairwise(reads))


def test_nothing_is_left_under_the_paint():
    format = format_of("yuv420p", 64, 48)
    picture = textured(format)
    matte = block(11, 13, side=9, level=1)  # however little it hides
    known = hide(picture, matte)
    assert known.mask is not None
    assert np.array_equal(known.mask == 0, matte > 0)
    for plane, own in zip(known.picture.planes, picture.planes, strict=True):
        step = 64 // plane.shape[1]
        hidden = np.s_[11 // step : -(-20 // step), 13 // step : -(-22 // step)]
        assert np.ptp(plane[hidden]) == 0 < np.ptp(own[hidden])
        rest = np.ones(plane.shape, bool)
        rest[hidden] = False
        assert np.array_equal(plane[rest], own[rest])
    other = Picture(tuple(p.copy() for p in picture.planes), format)
    other.planes[0][11:20, 13:22] = 255
    assert np.array_equal(hide(other, matte).picture.luma, known.picture.luma)
    assert hide(picture, np.full_like(matte, 255)).picture.luma[0, 0] == 128
