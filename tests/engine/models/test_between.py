import numpy as np
import pytest
from longtake_engine.models.between import Between
from longtake_engine.picture import Picture
from longtake_engine.testing.picture import crossing, format_of, psnr_db, textured

FORMAT = format_of("yuv420p", 160, 96)


def blend(first: Picture, second: Picture, share: float) -> Picture:
    planes = zip(first.planes, second.planes, strict=True)
    mixed = tuple(np.rint(a * (1 - share) + b * share).astype(a.dtype) for a, b in planes)
    return Picture(mixed, first.format)


@pytest.mark.parametrize("time", [0.25, 0.5, 0.75])
@pytest.mark.parametrize("step", [(4, 0), (-8, 4), (0, 8)])
def test_a_shift_is_shown_half_way_not_twice(step, time):
    first, second = textured(FORMAT, 20, 20), textured(FORMAT, 20 + step[0], 20 + step[1])
    truth = textured(FORMAT, 20 + round(step[0] * time), 20 + round(step[1] * time))
    made = Between.measure(first, second).at(time)
    assert psnr_db(made, truth, inset=10) > 32
    assert psnr_db(made, truth, inset=10) > psnr_db(blend(first, second, time), truth, inset=10) + 8
    for plane in (1, 2):
        assert psnr_db(made, truth, plane) > psnr_db(blend(first, second, time), truth, plane)


def test_what_moves_is_in_the_middle_and_what_stands_stands():
    clip = crossing(FORMAT, 7)
    made = Between.measure(clip[4], clip[6]).at(0.5)
    assert psnr_db(made, clip[5]) > psnr_db(blend(clip[4], clip[6], 0.5), clip[5]) + 1
    above = np.s_[:24]
    assert np.abs(made.luma[above].astype(int) - clip[5].luma[above]).max() <= 2


@pytest.mark.parametrize("time", [0.01, 0.5, 0.99])
def test_between_two_of_the_same_lies_the_same(time):
    picture = textured(FORMAT)
    made = Between.measure(picture, picture).at(time)
    for plane, kept in zip(made.planes, picture.planes, strict=True):
        assert np.array_equal(plane, kept)


def test_near_an_end_it_is_nearly_that_end():
    first, second = textured(FORMAT), textured(FORMAT, 4)
    between = Between.measure(first, second)
    assert psnr_db(between.at(0.02), first) > 36
    assert psnr_db(between.at(0.98), second) > 36


def test_twelve_bits_keep_their_depth():
    deep = format_of("yuv444p12le", 96, 64)
    made = Between.measure(textured(deep), textured(deep, 4)).at(0.5)
    assert psnr_db(made, textured(deep, 2), inset=8) > 32
    assert len(np.unique(made.luma)) > 300  # not 8-bit steps
    assert made.luma.max() <= deep.max_value
