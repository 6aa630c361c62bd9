import numpy as np
import pytest
from longtake_engine.models.between import fill_hole
from longtake_engine.models.between.sweep import measure_sweep
from longtake_engine.picture import Picture
from longtake_engine.testing.picture import crossing, format_of, panning, psnr_db, textured

FORMAT = format_of("yuv420p", 320, 180)
MISSING = 12
FAR = 0.45  # of the picture's width, over the hole
PERIOD = 16  # pixels from picket to picket


def fenced(picture: Picture, x: int) -> Picture:
    """The view from `x` with a fence across its middle, that stands in the world."""
    luma = picture.luma.copy()
    height, width = luma.shape
    pickets = (np.arange(width) + x) % PERIOD < PERIOD // 2
    luma[height // 2 : height * 3 // 4] = np.where(pickets, 220, 60)
    return Picture((luma, *picture.planes[1:]), picture.format)


def filled_db(clip: list[Picture]) -> float:
    """The worst frame of a hole in the middle of `clip`."""
    before, truth, after = clip[:3], clip[3 : 3 + MISSING], clip[3 + MISSING :]
    made = fill_hole(before, after, MISSING)
    return min(psnr_db(one.picture, true, inset=8) for one, true in zip(made, truth, strict=True))


@pytest.mark.parametrize("step", [(11, 0), (11, 2), (0, 6)])
def test_a_sweep_of_nearly_half_the_picture_is_filled(step):
    assert filled_db(panning(FORMAT, MISSING + 6, step)) > 34


@pytest.mark.parametrize("step", [6, 11])  # 4.9 and 8.9 periods over the hole
def test_a_fence_does_not_slip_to_the_next_picket(step):
    clip = [fenced(textured(FORMAT, step * n), step * n) for n in range(MISSING + 6)]
    assert filled_db(clip) > 36


def test_the_sweep_is_told_to_a_part_of_a_pixel():
    x = round(FAR * FORMAT.width)
    first, second = textured(FORMAT).luma, textured(FORMAT, x, 8).luma
    sweep = measure_sweep(first, second, FORMAT.width)
    assert sweep is not None
    assert np.abs(sweep - [[1, 0, -x], [0, 1, -8]]).max() < 0.3
    half = measure_sweep(first, second, FORMAT.width // 2)
    assert half is not None
    assert np.abs(half - [[1, 0, -x / 2], [0, 1, -4]]).max() < 0.15


def test_where_little_moves_or_nothing_is_recognised_there_is_no_sweep():
    still = crossing(FORMAT, 6)
    assert measure_sweep(still[0].luma, still[5].luma, 320) is None
    assert measure_sweep(textured(FORMAT).luma, textured(FORMAT, seed=5).luma, 320) is None
    plain = np.full((180, 320), 90, np.uint8)
    assert measure_sweep(plain, plain, 320) is None
