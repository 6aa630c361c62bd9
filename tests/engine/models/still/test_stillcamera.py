from itertools import pairwise

import cv2
import numpy as np
import pytest
from longtake_engine.luma import luma8
from longtake_engine.models.still.stillcamera import Framing, Layer, StillCamera, eased
from longtake_engine.picture import Picture, PictureFormat
from longtake_engine.testing.picture import format_of, textured

STILL = format_of("yuv420p", 640, 360)
SHOT = format_of("yuv420p", 320, 180)
MIDDLE = (slice(40, 140), slice(60, 260))


def camera(
    start: Framing, end: Framing, count: int = 25, format: PictureFormat = SHOT, **more
) -> StillCamera:
    return StillCamera(textured(STILL), format, start, end, frame_count=count, **more)


def moved(first: Picture, second: Picture) -> tuple[float, float]:
    """By how much the middle of the picture goes, pixels."""
    shown = [np.ascontiguousarray(luma8(picture)[MIDDLE]) for picture in (first, second)]
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 200, 1e-6)
    start = np.eye(2, 3, dtype=np.float32)
    _, found = cv2.findTransformECC(
        shown[0], shown[1], start, cv2.MOTION_AFFINE, stop, np.empty(0), 5
    )
    middle = np.array([100, 50, 1])  # of what is compared
    x, y = found @ middle - middle[:2]
    return x, y


def test_the_whole_still_is_shown_where_all_of_it_is_asked_for():
    shot = camera(Framing(), Framing()).shoot(0)
    small = cv2.resize(textured(STILL).luma, (320, 180), interpolation=cv2.INTER_AREA)
    assert np.abs(shot.luma.astype(int) - small).mean() < 2


def test_at_the_still_s_own_size_its_pixels_are_shown_as_they_are():
    still = textured(STILL)
    same = StillCamera(still, STILL, Framing(), Framing(), frame_count=2).shoot(0)
    assert all(np.array_equal(*pair) for pair in zip(same.planes, still.planes, strict=True))


def test_a_pan_goes_by_equal_fractions_of_a_pixel():
    pan = camera(Framing(0.45, 0.5, 0.5), Framing(0.55, 0.5, 0.5), 161)
    steps = [moved(a, b) for a, b in pairwise(pan.shoot(n) for n in range(60, 80))]
    # A tenth of 640 pixels in 160 steps; the even part goes 4/3 as fast.
    assert np.mean([x for x, _ in steps]) == pytest.approx(-0.1 * 640 / 160 * 4 / 3, abs=0.02)
    assert np.std([x for x, _ in steps]) < 0.03
    assert max(abs(y) for _, y in steps) < 0.03


def test_a_move_sets_off_and_stops_gently():
    assert (eased(0), eased(0.5), eased(1)) == pytest.approx((0, 0.5, 1))
    steps = np.diff([eased(n / 100) for n in range(101)])
    assert steps[0] < 0.05 * steps[50] > steps[-1]
    assert (np.diff(steps) < 0.02 * steps[50] * 3).all()


def test_a_push_keeps_its_point_where_it_is():
    push = camera(Framing(0.5, 0.5, 1.0), Framing(0.5, 0.5, 0.5), 25)
    spot = Framing(0.5, 0.5, 1.0).toward(Framing(0.4, 0.5, 0.5), 0.5)
    # The point at 0.3 lies at the same place of the first and of the last view.
    assert (0.3 - spot.x) / spot.width == pytest.approx((0.3 - 0.5) / 1.0, abs=1e-9)
    steps = [moved(a, b) for a, b in pairwise(push.shoot(n) for n in range(8, 16))]
    assert max(abs(x) + abs(y) for x, y in steps) < 0.15


def test_each_step_of_a_push_grows_the_picture_alike():
    start, end = Framing(0.5, 0.5, 1.0), Framing(0.5, 0.5, 0.25)
    widths = [start.toward(end, n / 10).width for n in range(11)]
    assert np.std([b / a for a, b in pairwise(widths)]) < 1e-9


@pytest.mark.parametrize("format", [SHOT, format_of("yuv420p", 180, 320)])
def test_no_border_comes_into_the_picture(format):
    white = Picture(tuple(np.full_like(plane, 200) for plane in textured(STILL).planes), STILL)
    asked = StillCamera(white, format, Framing(0, 0, 0.6), Framing(1, 1, 3.0), frame_count=9)
    for frame in range(9):
        assert (asked.shoot(frame).luma == 200).all()


def test_ten_bits_stay_ten_bits():
    still = textured(format_of("yuv422p10le", 640, 360))
    format = format_of("yuv422p10le", 320, 180)
    shot = StillCamera(still, format, Framing(), Framing(width=0.5), frame_count=3).shoot(2)
    assert shot.luma.dtype == np.uint16
    assert shot.luma.max() > 700
    assert [plane.shape for plane in shot.planes] == [(180, 320), (180, 160), (180, 160)]


def test_what_is_near_goes_by_faster():
    matte = np.zeros((360, 640), np.float32)
    matte[120:240, 270:370] = 1
    still = textured(STILL)
    bright = Picture(
        tuple(
            np.where(cv2.resize(matte, plane.shape[::-1]) > 0.5, 235, plane).astype(plane.dtype)
            for plane in still.planes
        ),
        STILL,
    )
    start, end = Framing(0.45, 0.5, 0.6), Framing(0.55, 0.5, 0.6)
    pan = StillCamera(bright, SHOT, start, end, frame_count=20, layer=Layer(matte, still))
    left = [int(np.flatnonzero(pan.shoot(n).luma[90] >= 230)[0]) for n in (0, 19)]
    step = 0.6 * 640 / 320
    assert left[0] - left[1] == pytest.approx(1.3 * 0.1 * 640 / step, abs=1.5)
    ground = moved(pan.shoot(9), pan.shoot(10))  # the bright box has no texture
    assert abs(ground[0]) == pytest.approx(0.1 * 640 / step / 19 * 4 / 3, abs=1.0)
