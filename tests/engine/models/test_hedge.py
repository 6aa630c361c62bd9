"""What does not fit is not believed: the hole is filled evenly there instead."""

from fractions import Fraction

import cv2
import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Known
from longtake_engine.models.removal import make_removals
from longtake_engine.models.synthesis.hedge import (
    Evidence,
    expected_error,
    plausible,
    trust,
    weighed,
)
from longtake_engine.testing.picture import format_of, textured
from longtake_engine.work import Guidance

SIZE = (90, 120)


def evidence(missed=0.0, doubt=0.0, contrast=20.0):
    hidden = np.zeros(SIZE, np.uint8)
    cv2.circle(hidden, (60, 45), 20, (1,), -1)
    told = cv2.dilate(hidden, np.ones((13, 13), np.uint8)) > 0
    luma = 128 + contrast * np.random.default_rng(0).standard_normal(SIZE)
    levels = np.where(hidden > 0, 0, luma).astype(np.float32)
    return Evidence(
        luma=levels,
        hidden=hidden > 0,
        told=told,
        missed=np.full(SIZE, missed, np.float32),
        doubt=np.full(SIZE, doubt, np.float32),
    )


def believed(one, width=120):
    return trust(one, expected_error(one, width), width)


def test_what_fits_is_believed_and_what_misses_or_contradicts_itself_is_not():
    def middle(**off):
        return believed(evidence(**off))[45, 60]

    assert middle() > 0.99
    assert middle(missed=60) < 0.2
    assert middle(doubt=60) < 0.2
    assert middle(missed=15) > middle(missed=30) > middle(missed=60)


def test_more_is_believed_where_an_even_filling_would_miss_more():
    busy, flat = (believed(evidence(missed=20, contrast=c))[45, 60] for c in (40.0, 2.0))
    assert busy > flat + 0.2


def test_nothing_is_believed_where_nobody_saw_anything():
    one = evidence()
    told = one.told & (np.arange(SIZE[1]) < 60)
    some = Evidence(one.luma, one.hidden, told, one.missed, one.doubt)
    share = believed(some)
    assert (share[~told] == 0).all() and (share[told & one.hidden] > 0.9).all()


def test_what_is_half_believed_keeps_its_fine_detail():
    random = np.random.default_rng(1)
    fine = random.normal(0, 10, SIZE).astype(np.float32)
    even = np.zeros(SIZE, np.float32)
    kept = weighed(fine, even, np.full(SIZE, 0.75, np.float32), 120)
    lost = weighed(fine, even, np.full(SIZE, 0.1, np.float32), 120)
    assert kept.std() > 0.9 * fine.std() and lost.std() < 0.2 * fine.std()


def test_texture_is_plausible_and_another_thing_is_not():
    hidden = evidence().hidden
    even = np.full(SIZE, 100, np.float32)
    texture = even + np.random.default_rng(2).normal(0, 25, SIZE).astype(np.float32)
    assert plausible(texture, even, hidden, 120)[hidden].mean() > 0.85
    assert plausible(even + 80, even, hidden, 120)[45, 60] < 0.1


@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuv420p10le"])
def test_a_cut_that_nobody_told_of_brings_in_nothing_from_beyond_it(pixel_format):
    """Frames of another scene, far brighter, must not be laid into a flat dark one."""
    format = format_of(pixel_format, 160, 96)
    hidden = np.zeros((96, 160), bool)
    hidden[30:66, 60:100] = True
    most = format.max_value
    known = {}
    for number in range(10):
        picture = textured(format, seed=int(number >= 5))
        bright = number >= 5
        for place, plane in enumerate(picture.planes):
            if format.is_chroma(place):
                plane[...] = most // 2
            else:
                plane[...] = plane // 8 + (most * 3 // 4 if bright else most // 8)
                plane[hidden] = 0
        known[number] = Known(picture, np.where(hidden, np.float32(0), np.float32(1)))
    canvas = Canvas(format, Fraction(25), known, range(10))
    seen = next(one for one in make_removals() if one.info.name == "seen")
    for one in seen.complete(canvas, Guidance(), CancelToken()):
        around = known[one.frame].picture.luma[~hidden].mean()
        assert abs(one.picture.luma[hidden].mean() - around) < most / 16
