import cv2
import numpy as np
import pytest
from longtake_engine.models.still.cutout import Course, Shift, lay
from longtake_engine.picture import Picture
from longtake_engine.testing.picture import format_of, textured

WIDTH, HEIGHT = 320, 240


def disc(x: float = 100, y: float = 120, radius: float = 30) -> np.ndarray:
    matte = np.zeros((HEIGHT, WIDTH), np.float32)
    cv2.circle(matte, (round(x), round(y)), round(radius), 1.0, -1, cv2.LINE_AA)
    return cv2.GaussianBlur(matte, (0, 0), 1)


def scene(pixel_format: str = "yuv420p") -> tuple[Picture, Picture, np.ndarray]:
    """A ground, the same with a bright disc before it, and the disc's matte."""
    format = format_of(pixel_format, WIDTH, HEIGHT)
    ground, matte = textured(format), disc()
    planes = []
    for number, plane in enumerate(ground.planes):
        alpha = cv2.resize(matte, plane.shape[::-1], interpolation=cv2.INTER_AREA)
        bright = 0.9 * format.max_value
        planes.append((plane * (1 - alpha) + bright * alpha + 0.5).astype(plane.dtype))
        assert format.plane_size(number) == plane.shape
    return ground, Picture(tuple(planes), format), matte


def middle(matte: np.ndarray) -> tuple[float, float]:
    moments = cv2.moments(matte)
    return moments["m10"] / moments["m00"], moments["m01"] / moments["m00"]


@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuv422p10le", "gbrp", "gray"])
def test_the_thing_lies_where_the_course_has_it(pixel_format):
    ground, picture, matte = scene(pixel_format)
    made, lies = lay(picture, matte, ground, Course({0: Shift(80, -30)}), 0)
    assert middle(lies) == pytest.approx((180, 90), abs=0.3)
    assert made.luma[90, 180] == pytest.approx(0.9 * picture.format.max_value, abs=2)
    assert np.array_equal(made.luma[lies == 0], ground.luma[lies == 0])
    assert made.luma[120, 100] == ground.luma[120, 100]


def test_a_thing_left_where_it_was_gives_the_picture_it_was_cut_from():
    ground, picture, matte = scene()
    made, _ = lay(picture, matte, ground, Course({0: Shift()}), 0)
    difference = np.abs(made.luma.astype(int) - picture.luma)
    assert difference.max() <= 12
    assert difference.mean() < 0.2


def test_no_rim_of_the_old_ground_comes_along():
    ground, picture, matte = scene()
    dark = Picture(tuple(np.full_like(plane, 20) for plane in ground.planes), ground.format)
    made, lies = lay(picture, matte, dark, Course({0: Shift(60, 0)}), 0)
    rim = (lies > 0.3) & (lies < 0.7)
    bright = 0.9 * picture.format.max_value
    expected = lies[rim] * bright + (1 - lies[rim]) * 20
    assert np.abs(made.luma[rim] - expected).mean() < 4


@pytest.mark.parametrize("scale", [0.5, 2.0])
def test_it_grows_and_shrinks_about_its_middle(scale):
    ground, picture, matte = scene()
    _, lies = lay(picture, matte, ground, Course({0: Shift(40, 0, scale)}), 0)
    assert lies.sum() == pytest.approx(matte.sum() * scale**2, rel=0.05)
    assert middle(lies) == pytest.approx((140, 120), abs=0.5)


def test_it_eases_from_stop_to_stop_and_rests_beyond_them():
    course = Course({10: Shift(), 30: Shift(100, 0, 4.0), 50: Shift(100, 50)})
    assert course.at(0) == Shift() == course.at(10)
    assert course.at(20) == Shift(50, 0, 2.0)
    assert course.at(99) == Shift(100, 50)
    steps = np.diff([course.at(frame).dx for frame in range(10, 31)])
    assert steps[0] < 1 > steps[-1]
    assert steps.max() == pytest.approx(7.5, abs=0.1)


def test_what_moves_fast_is_blurred_along_its_way_and_only_there():
    ground, picture, matte = scene()
    fast = Course({0: Shift(), 4: Shift(160, 0)})
    _, lies = lay(picture, matte, ground, fast, 2)
    wide = np.flatnonzero(lies[120] > 0.02)
    high = np.flatnonzero(lies[:, 180] > 0.02)
    assert len(wide) > len(high) + 15
    assert lies.sum() == pytest.approx(matte.sum(), rel=0.02)
    assert middle(lies) == pytest.approx((180, 120), abs=0.5)


def test_what_leaves_the_picture_is_cut_off_there():
    ground, picture, matte = scene()
    made, lies = lay(picture, matte, ground, Course({0: Shift(-100, 0)}), 0)
    assert lies.sum() == pytest.approx(matte.sum() / 2, rel=0.05)
    assert np.array_equal(made.luma[:, 60:], ground.luma[:, 60:])
