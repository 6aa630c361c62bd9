from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from longtake_engine.models.between import Between, Pair, make_between
from longtake_engine.picture import Picture
from longtake_engine.testing.picture import format_of, panning, psnr_db, textured

FORMAT = format_of("yuv420p", 160, 96)


def pairs_of(pictures: list[Picture], times: tuple[float, ...] = (0.5,)) -> list[Pair]:
    return [Pair(*pair, times, follows=n > 0) for n, pair in enumerate(pairwise(pictures))]


def same(first: Picture, second: Picture) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(first.planes, second.planes, strict=True))


def test_pairs_come_back_in_order_with_the_moments_that_they_asked_for():
    clip = panning(FORMAT, 7, (4, 0))
    pairs = pairs_of(clip)
    pairs[2] = replace(pairs[2], times=())
    pairs[3] = replace(pairs[3], times=(0.25, 0.75))
    made = list(make_between(iter(pairs)))
    assert [len(group) for group in made] == [1, 1, 0, 2, 1, 1]
    for number in (0, 1, 4, 5):
        truth = textured(FORMAT, 4 * number + 2)
        assert psnr_db(made[number][0].picture, truth, inset=12) > 30


def test_what_does_not_follow_is_made_as_if_alone():
    first, second = panning(FORMAT, 3, (4, 0)), panning(FORMAT, 3, (-4, 0), seed=3)
    apart = [*pairs_of(first), *pairs_of(second)]
    made = list(make_between(apart))
    for pictures, groups in ((first, made[:2]), (second, made[2:])):
        for pair, group in zip(pairwise(pictures), groups, strict=True):
            assert same(group[0].picture, Between.measure(*pair).at(0.5))


def test_a_path_bends_as_its_neighbours_tell():
    places = [0, 1, 4, 9, 16, 25]  # doubled: half steps are whole pixels where it is looked
    clip = [textured(FORMAT, 2 * place) for place in places]
    truth = textured(FORMAT, 12)  # half way from 2 to 3 steps: 2 · 2.5² = 12.5
    straight = Between.measure(clip[2], clip[3]).at(0.5)
    bent = next(group[0].picture for n, group in enumerate(make_between(pairs_of(clip))) if n == 2)
    assert psnr_db(bent, truth, inset=24) > psnr_db(straight, truth, inset=24) + 0.5


def test_a_caller_may_stop_early():
    made = make_between(iter(pairs_of(panning(FORMAT, 9))))
    assert len(next(made)) == 1
    made.close()


def test_a_fault_while_reading_is_raised_where_it_comes():
    def broken():
        yield from pairs_of(panning(FORMAT, 2))
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        list(make_between(broken()))
