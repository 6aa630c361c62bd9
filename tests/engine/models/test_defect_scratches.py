"""Scratches are told from upright lines of the scene, which go with it."""

from collections.abc import Callable

import numpy as np
import pytest
from longtake_engine.luma import luma8
from longtake_engine.models.defect import Scratch, ScratchWatch
from longtake_engine.testing.picture import format_of, panning

SIZE = (320, 180)
FORMAT = format_of("gray", *SIZE)
COUNT = 36


def pan(step: tuple[int, int]) -> list[np.ndarray]:
    return [luma8(picture) for picture in panning(FORMAT, COUNT, step)]


def scratched(
    lumas: list[np.ndarray], column: Callable[[int], float], level: float, width: float = 2.0
) -> list[np.ndarray]:
    """`lumas` with a line `width` pixels wide at `column(frame)`, `level` brighter."""
    across = np.arange(SIZE[0])
    done = []
    for frame, luma in enumerate(lumas):
        cover = np.clip(width / 2 + 0.5 - np.abs(across - column(frame)), 0, 1)
        done.append(np.clip(np.rint(luma + level * cover), 0, 255).astype(np.uint8))
    return done


def found(lumas: list[np.ndarray], start: int = 0) -> tuple[Scratch, ...]:
    watch = ScratchWatch(start)
    for luma in lumas:
        watch.see(luma)
    return watch.end()


@pytest.mark.parametrize("level", [-60, 60])
@pytest.mark.parametrize("drift", [0.0, 0.15])
def test_a_scratch_is_found_where_the_scene_moves_behind_it(level, drift):
    (scratch,) = found(scratched(pan((3, 0)), lambda frame: 120 + drift * frame, level), 100)
    assert scratch.frames == range(100, 100 + COUNT)
    assert (scratch.top, scratch.bottom) == (0, 1)
    for frame in (100, 123, 135):
        matte = scratch.matte(frame, (180, 320)) > 0
        column = round(120 + drift * (frame - 100))
        assert matte[:, column - 1 : column + 2].all()
        assert matte.sum(axis=1).max() < 9


def test_a_clean_scene_has_no_scratch():
    assert not found(pan((3, 0)))
    assert not found(pan((0, 0)))


def test_a_line_that_goes_with_the_scene_is_no_scratch():
    assert not found(scratched(pan((3, 0)), lambda frame: 250 - 3 * frame, 60))


def test_a_scratch_that_runs_alone_over_a_still_picture_is_found():
    calm = [(luma // 8 + 100).astype(np.uint8) for luma in pan((0, 0))]
    (scratch,) = found(scratched(calm, lambda frame: 200, 30))
    assert scratch.matte(20, (180, 320))[:, 200].all()
