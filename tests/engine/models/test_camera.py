import cmath
import math

import cv2
import numpy as np
import pytest
from longtake_engine.luma import luma8
from longtake_engine.models.camera import (
    Similarity,
    fit_similarity,
    mean_move,
    measure_camera,
    part_of,
)
from longtake_engine.testing.picture import format_of, textured

WIDTH, HEIGHT = 320, 200
PICTURE = textured(format_of("gray", WIDTH, HEIGHT))
MOVES = [
    Similarity(),
    Similarity(1, 5),
    Similarity(1, -3 + 2j),
    Similarity(cmath.rect(1, math.radians(1)), 0),
    Similarity(1.02 + 0j, 1 - 2j),
    Similarity(cmath.rect(0.985, math.radians(-0.7)), 4 + 1j),
]


def moved(image: np.ndarray, move: Similarity) -> np.ndarray:
    """Where every pixel of `image` is after the move."""
    matrix = move.matrix(*image.shape)
    size = image.shape[::-1]
    return cv2.warpAffine(image, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_a_known_move_is_measured(move):
    found = measure_camera(PICTURE.luma, moved(PICTURE.luma, move), WIDTH)
    assert abs(found.a - move.a) < 0.002
    assert abs(found.b - move.b) < 0.15


def test_moves_measured_small_are_in_pixels_of_the_full_size():
    pair = PICTURE.luma, moved(PICTURE.luma, Similarity(1, 6 + 2j))
    first, second = (cv2.resize(p, (160, 100), interpolation=cv2.INTER_AREA) for p in pair)
    assert abs(measure_camera(first, second, WIDTH).b - (6 + 2j)) < 0.5


def test_something_in_front_does_not_fool_it():
    first = PICTURE.luma.copy()
    second = moved(first, Similarity(1, 4))
    other = luma8(textured(PICTURE.format, seed=5))
    first[60:140, 100:200] = other[60:140, 100:200]
    second[60:140, 92:192] = other[60:140, 100:200]  # goes the other way
    assert abs(measure_camera(first, second, WIDTH).b - 4) < 0.3


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_cut_does_not_throw_the_camera(seed):
    found = measure_camera(PICTURE.luma, luma8(textured(PICTURE.format, seed=seed)), WIDTH)
    assert abs(found.a - 1) < 0.05
    assert abs(found.b) < WIDTH / 20


def test_where_nothing_is_to_be_seen_there_is_no_move():
    flat = np.full((HEIGHT, WIDTH), 90, np.uint8)
    assert measure_camera(flat, flat, WIDTH) == Similarity()


def test_a_field_that_nobody_is_sure_of_fits_nothing():
    field = np.full((64, 96, 2), 3, np.float32)
    assert fit_similarity(field, np.zeros((64, 96), np.float32), 1) == Similarity()
    found = fit_similarity(field, np.ones((64, 96), np.float32), 2)
    assert abs(found.b - (6 + 6j)) < 1e-3


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_displacement_and_matrix_say_the_same(move):
    field = move.displacement(HEIGHT, WIDTH, 1)
    matrix = move.matrix(HEIGHT, WIDTH)
    for x, y in ((0, 0), (WIDTH - 1, 3), (40, HEIGHT - 1)):
        assert np.allclose(matrix @ (x, y, 1), (x + field[y, x, 0], y + field[y, x, 1]), atol=1e-3)
    half = move.displacement(HEIGHT // 2, WIDTH // 2, 0.5)
    assert np.allclose(half[50, 80], field[100, 160] / 2, atol=0.02)


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_moves_join_undo_and_divide(move):
    other = Similarity(cmath.rect(1.01, 0.02), 3 - 1j)
    z = 17 - 40j

    def at(m: Similarity, point: complex) -> complex:
        return m.a * point + m.b

    assert at(move.then(other), z) == pytest.approx(at(other, at(move, z)))
    assert at(move.then(move.inverse), z) == pytest.approx(z)
    assert part_of(move, 1).a == pytest.approx(move.a)
    assert part_of(move, 0) == Similarity()
    assert at(mean_move([move, move, move]), z) == pytest.approx(at(move, z))
    assert mean_move([]) == Similarity()
