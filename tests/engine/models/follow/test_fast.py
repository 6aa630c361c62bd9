import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.models.camera import Similarity
from longtake_engine.models.follow import follow
from longtake_engine.models.follow.pace import Pace, ways_of
from longtake_engine.work import Box

FAST = [(30 + 30 * n, 40 + 32 * (n % 2)) for n in range(4)]  # further than it is wide


def test_a_small_thing_that_leaps_is_followed(disc_clip):
    clip = disc_clip(FAST)
    x, y = FAST[0]
    found = list(follow(clip.pictures, [Box(x - 20, y - 20, 40, 40)], clip.frames, CancelToken()))
    assert all(one.present for one in found)
    assert min(clip.iou(one.frame, one.matte) for one in found) > 0.7


THING = np.zeros((40, 60), np.float32)
THING[10:30, 10:50] = 1
SURE = np.ones_like(THING)


def ways_to(across: float) -> np.ndarray:
    """The thing goes to the right by `across` pixels, all else stands."""
    return np.dstack([THING * across, np.zeros_like(THING)])


def test_what_goes_otherwise_is_not_the_thing():
    pace = Pace().learned(ways_to(6.0), THING, SURE)
    ways = ways_to(6.0)
    ways[10:30, 45:50] = -6  # another thing goes before it
    odds = pace.odds(ways, THING, SURE)
    assert np.all(odds[10:30, 45:50] < -2)
    assert np.all(odds[10:30, 10:45] == 0)


def test_a_thing_that_turns_is_still_the_thing():
    pace = Pace().learned(ways_to(6.0), THING, SURE)
    assert not pace.odds(ways_to(-6.0), THING, SURE).any()


def test_nothing_is_said_before_the_pace_is_known():
    assert not Pace().odds(ways_to(6.0), THING, SURE).any()


@pytest.mark.parametrize("camera", [0j, 3 - 2j])
def test_ways_leave_the_cameras_move_out(camera):
    back_flow = np.full((4, 5, 2), -1.0, np.float32) * (camera.real, camera.imag)
    assert np.allclose(ways_of(back_flow, Similarity(1, camera)), 0)
