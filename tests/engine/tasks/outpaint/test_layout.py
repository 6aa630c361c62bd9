"""Where the old picture lies in the new one, and what is refused."""

from dataclasses import replace
from pathlib import Path

import pytest
from longtake_engine.errors import NotPossible, WrongCall
from longtake_engine.tasks.outpaint.layout import Layout, plan_layout
from longtake_engine.testing.media import described
from longtake_engine.testing.picture import format_of
from longtake_engine.work import Outpaint


def lay_out(
    old: tuple[int, int],
    size: tuple[int, int],
    *,
    pixels: str = "yuv420p",
    rotation: int = 0,
    **options,
) -> Layout:
    """The layout of a clip whose stored picture is `old`."""
    format = format_of(pixels, *old)
    video = replace(described(format).video, rotation_degrees=rotation)
    return plan_layout(Outpaint(Path("a.mov"), size, **options), video, format)


def test_a_larger_picture_keeps_the_old_one_amid_it():
    layout = lay_out((100, 60), (160, 80))
    assert (layout.across.at, layout.down.at) == (30, 10)
    assert layout.exact
    assert layout.made_share == pytest.approx(1 - 6000 / 12800)


def test_chroma_samples_stay_whole():
    layout = lay_out((100, 60), (106, 66))
    assert (layout.across.at, layout.down.at) == (2, 2)  # not 3


@pytest.mark.parametrize(
    ("anchor", "place"),
    [
        ("top_left", (0, 0)),
        ("bottom_right", (60, 20)),
        ("left", (0, 10)),
        ("bottom", (30, 20)),
    ],
)
def test_the_anchor_says_where(anchor, place):
    layout = lay_out((100, 60), (160, 80), anchor=anchor)
    assert (layout.across.at, layout.down.at) == place


def test_without_a_subject_all_of_the_picture_is_shown():
    layout = lay_out((1920, 1080), (1080, 1920))
    assert layout.across.scaled == 1080
    assert layout.down.scaled == 608  # 607.5, in whole chroma samples
    assert layout.down.at == 656


def test_with_a_subject_nothing_is_to_be_made():
    layout = lay_out((1920, 1080), (1080, 1920), follow=True)
    assert layout.whole
    assert layout.down.scaled == 1920
    assert layout.across.scaled > 3400


def test_at_its_own_scale_a_cut_is_exact():
    layout = lay_out((1920, 1080), (608, 1080), follow=True)
    assert layout.whole
    assert layout.exact


def test_what_is_turned_is_laid_as_people_see_it():
    layout = lay_out((100, 60), (80, 160), rotation=90, anchor="top")  # shown 60 × 100
    assert (layout.format.width, layout.format.height) == (160, 80)
    other = lay_out((100, 60), (80, 160), rotation=270, anchor="top")
    assert {layout.across.at, other.across.at} == {0, 60}  # the upper edge is a side as stored
    assert layout.down.at == other.down.at == 10


def test_the_odd_column_of_a_kept_picture_stays():
    layout = lay_out((101, 60), (160, 80), anchor="right")
    assert layout.across.at == 58
    assert layout.across.known == range(58, 159)


def test_a_size_that_the_clip_has_is_refused():
    with pytest.raises(WrongCall, match=r"The clip is 100×60 already; give another --size\."):
        lay_out((100, 60), (100, 60))


def test_a_size_that_chroma_cannot_have_is_refused():
    with pytest.raises(WrongCall, match=r"161×81 does not go with the clip's 4:2:0 colour.*160×80"):
        lay_out((100, 60), (161, 81))
    assert lay_out((100, 60), (161, 81), pixels="yuv444p").format.width == 161


def test_sizes_beyond_all_bounds_are_refused():
    with pytest.raises(WrongCall, match="16 to 16384"):
        lay_out((100, 60), (8, 8))
    with pytest.raises(NotPossible, match="too little to go by"):
        lay_out((100, 60), (1600, 1600), fit="keep")


def test_an_anchor_where_there_is_no_room_is_refused():
    with pytest.raises(WrongCall, match=r"no room to lie left.*--anchor top or bottom"):
        lay_out((100, 60), (100, 120), anchor="left")


def test_an_anchor_of_a_cut_that_the_subject_decides_is_refused():
    with pytest.raises(WrongCall, match="Either the subject or --anchor left"):
        lay_out((100, 60), (40, 60), anchor="left", follow=True)


def test_a_subject_with_no_room_to_follow_is_refused():
    with pytest.raises(WrongCall, match="nothing to follow in"):
        lay_out((100, 60), (160, 80), fit="keep", follow=True)
