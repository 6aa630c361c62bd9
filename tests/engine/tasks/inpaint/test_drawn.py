"""Things drawn on one frame: followed, hidden with room round them, and gone."""

from fractions import Fraction

import numpy as np
import pytest
from longtake_engine.errors import WrongCall
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.tasks.inpaint.margin import grow
from longtake_engine.testing.picture import crossing, format_of, textured
from longtake_engine.work import Box, FrameRange, Length, Point

SIZE, SQUARE, STEP, COUNT = (224, 128), 32, 4, 20


@pytest.fixture
def passing(write):
    """A larger square goes by: its clip, its pictures, and what lies behind."""
    format = format_of("yuv420p", *SIZE)
    pictures = crossing(format, COUNT, STEP, SQUARE)
    return write(pictures), pictures, textured(format)


def square(frame):
    """Left and top of the square."""
    return 16 + STEP * frame, (SIZE[1] - SQUARE) // 2


def box(frame):
    left, top = square(frame)
    return Box(left - 2, top - 2, SQUARE + 4, SQUARE + 4, frame)


def test_a_box_on_one_frame_removes_the_thing_from_all(passing, fill, out):
    clip, pictures, behind = passing
    matte = out.with_name("matte.mkv")
    done = fill(clip, boxes=(box(8),), matte_path=matte)
    mattes = [picture.luma for picture in VideoReader(probe(matte)).frames()]
    there, left_over = 0.0, 0.0
    for number, (made, own) in enumerate(zip(done.pictures(), pictures, strict=True)):
        left, top = square(number)
        inner = np.s_[top + 2 : top + SQUARE - 2, left + 2 : left + SQUARE - 2]
        there += np.abs(own.luma[inner].astype(int) - behind.luma[inner]).mean()
        left_over += np.abs(made.luma[inner].astype(int) - behind.luma[inner]).mean()
        kept = mattes[number] == 0
        assert kept.mean() > 0.7
        assert np.array_equal(made.luma[kept], own.luma[kept])
    assert left_over < there / 4
    assert any(step.phase.startswith("following") for step in done.progress)


def test_a_point_on_it_does_as_well(passing, fill):
    clip, pictures, behind = passing
    left, top = square(4)
    done = fill(clip, points=(Point(left + SQUARE // 2, top + SQUARE // 2, 4),))
    made = done.pictures()
    inner = [np.s_[t + 6 : t + 26, x + 6 : x + 26] for x, t in map(square, range(COUNT))]
    gone = [np.array_equal(m.luma[i], behind.luma[i]) for m, i in zip(made, inner, strict=True)]
    assert sum(gone) >= COUNT - 2
    assert not np.array_equal(pictures[0].luma[inner[0]], behind.luma[inner[0]])


def test_what_lies_beside_what_is_shown_is_followed_too(passing, fill):
    clip, _, behind = passing
    done = fill(clip, boxes=(box(2),), output_range=FrameRange(9, 2))
    for number, made in enumerate(done.pictures(), 9):
        left, top = square(number)
        inner = np.s_[top + 2 : top + 30, left + 2 : left + 30]
        assert np.array_equal(made.luma[inner], behind.luma[inner])


def test_a_time_in_which_it_goes_still_hides_it_elsewhere_from_the_backend(passing, fill):
    clip, pictures, behind = passing
    done = fill(clip, boxes=(box(6),), between_start=Length(frames=5), between_end=Length(frames=8))
    for number, (made, own) in enumerate(zip(done.pictures(), pictures, strict=True)):
        left, top = square(number)
        inner = np.s_[top + 2 : top + 30, left + 2 : left + 30]
        wanted = behind if 5 <= number < 8 else own
        assert np.array_equal(made.luma[inner], wanted.luma[inner])
    assert done.take.made_ranges == (FrameRange(5, 3),)


def test_a_margin_widens_the_matte_and_speed_does(passing, fill, out):
    clip = passing[0]
    wide, tight = out.with_name("wide.mkv"), out.with_name("tight.mkv")
    fill(clip, boxes=(box(8),), margin=0, matte_path=tight)
    fill(clip, boxes=(box(8),), margin=10, matte_path=wide)
    areas = [
        np.mean([(p.luma > 0).mean() for p in VideoReader(probe(path)).frames()])
        for path in (tight, wide)
    ]
    assert areas[1] > 1.5 * areas[0]


def test_growing_keeps_what_was_hidden_and_is_soft_outside():
    matte = np.zeros((40, 40), np.uint8)
    matte[15:25, 15:25] = 255
    grown = grow(matte, 4)
    assert (grown[15:25, 11:29] == 255).all()
    assert 0 < grown[20, 10] < 255
    assert not grown[:5].any()
    assert grow(matte, 0) is matte


BAD = {
    "outside": ({"boxes": (Box(224, 0, 8, 8),)}, r"224,0,8,8 lies outside the picture.*224×128"),
    "above": ({"boxes": (Box(0, -20, 8, 8),)}, r"lies outside the picture"),
    "over everything": ({"boxes": (Box(-5, -5, 500, 500),)}, r"covers the whole picture"),
    "past the end": ({"boxes": (Box(0, 0, 8, 8, 20),)}, r"on frame 20, and the clip has 20"),
    "a point outside": ({"points": (Point(10, 128),)}, r"point 10,128 lies outside the picture"),
    "out of its time": (
        {"boxes": (Box(0, 0, 8, 8, 2),), "between_start": Length(frames=5)},
        r"drawn on frame 2, outside --between, which is frames 5 to 20",
    ),
    "no time": (
        {"boxes": (Box(0, 0, 8, 8),), "between_start": Length(seconds=Fraction(9))},
        r"--between names frames 225 to 20 of a clip that has 20",
    ),
    "frames there are not": (
        {"boxes": (Box(0, 0, 8, 8),), "output_range": FrameRange(15, 9)},
        r"Frames 15 to 23 of clip\.mkv were asked for, which has 20",
    ),
    "no matte": (
        {"boxes": (Box(0, 0, 8, 8),), "matte_path": "matte.png"},
        r"matte\.png cannot hold a matte; end its name in \.mkv",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_drawn_wrong_is_a_sentence(passing, fill, out, case):
    options, sentence = BAD[case]
    if "matte_path" in options:
        options = options | {"matte_path": out.with_name(options["matte_path"])}
    with pytest.raises(WrongCall, match=sentence):
        fill(passing[0], **options)
    assert list(out.parent.iterdir()) == []
