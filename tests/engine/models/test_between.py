from dataclasses import replace

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


def test_halves_are_rounded_up_as_encoders_do():
    first = textured(FORMAT)
    second = Picture(tuple(plane + np.uint8(1) for plane in first.planes), FORMAT)
    made = Between.measure(first, second).at(0.5)
    for plane, brighter in zip(made.planes, second.planes, strict=True):
        assert np.array_equal(plane, brighter)


def test_the_best_is_a_mean_of_several():
    first, second = textured(FORMAT), textured(FORMAT, 5, 3)
    best = Between.measure(first, second, "best")
    made = [
        between.at(0.5).luma.astype(int) for between in (replace(best, others=()), *best.others)
    ]
    assert len(made) == 3
    assert np.abs(best.at(0.5).luma - np.mean(made, axis=0)).max() <= 0.5


def with_logo(picture: Picture) -> Picture:
    """With a bright square ring burnt in."""
    planes = [plane.copy() for plane in picture.planes]
    planes[0][32:64, 64:96] = 235
    planes[0][40:56, 72:88] = 16
    for plane in planes[1:]:
        plane[16:32, 32:48] = 128
    return Picture(tuple(planes), picture.format)


@pytest.mark.parametrize("quality", ["draft", "standard", "best"])
def test_a_still_logo_over_a_pan_stays_sharp(quality):
    first, second = with_logo(textured(FORMAT, 0)), with_logo(textured(FORMAT, 12))
    truth = with_logo(textured(FORMAT, 6))
    made = Between.measure(first, second, quality).at(0.5)
    inside = np.s_[36:60, 68:92]
    error = np.abs(made.luma[inside].astype(int) - truth.luma[inside])
    assert error.mean() < 4
    assert psnr_db(made, truth, inset=16) > psnr_db(blend(first, second, 0.5), truth, inset=16)


@pytest.mark.parametrize(
    ("name", "width", "height"),
    [
        ("yuv420p", 97, 61),
        ("yuv422p10le", 96, 64),
        ("yuv444p16le", 61, 97),
        ("gbrp", 80, 61),
        ("gray", 8, 8),
        ("gray16le", 64, 48),
        ("yuva444p10le", 64, 48),
        ("yuv420p", 120, 28),
    ],
)
@pytest.mark.parametrize("quality", ["draft", "standard", "best"])
def test_any_kind_of_picture_comes_back_as_its_kind(name, width, height, quality):
    format = format_of(name, width, height)
    made = Between.measure(textured(format), textured(format, 2), quality).make(0.5)
    assert made.picture.format == format
    for number, plane in enumerate(made.picture.planes):
        assert plane.shape == format.plane_size(number)
        assert plane.dtype == format.dtype
        assert plane.flags.c_contiguous
        assert plane.max() <= format.max_value
    assert made.sureness.min() >= 0 and made.sureness.max() <= 1.001


def test_what_has_nothing_in_common_is_not_sure():
    alike = Between.measure(textured(FORMAT), textured(FORMAT, 4)).make(0.5)
    strange = Between.measure(textured(FORMAT), textured(FORMAT, seed=5)).make(0.5)
    assert alike.confidence > 0.8
    assert strange.confidence < 0.4


class Constant:
    """A flow source that says the same of every pair."""

    def __init__(self, across: float) -> None:
        self.across = across

    def flows(self, first: Picture, second: Picture) -> tuple[np.ndarray, np.ndarray]:
        field = np.zeros((FORMAT.height, FORMAT.width, 2), np.float32)
        field[..., 0] = self.across
        return field, -field


def test_another_source_of_motion_is_followed():
    first, second = textured(FORMAT), textured(FORMAT, 4)
    right = Between.measure(first, second, source=Constant(-4)).at(0.5)
    wrong = Between.measure(first, second, source=Constant(4)).at(0.5)
    truth = textured(FORMAT, 2)
    assert psnr_db(right, truth, inset=10) > 32
    assert psnr_db(wrong, truth, inset=10) < 26
