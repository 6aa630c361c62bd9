from fractions import Fraction
from itertools import pairwise

import cv2
import numpy as np
import pytest
from longtake_engine.luma import luma8
from longtake_engine.models.still.current import Current, Stroke, period_frames
from longtake_engine.picture import Picture
from longtake_engine.testing.picture import format_of, textured

RATE = Fraction(25)
FORMAT = format_of("yuv420p", 320, 240)
TOP, BOTTOM, LEFT, RIGHT = 60, 180, 60, 260


def region() -> np.ndarray:
    painted = np.zeros((240, 320), np.float32)
    painted[TOP:BOTTOM, LEFT:RIGHT] = 1
    return painted


def painted(pixel_format: str = "yuv420p", dx: float = 50, dy: float = 0, period: int = 40):
    format = format_of(pixel_format, 320, 240)
    current = Current([Stroke(region(), dx, dy)], format, RATE, Fraction(period))
    return textured(format), current


def motion(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    measure = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    return measure.calc(
        np.ascontiguousarray(first), np.ascontiguousarray(second), np.empty(0, np.float32)
    )


def inner(picture: Picture) -> np.ndarray:
    return luma8(picture)[TOP + 20 : BOTTOM - 20, LEFT + 20 : RIGHT - 20]


@pytest.mark.parametrize(("dx", "dy"), [(50, 0), (0, -25), (25, 25)])
def test_what_is_in_the_region_goes_the_painted_way(dx, dy):
    picture, current = painted(dx=dx, dy=dy)
    first, second = (inner(current.paint(picture, frame)) for frame in (4, 5))
    flow = motion(first, second)
    assert np.median(flow[..., 0]) == pytest.approx(dx / 25, abs=0.2)
    assert np.median(flow[..., 1]) == pytest.approx(dy / 25, abs=0.2)


@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuv422p10le", "gbrp", "gray"])
def test_pixels_outside_the_region_stay_what_they_are(pixel_format):
    picture, current = painted(pixel_format)
    made = current.paint(picture, 17)
    outside = region() == 0
    assert np.array_equal(made.luma[outside], picture.luma[outside])
    assert (made.luma[~outside] != picture.luma[~outside]).mean() > 0.5
    assert all(plane.dtype == picture.format.dtype for plane in made.planes)


def test_the_picture_itself_comes_back_after_every_period():
    picture, current = painted(period=30)
    for frame in (0, 30, 60):
        assert all(
            np.array_equal(*pair)
            for pair in zip(current.paint(picture, frame).planes, picture.planes, strict=True)
        )


def test_nothing_jumps_where_a_period_ends():
    picture, current = painted(period=30)
    shown = [inner(current.paint(picture, frame)).astype(float) for frame in range(25, 36)]
    steps = [np.abs(b - a).mean() for a, b in pairwise(shown)]
    assert max(steps) < 1.3 * np.median(steps)


def test_the_texture_neither_pales_nor_runs_dry():
    picture, current = painted(period=40)
    contrast = [inner(current.paint(picture, frame)).std() for frame in range(40)]
    assert min(contrast) > 0.85 * contrast[0]
    assert max(contrast) < 1.15 * contrast[0]


def test_a_clip_goes_on_under_the_motion():
    picture, current = painted()
    darker = Picture(tuple(plane // 2 for plane in picture.planes), picture.format)
    made = inner(current.paint(darker, 12)).mean()
    assert made == pytest.approx(inner(current.paint(picture, 12)).mean() / 2, rel=0.05)


def test_two_regions_go_two_ways():
    left, right = region(), region()
    left[:, 160:], right[:, :160] = 0, 0
    current = Current([Stroke(left, -50, 0), Stroke(right, 50, 0)], FORMAT, RATE, Fraction(40))
    first, second = (current.paint(textured(FORMAT), frame) for frame in (4, 5))
    flow = motion(luma8(first), luma8(second))[TOP:BOTTOM, :, 0]
    assert np.median(flow[20:-20, LEFT + 20 : 140]) == pytest.approx(-2, abs=0.3)
    assert np.median(flow[20:-20, 180 : RIGHT - 20]) == pytest.approx(2, abs=0.3)


def test_a_period_ends_before_anything_has_gone_far():
    narrow = np.zeros((240, 320), np.float32)
    narrow[100:110] = 1
    slow, slower, fast = (Stroke(region(), speed, 0) for speed in (8, 2, 500))
    assert period_frames([slow], FORMAT, RATE) == 100  # a tenth of the width
    assert period_frames([slower], FORMAT, RATE) == 150  # no longer than 6 s
    assert period_frames([fast], FORMAT, RATE) == 25  # no shorter than 1 s
    assert period_frames([Stroke(narrow, 4, 0)], FORMAT, RATE) == 45  # not far past its edges


@pytest.mark.parametrize("loop_frames", [50, 99, 240])
def test_a_loop_ends_where_it_began(loop_frames):
    period = period_frames([Stroke(region(), 16, 0)], FORMAT, RATE, loop_frames)
    assert loop_frames % period == 0
    current = Current([Stroke(region(), 16, 0)], FORMAT, RATE, period)
    picture = textured(FORMAT)
    assert current.paint(picture, loop_frames) is picture
    before = inner(current.paint(picture, loop_frames - 1)).astype(float)
    after = inner(current.paint(picture, 1)).astype(float)
    assert np.abs(before - inner(picture)).mean() < 1.5 * np.abs(after - inner(picture)).mean()


def test_a_region_that_is_empty_changes_nothing():
    current = Current([Stroke(np.zeros((240, 320), np.float32), 10, 0)], FORMAT, RATE, Fraction(30))
    picture = textured(FORMAT)
    assert current.paint(picture, 7) is picture
