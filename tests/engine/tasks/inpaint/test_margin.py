from contextlib import ExitStack

import numpy as np
import pytest
from longtake_engine.tasks.inpaint.margin import grow_all, least_margin
from longtake_engine.tasks.inpaint.matte import Mattes

SIZE = 240, 320


def widened(folder, speed):
    """Pixels by which the margin widens a square that goes right by `speed` pixels a frame."""
    with ExitStack() as stack:
        source, target = (stack.enter_context(Mattes(folder, SIZE)) for _ in range(2))
        for frame in range(5):
            matte = np.zeros(SIZE, np.uint8)
            left = 60 + speed * frame
            matte[100:140, left : left + 40] = 255
            source.add((frame,), matte)
        assert list(grow_all(source, target, None)) == list(range(5))
        solid = target.matte(2) > 127
        return (int(solid.any(0).sum()) - 40) / 2


def test_a_thing_that_stands_still_gets_the_least_margin(tmp_path):
    assert widened(tmp_path, 0) == pytest.approx(least_margin(SIZE[0]), abs=1)


def test_the_margin_grows_with_speed_and_not_without_end(tmp_path):
    found = [widened(tmp_path, speed) for speed in (0, 8, 16, 40)]
    assert found[0] < found[1] < found[2] <= found[3]
    assert found[1] >= found[0] + 3, "half of the way that it goes in a frame"
    assert found[3] < found[0] + SIZE[0] / 15
