import numpy as np
import pytest
from longtake_engine.models.flow import (
    consistency,
    dense_flow,
    fill_unsure,
    flow_both_ways,
    pixel_grid,
    sample,
    splat,
)
from longtake_engine.testing.picture import format_of, textured

WIDTH, HEIGHT = 120, 80
FORMAT = format_of("gray", WIDTH, HEIGHT)


def constant(x: float, y: float) -> np.ndarray:
    return np.full((HEIGHT, WIDTH, 2), (x, y), np.float32)


@pytest.mark.parametrize("fine", [True, False])
@pytest.mark.parametrize("step", [(2, 0), (-3, 2), (0, -4)])
def test_the_field_leads_to_where_it_is_seen_next(step, fine):
    first = textured(FORMAT, 20, 20).luma
    second = textured(FORMAT, 20 + step[0], 20 + step[1]).luma
    field = dense_flow(first, second, fine=fine)
    assert field.shape == (HEIGHT, WIDTH, 2)
    inner = field[12:-12, 12:-12]
    assert np.allclose(np.median(inner, axis=(0, 1)), (-step[0], -step[1]), atol=0.15)
    landed = sample(second, pixel_grid(HEIGHT, WIDTH) + field)
    assert np.abs(landed.astype(int) - first)[12:-12, 12:-12].mean() < 4


def test_fields_that_undo_each_other_are_sure():
    assert consistency(constant(3, -1), constant(-3, 1)).min() > 0.999
    assert consistency(constant(3, -1), constant(3, -1)).max() < 0.01
    still = consistency(constant(0, 0), constant(0, 0))
    assert still.dtype == np.float32
    assert still.shape == (HEIGHT, WIDTH)


def test_only_the_place_that_differs_is_unsure():
    forward, backward = constant(4, 0), constant(-4, 0)
    backward[20:50, 40:70] = (9, 9)
    sure = consistency(forward, backward)
    assert sure[22:48, 38:64].max() < 0.01
    sure[18:52, 34:68] = 1
    assert sure.min() > 0.99


def test_what_is_unsure_comes_from_its_surroundings():
    field = np.dstack([pixel_grid(HEIGHT, WIDTH)[..., 0] * 0.05, np.full((HEIGHT, WIDTH), 2.0)])
    field = field.astype(np.float32)
    spoilt, weight = field.copy(), np.ones((HEIGHT, WIDTH), np.float32)
    spoilt[30:50, 50:70] = 99
    weight[30:50, 50:70] = 0
    filled = fill_unsure(spoilt, weight)
    assert np.allclose(filled[weight > 0], field[weight > 0], atol=1e-4)
    assert np.abs(filled - field).max() < 1.0
    assert np.abs(filled[..., 1] - 2).max() < 0.05


def test_where_nothing_is_sure_nothing_blows_up():
    filled = fill_unsure(constant(5, 5), np.zeros((HEIGHT, WIDTH), np.float32))
    assert np.isfinite(filled).all()
    one = np.zeros((HEIGHT, WIDTH), np.float32)
    one[40, 60] = 1
    assert np.allclose(fill_unsure(constant(5, -5), one), (5, -5), atol=0.01)


def test_splat_moves_values_and_says_what_is_bare():
    values = pixel_grid(HEIGHT, WIDTH)
    weight = np.ones((HEIGHT, WIDTH), np.float32)
    carried, coverage = splat(values, constant(7, 3), weight)
    assert np.allclose(coverage[3:, 7:], 1)
    assert coverage[:3].max() == 0 and coverage[:, :7].max() == 0
    assert np.allclose(carried[3:, 7:], values[:-3, :-7])


def test_splat_between_pixels_goes_to_the_nearest_and_loses_nothing():
    weight = np.ones((HEIGHT, WIDTH), np.float32)
    carried, coverage = splat(pixel_grid(HEIGHT, WIDTH), constant(0.6, 0.25), weight)
    inner = np.s_[2:-2, 2:-2]
    assert (coverage[inner] == 1).all()
    assert np.allclose(carried[inner], (pixel_grid(HEIGHT, WIDTH) - (1, 0))[inner])


def test_both_ways_are_the_two_ways():
    first, second = textured(FORMAT, 20, 20).luma, textured(FORMAT, 23, 20).luma
    forward, backward = flow_both_ways(first, second)
    assert np.array_equal(forward, dense_flow(first, second))
    assert np.array_equal(backward, dense_flow(second, first))


def test_a_heavier_layer_covers_the_others():
    displacement = constant(0, 0)
    displacement[:, :40] = (20, 0)
    weight = np.ones((HEIGHT, WIDTH), np.float32)
    weight[:, :40] = 1000
    values = np.zeros((HEIGHT, WIDTH, 1), np.float32)
    values[:, :40] = 1
    carried, coverage = splat(values, displacement, weight)
    assert carried[:, 20:60].min() > 0.99
    assert carried[:, 60:].max() == 0
    assert coverage[:, :20].max() == 0
    assert np.allclose(coverage[:, 40:60], 2)
