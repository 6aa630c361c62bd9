from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from longtake_engine.errors import Cancelled
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.tasks.interpolate.survey import (
    AROUND,
    STRIDE,
    Distinct,
    Found,
    distinct_pictures,
)
from longtake_engine.testing.picture import format_of, textured

SMALL = format_of("gray", 96, 54)
HALF = Fraction(1, 2)


def pan(count: int, seed: int = 0, step: int = 2) -> list:
    """Views of a world, to and fro."""
    turns = (abs((n + 60) % 120 - 60) for n in range(count))
    return [textured(SMALL, step * turn, 0, seed) for turn in turns]


def survey(path, step: Fraction = HALF) -> tuple[list[Distinct], Found]:
    found = Found()
    return list(distinct_pictures(VideoReader(probe(path)), step, found)), found


def test_every_picture_of_a_plain_clip_is_where_it_is(film):
    pictures, found = survey(film(pan(250)))
    assert [p.frame for p in pictures] == list(range(250))
    assert all(p.moment == p.frame for p in pictures)
    assert found.cuts == [] and found.copies == 0


@pytest.mark.parametrize("cut", [2, STRIDE - 1, STRIDE, STRIDE + 1, 2 * STRIDE, 190])
def test_a_cut_is_found_wherever_it_lies(film, cut):
    pictures, found = survey(film([*pan(cut), *pan(200 - cut, seed=3)]))
    assert found.cuts == [cut]
    assert [p.frame for p in pictures if p.cut] == [cut]


@pytest.mark.parametrize("holds", [(2, 3), (3, 2), (1, 1, 1, 2), (2,)])
def test_held_pictures_come_evenly_however_long_the_clip(film, holds):
    shown, number = [], 0
    views = pan(330, step=4)
    while len(shown) < 330:
        shown += [views[number]] * holds[number % len(holds)]
        number += 1
    beat = Fraction(sum(holds), len(holds))
    pictures, found = survey(film(shown), step=beat)
    steps = [b.moment - a.moment for a, b in pairwise(pictures[:-1])]
    assert set(steps[2:]) == {beat}
    assert found.copies > 330 * (1 - 1 / beat) - 6
    assert all(abs(p.moment - p.frame) < 1 for p in pictures)
    # They are met by frames that come at that beat, so that the conversion gives them back.
    met = sum((p.moment / beat).denominator == 1 for p in pictures)
    assert met > 0.95 * len(pictures)


def test_time_never_runs_back_where_one_beat_gives_way_to_another(film):
    random = np.random.default_rng(8)
    beats = [(2, 3), (1,), (2,), (1, 1, 1, 2), (3,), (3, 2), (1, 4, 2)]
    views, shown = iter(pan(700, step=4)), []
    for _ in range(14):
        holds = beats[random.integers(len(beats))]
        for number in range(random.integers(15, 50)):
            shown += [next(views)] * holds[number % len(holds)]
    pictures, _ = survey(film(shown))
    assert all(a.moment < b.moment for a, b in pairwise(pictures))
    assert all(abs(p.moment - p.frame) < 1 for p in pictures)


def test_it_looks_only_so_far_ahead(film):
    reader, seen = VideoReader(probe(film(pan(400)))), []
    pictures = distinct_pictures(reader, HALF, Found(), check=lambda: seen.append(1))
    next(pictures)
    assert len(seen) <= STRIDE + AROUND
    for _ in range(STRIDE):
        next(pictures)
    assert len(seen) <= 2 * STRIDE + AROUND


def test_it_stops_where_it_is_told_to(film):
    def stop():
        raise Cancelled("Stop.")

    with pytest.raises(Cancelled):
        next(distinct_pictures(VideoReader(probe(film(pan(10)))), HALF, Found(), check=stop))
