import numpy as np
import pytest
from longtake_engine.picture import Picture
from longtake_engine.splice.color import ColorShift, measure_shift
from longtake_engine.testing.picture import format_of, panning, textured

FORMATS = ["yuv420p", "yuv422p10le", "gbrp12le", "gray16le", "yuva444p10le"]


def lighter(picture: Picture, levels: float) -> Picture:
    """Every colour plane brighter by 8-bit `levels`."""
    format = picture.format
    color_planes = format.plane_count - format.has_alpha
    planes = []
    for number, plane in enumerate(picture.planes):
        change = levels * format.max_value / 255 if number < color_planes else 0
        moved = np.clip(np.rint(plane + change), 0, format.max_value)
        planes.append(moved.astype(plane.dtype))
    return Picture(tuple(planes), format)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("levels", [1, 4, -12])
def test_a_planted_offset_is_found_and_taken_out(name, levels):
    format = format_of(name, 96, 64)
    known = [textured(format)] * 8
    shift = measure_shift(known, lighter(known[-1], levels))
    color_planes = format.plane_count - format.has_alpha
    unit = format.max_value / 255
    assert shift.offsets[:color_planes] == pytest.approx([-levels * unit] * color_planes, abs=0.6)
    (mended,) = shift.apply([lighter(known[-1], levels)])
    assert mended.format == format
    for plane, kept in zip(mended.planes, known[-1].planes, strict=True):
        assert plane.dtype == format.dtype
        assert np.abs(plane.astype(int) - kept).max() <= 1


@pytest.mark.parametrize("name", FORMATS)
def test_what_the_clip_does_by_itself_is_left_alone(name):
    format = format_of(name, 96, 64)
    pan = panning(format, 9)
    assert measure_shift(pan[:8], pan[8]) == ColorShift()
    still = [textured(format)] * 8
    assert measure_shift(still, still[0]) == ColorShift()
    assert measure_shift(still, lighter(still[0], 0.3)) == ColorShift()  # too small to be seen
    fade = [lighter(still[0], n) for n in range(9)]
    assert measure_shift(fade[:8], fade[8]) == ColorShift()


def test_in_a_fade_only_the_excess_is_taken_out():
    still = textured(format_of("yuv420p", 96, 64))
    fade = [lighter(still, n) for n in range(8)]
    shift = measure_shift(fade, lighter(still, 8 + 6))
    assert shift.offsets == pytest.approx([-6, -6, -6], abs=0.6)


def test_transparency_keeps_its_own_value():
    format = format_of("yuva444p10le", 96, 64)
    known = [textured(format)] * 4
    shift = measure_shift(known, lighter(known[0], 5))
    assert shift.offsets[3] == 0
    (mended,) = shift.apply([known[0]])
    assert np.array_equal(mended.planes[3], known[0].planes[3])


def test_no_number_leaves_the_range_or_wraps_round():
    for name in ("yuv420p", "yuv422p10le"):
        format = format_of(name, 32, 18)
        ends = [np.full(format.plane_size(n), 0, format.dtype) for n in range(3)]
        ends[0][:, ::2] = format.max_value
        for offset in (20.0, -20.0):
            (moved,) = ColorShift((offset,) * 3).apply([Picture(tuple(ends), format)])
            low, high = max(0, offset), format.max_value + min(0, offset)
            assert (moved.planes[0][:, 1::2] == low).all()
            assert (moved.planes[0][:, ::2] == high).all()


def test_without_a_shift_the_pictures_pass_untouched():
    picture = textured(format_of("yuv420p", 32, 18))
    (passed,) = ColorShift().apply([picture])
    assert passed is picture
