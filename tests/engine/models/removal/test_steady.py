"""What was filled evenly is held near what it was in the frame before."""

import numpy as np
from longtake_engine.models.removal.box import Box
from longtake_engine.models.removal.plane import PlaneScale
from longtake_engine.models.removal.steady import HELD, Before, Even

SIZE = (60, 80)  # height, width
BOX = Box(10, 10, 70, 50)
HOLE = np.s_[20:40, 30:50]
MIDDLE = np.s_[28:32, 38:42]  # of the picture


def even(value: float, box: Box = BOX) -> Even:
    """A hole filled with one value, on nothing."""
    hidden = hole()
    values = np.where(hidden, np.float32(value), np.float32(0))[box.part]
    return Even(box, values, hidden[box.part], 1.0)


def hole() -> np.ndarray:
    hidden = np.zeros(SIZE, bool)
    hidden[HOLE] = True
    return hidden


def before(old: Even | None, way: tuple[float, float] = (0.0, 0.0)) -> Before:
    """The frame before, `way` (across, down) off."""
    back = BOX.grid() + np.array(way, np.float32)
    return Before(hole(), np.full(SIZE, 50, np.float32), (old,), BOX, back)


def evened(past: Before, now: Even) -> np.ndarray:
    """H W: the new one, laid into a picture of zeros."""
    whole = np.zeros(SIZE, np.float32)
    whole[now.box.part] = past.evened(now, 0, PlaneScale(SIZE, SIZE)).values
    return whole


def test_the_middle_of_a_hole_changes_slowly_and_its_edge_as_what_is_beside_it():
    made = evened(before(even(196)), even(200))
    assert np.allclose(made[MIDDLE], 200 - 4 * HELD, atol=1)
    assert made[20, 40] > 199
    assert (made[~hole()] == 0).all()


def test_parts_may_lie_elsewhere_than_they_lay():
    moved = before(even(196, Box(20, 12, 60, 48)))
    assert (evened(moved, even(200)) == evened(before(even(196)), even(200))).all()


def test_what_lay_outside_the_hole_is_not_held():
    assert (
        evened(before(even(196), (25.0, 0.0)), even(200)) == evened(before(None), even(200))
    ).all()
    assert (evened(before(None), even(200))[HOLE] == 200).all()


def test_what_changed_much_is_not_held():
    assert np.allclose(evened(before(even(100)), even(200))[HOLE], 200, atol=0.1)
