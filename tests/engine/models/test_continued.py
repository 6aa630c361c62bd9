"""A hole filled smoothly, with the edges that run into it going on through it."""

import cv2
import numpy as np
from longtake_engine.models.synthesis.blend import membrane
from longtake_engine.models.synthesis.continued import continued

SIZE = 64
HOLE = np.s_[22:42, 22:42]


def slanted() -> np.ndarray:
    """H W float32: an edge that runs through the hole on a slant."""
    row, column = np.mgrid[:SIZE, :SIZE].astype(np.float32)
    return np.clip((column - 31.5 + 0.4 * (row - 31.5)) * 40 + 120, 60, 180).astype(np.float32)


def holed(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The picture with garbage in its hole, and where that is."""
    hidden = np.zeros(picture.shape, bool)
    hidden[HOLE] = True
    return np.where(hidden, np.float32(255), picture), hidden


def test_an_edge_goes_on_through_a_hole():
    picture = slanted()
    shown, hidden = holed(picture)
    made = continued(shown, hidden)
    assert (made[~hidden] == picture[~hidden]).all()
    errors = [
        float(((filled - picture)[hidden] ** 2).mean())
        for filled in (made, membrane(shown, ~hidden))
    ]
    assert errors[0] < errors[1] / 3


def test_a_slope_goes_on_from_side_to_side():
    slope = np.tile(2 * np.arange(SIZE, dtype=np.float32), (SIZE, 1))
    shown, hidden = holed(slope)
    assert np.abs(continued(shown, hidden) - slope)[hidden].max() < 4


def test_nothing_in_the_hole_is_read():
    picture = slanted()
    shown, hidden = holed(picture)
    other = np.where(hidden, np.float32(7), picture)
    assert (continued(shown, hidden) == continued(other, hidden)).all()


def test_what_is_even_stays_even_and_within_what_is_known():
    noise = np.random.default_rng(1).normal(0, 4, (SIZE, SIZE)).astype(np.float32)
    shown, hidden = holed(cv2.GaussianBlur(noise, (0, 0), 1.0) + 100)
    made = continued(shown, hidden)
    assert abs(float(made[hidden].mean()) - 100) < 2
    assert made[hidden].min() > shown[~hidden].min() and made[hidden].max() < shown[~hidden].max()


def test_more_levels_are_the_same_picture():
    shown, hidden = holed(slanted())
    fine = continued(shown * 4, hidden, levels=4.0)
    assert np.abs(fine / 4 - continued(shown, hidden)).max() < 0.01


def test_a_hole_over_all_or_nothing_is_no_hole_to_fill():
    picture = slanted()
    assert (continued(picture, np.zeros(picture.shape, bool)) == picture).all()
    assert np.isfinite(continued(picture, np.ones(picture.shape, bool))).all()


def test_holes_at_the_edge_and_in_small_pictures_are_filled():
    picture = slanted()[:9, :30]
    hidden = np.zeros(picture.shape, bool)
    hidden[:5, :12] = True
    made = continued(np.where(hidden, np.float32(0), picture), hidden)
    assert np.abs(made - picture)[hidden].mean() < 20
