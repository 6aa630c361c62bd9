"""Grain of what moves in a still: as strong as the still's, and new in every picture."""

import cv2
import numpy as np
import pytest
from longtake_engine.luma import luma8
from longtake_engine.picture import Picture
from longtake_engine.tasks.animate.grain import read_still_grain
from longtake_engine.testing.picture import format_of
from longtake_engine.work import Length, Stroke

WIDTH, HEIGHT = 320, 192
INNER = np.s_[92:132, 132:252]


def soft_scene(grain: float, size: float = 0.0) -> Picture:
    """Smooth light with grain of so many levels, perhaps as coarse as `size` pixels."""
    random = np.random.default_rng(3)
    coarse = random.normal(128, 60, (5, 8)).astype(np.float32)
    light = cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC).clip(50, 200)
    planes = []
    for _ in range(3):
        noise = random.normal(0, 1, (HEIGHT, WIDTH))
        if size:
            noise = cv2.GaussianBlur(noise, (0, 0), size)
            noise /= noise.std()
        planes.append((light + grain * noise + 0.5).clip(0, 255).astype(np.uint8))
    return Picture(tuple(planes), format_of("gbrp", WIDTH, HEIGHT))


def fine(picture: Picture) -> np.ndarray:
    luma = luma8(picture).astype(np.float32)
    return luma - cv2.GaussianBlur(luma, (0, 0), 3)


@pytest.mark.parametrize(("grain", "size"), [(4.0, 0.0), (8.0, 0.0), (6.0, 0.8)])
def test_grain_is_told_from_one_picture(grain, size):
    found = read_still_grain(soft_scene(grain, size), seed=0)
    assert found is not None
    assert found.strength == pytest.approx(grain, rel=0.15)
    assert (found.stock.grain.kernels[0].shape == (1, 1)) == (size == 0)


def test_what_is_clean_or_all_texture_has_none(still):
    assert read_still_grain(soft_scene(0.5), seed=0) is None
    noise = np.random.default_rng(0).normal(0, 40, (HEIGHT // 6, WIDTH // 6))
    rough = cv2.resize(noise, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    plane = (rough + 128).clip(0, 255).astype(np.uint8)
    assert read_still_grain(Picture((plane,), format_of("gray", WIDTH, HEIGHT)), seed=0) is None


def test_it_neither_stands_still_nor_is_drawn_along(tmp_path, paint, move):
    scene = soft_scene(6.0)
    path = tmp_path / "grainy.png"
    cv2.imwrite(str(path), np.dstack([scene.planes[n] for n in (1, 0, 2)]))
    stroke = Stroke(paint(), 48, 0)  # two pixels a frame
    made = move(path, [stroke], duration=Length(frames=10)).pictures()
    for picture in made:
        assert np.array_equal(picture.luma[:64], scene.luma[:64])
        assert fine(picture)[INNER].std() == pytest.approx(fine(scene)[INNER].std(), rel=0.12)
    before, after = fine(made[5]), fine(made[6])
    drawn_along = np.corrcoef(before[92:132, 130:250].ravel(), after[INNER].ravel())[0, 1]
    in_place = np.corrcoef(before[INNER].ravel(), after[INNER].ravel())[0, 1]
    assert abs(drawn_along) < 0.3
    assert abs(in_place) < 0.3
