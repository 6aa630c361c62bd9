from fractions import Fraction

import numpy as np
import pytest
from longtake_engine.models.diffusion.family import Grid
from longtake_engine.models.diffusion.fit import Region, fit, region_round

GRID = Grid(16, 832 * 480, 81, Fraction(16))


@pytest.mark.parametrize(
    ("width", "height"), [(1920, 1080), (1080, 1920), (720, 576), (4096, 1716), (97, 61), (8, 8)]
)
def test_a_picture_fits_in_its_own_aspect(width, height):
    found = fit(GRID, Region(0, 0, height, width))
    assert found.grid_height % 16 == found.grid_width % 16 == 0
    assert found.grid_height * found.grid_width <= max(GRID.area, 256)
    assert 0 <= found.grid_height - found.height < 16
    assert 0 <= found.grid_width - found.width < 16
    assert found.width <= width and found.height <= height, "nothing is enlarged"
    assert found.width / found.height == pytest.approx(width / height, rel=0.03)


def test_there_and_back_is_the_same_where_nothing_shrinks():
    rgb = np.random.default_rng(1).random((61, 97, 3)).astype(np.float32)
    found = fit(GRID, Region(0, 0, 61, 97))
    shown = found.shown(rgb)
    assert shown.shape == (64, 112, 3)
    assert np.array_equal(shown[63, :97], rgb[60]), "beyond the picture its edge goes on"
    assert np.array_equal(found.back(shown), rgb)


def test_anything_hidden_is_hidden_on_a_smaller_grid():
    mask = np.ones((1080, 1920), np.float32)
    mask[333, 777] = 0.9
    found = fit(GRID, Region(0, 0, 1080, 1920))
    hidden = found.hidden(mask)
    assert set(np.unique(hidden)) == {0, 1}
    rows, columns = np.nonzero(hidden)
    assert abs(rows.mean() / found.height - 333 / 1080) < 0.01
    assert abs(columns.mean() / found.width - 777 / 1920) < 0.01


@pytest.mark.parametrize(
    "box", [(0, 0, 20, 30), (500, 900, 540, 980), (1070, 1900, 1080, 1920), (0, 0, 1080, 40)]
)
def test_a_small_hole_is_seen_at_full_size(box):
    hidden = np.zeros((1080, 1920), bool)
    top, left, bottom, right = box
    hidden[top:bottom, left:right] = True
    region = region_round(hidden, GRID.area)
    assert 0 <= region.top <= top and bottom <= region.bottom <= 1080
    assert 0 <= region.left <= left and right <= region.right <= 1920
    assert region.height * region.width == pytest.approx(GRID.area, rel=0.05)
    assert fit(GRID, region).height > 0.9 * region.height


def test_a_large_hole_is_seen_with_all_there_is():
    hidden = np.zeros((100, 200), bool)
    hidden[10:90, 20:180] = True
    assert region_round(hidden, GRID.area) == Region(0, 0, 100, 200)
