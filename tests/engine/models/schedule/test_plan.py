"""What must hold of every schedule, whatever is known, wanted and possible."""

import random
from itertools import pairwise

import pytest
from longtake_engine.errors import WrongCall
from longtake_engine.models.schedule import Limits, Schedule, plan

WAYS = [None, "autoregressive", "hierarchical", "long_range"]
SIDES = ["none", "before", "after", "both"]


def chance(seed: int, sides: str) -> tuple[list[int], range, Limits]:
    """What is known, what is wanted, and limits, drawn by `seed`."""
    draw = random.Random(seed)
    window = draw.randint(2, 30)
    overlap = draw.randint(0, window - 1)
    recalled = draw.randint(0, window - 1 - overlap)
    start = draw.randint(-50, 50)
    wanted = range(start, start + draw.randint(1, 200))
    known: list[int] = []
    if sides in ("before", "both"):
        known += range(start - draw.randint(1, 60), start)
    if sides in ("after", "both"):
        known += range(wanted.stop, wanted.stop + draw.randint(1, 60))
    if seed % 5 == 0:
        known = known[::2]  # pictures that repeat are left out
    if seed % 7 == 0:
        known += wanted[::3]  # known in part, to be made all the same
    draw.shuffle(known)
    return known, wanted, Limits(window, overlap, recalled)


def check(schedule: Schedule, known: list[int], wanted: range, limits: Limits) -> None:
    """The schedule keeps what `plan` promises."""
    have = {frame for frame in known if frame not in wanted}
    made: list[int] = []
    for window in schedule.windows:
        assert window.made
        assert window.size <= limits.window_frames
        assert len(window.recalled) <= limits.recalled_frames
        for frames in (window.seen, window.made, window.recalled):
            assert list(frames) == sorted(set(frames))
        assert {*window.seen, *window.recalled} <= have
        assert not {*window.seen} & {*window.recalled}
        if have and limits.overlap_frames:
            assert window.seen
        if window.spacing == 1:
            assert all(later == one + 1 for one, later in pairwise(window.made))
        have |= {*window.made}
        made += window.made
    assert sorted(made) == list(wanted)


@pytest.mark.parametrize("sides", SIDES)
@pytest.mark.parametrize("way", WAYS)
def test_every_frame_is_made_once_of_what_is_there_by_then(way, sides):
    for seed in range(300):
        known, wanted, limits = chance(seed, sides)
        check(plan(known, wanted, limits, way), known, wanted, limits)


@pytest.mark.parametrize("way", WAYS)
def test_heads_are_made_as_tails_are_in_a_mirror(way):
    for seed in range(100):
        known, wanted, limits = chance(seed, "before")
        known = [frame for frame in known if frame not in wanted]
        tail = plan(known, wanted, limits, way)
        back = range(1 - wanted.stop, 1 - wanted.start)
        head = plan([-frame for frame in known], back, limits, way)
        for there, here in zip(tail.windows, head.windows, strict=True):
            assert [-frame for frame in reversed(there.made)] == list(here.made)
            assert [-frame for frame in reversed(there.seen)] == list(here.seen)


def test_each_window_goes_on_from_the_one_before_it():
    schedule = plan(range(40), range(40, 80), Limits(17, 4))
    assert schedule.way == "autoregressive"
    assert schedule.windows[0].seen == (36, 37, 38, 39)
    for before, window in pairwise(schedule.windows):
        assert window.seen == before.made[-4:]
        assert window.made[0] == before.made[-1] + 1


def test_the_last_window_is_about_as_long_as_the_others():
    for count in range(1, 200):
        windows = plan(range(9), range(9, 9 + count), Limits(17, 4)).windows
        assert len(windows) == -(-count // 13)
        sizes = [len(window.made) for window in windows]
        assert max(sizes) - min(sizes) < len(windows)


def test_far_frames_are_seen_of_what_was_known_at_first():
    schedule = plan(range(100), range(100, 200), Limits(17, 4, 3))
    assert schedule.way == "long_range"
    assert schedule.windows[0].recalled == (0, 48, 95)  # not what lies beside
    assert all(window.recalled == (0, 50, 99) for window in schedule.windows[1:])


def test_keyframes_come_first_and_reach_the_other_side():
    known = [*range(50), *range(150, 200)]
    schedule = plan(known, range(50, 150), Limits(17, 4))
    assert schedule.way == "hierarchical"
    first = schedule.windows[0]
    assert first.spacing > 1
    assert {49, 150} <= set(first.seen)
    assert max(b - a for a, b in pairwise((49, *first.made, 150))) <= 13
    for window in schedule.windows[1:]:
        assert window.seen[0] < window.made[0]
        assert window.seen[-1] > window.made[-1]  # what it has to arrive at


def test_two_sides_can_be_joined_without_keyframes():
    known = [*range(50), *range(150, 200)]
    windows = plan(known, range(50, 150), Limits(17, 4), "autoregressive").windows
    last = windows[-1]
    assert len([frame for frame in last.seen if frame < last.made[0]]) == 4
    assert len([frame for frame in last.seen if frame > last.made[-1]]) == 4


def test_frames_come_in_time_order_and_say_what_they_wait_for():
    schedule = plan(range(100, 140), range(60, 100), Limits(17, 4))
    order = list(schedule.in_order())
    assert [frame for frame, _ in order] == list(range(60, 100))
    assert order[0][1] == len(schedule.windows)  # a head is made from its end
    tail = plan(range(40), range(40, 80), Limits(17, 4))
    needed = [count for _, count in tail.in_order()]
    assert needed[0] == 1
    assert needed == sorted(needed)
    assert needed[-1] == len(tail.windows)


def test_a_window_without_room_for_a_new_frame_is_refused():
    with pytest.raises(WrongCall, match="no room for a new one"):
        Limits(4, 4)
    with pytest.raises(WrongCall):
        Limits(8, 4, 4)
