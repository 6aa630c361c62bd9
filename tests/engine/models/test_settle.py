"""Made-up texture stays where it goes on from its surroundings, and goes where it does not."""

import numpy as np
from longtake_engine.models.synthesis.settle import anchored, settled
from longtake_engine.picture import Picture
from longtake_engine.testing.picture import format_of

FORMAT = format_of("gray", 160, 96)
HOLE = np.zeros((96, 160), bool)
HOLE[30:66, 60:100] = True


def stripes(phase=0):
    columns = np.arange(160) + phase
    return np.tile(np.where(columns // 8 % 2 == 0, 60, 190).astype(np.uint8), (96, 1))


def copied(way):
    """Where each pixel was copied from, `way` (across, down) off, and a picture of it."""
    rows, columns = np.indices((96, 160), np.int32)
    source = np.dstack([columns + way[0], rows + way[1]])
    luma = stripes()
    inside = np.clip(source, 0, (159, 95))
    made = np.where(HOLE, luma[inside[..., 1], inside[..., 0]], luma)
    return source, Picture((made,), FORMAT)


def test_stripes_copied_in_step_stay_and_out_of_step_are_taken_back():
    luma = stripes()
    given = Picture((np.where(HOLE, np.uint8(0), luma),), FORMAT)
    in_step, off_step = (
        settled(given, made, HOLE, source).luma[HOLE].astype(float)
        for source, made in (copied((-48, 0)), copied((-56, 0)))
    )
    true = luma[HOLE]
    assert np.abs(in_step - true).mean() < 12
    assert np.abs(off_step - true).mean() < 90  # all wrong would be 130


def test_what_lies_outside_the_hole_and_in_it_is_not_touched_or_read():
    given = Picture((np.where(HOLE, np.uint8(0), stripes()),), FORMAT)
    junk = Picture((np.where(HOLE, np.uint8(255), stripes()),), FORMAT)
    source, made = copied((-48, 0))
    one, other = settled(given, made, HOLE, source), settled(junk, made, HOLE, source)
    assert (one.luma[~HOLE] == given.luma[~HOLE]).all()
    assert (one.luma == other.luma).all()


def test_what_was_carried_into_another_light_is_not_believed():
    even = Picture((np.full((96, 160), 60, np.uint8),), FORMAT)
    bright = Picture((np.where(HOLE, np.uint8(200), np.uint8(60)),), FORMAT)
    assert np.abs(anchored(even, bright, HOLE).luma[40:56, 70:90].astype(int) - 60).max() < 15
    near = Picture((np.where(HOLE, np.uint8(64), np.uint8(60)),), FORMAT)
    assert anchored(even, near, HOLE).luma[48, 80] >= 63


def test_what_was_carried_is_believed_where_it_meets_the_edge_alone():
    even = Picture((np.full((96, 160), 100, np.uint8),), FORMAT)
    rows, columns = np.indices((96, 160))
    hill = 24 * np.exp(-((rows - 48) ** 2 + (columns - 80) ** 2) / 72)
    middle = np.s_[46:51, 78:83]
    meets = Picture(((100 + np.where(HOLE, hill, 0)).astype(np.uint8),), FORMAT)
    steps = Picture(((100 + np.where(HOLE, 24, 0)).astype(np.uint8),), FORMAT)
    kept, taken = (anchored(even, one, HOLE).luma[middle].mean() - 100 for one in (meets, steps))
    assert kept > 8 and taken < 4
