from typing import Any

from longtake_engine.server.idle import Idleness


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


CONTEXT: Any = None


def test_neither_a_call_nor_a_job_is_idleness_and_it_counts_from_their_end():
    clock = Clock()
    idleness = Idleness(clock)
    clock.now_s += 5
    assert idleness.idle_s(working=False) == 5
    with idleness.counted("/a", CONTEXT):
        clock.now_s += 50
        assert idleness.idle_s(working=False) == 0
        with idleness.counted("/b", CONTEXT):
            clock.now_s += 50
    assert idleness.idle_s(working=False) == 0
    clock.now_s += 2
    assert idleness.idle_s(working=False) == 2
    assert idleness.idle_s(working=True) == 0
    clock.now_s += 3
    assert idleness.idle_s(working=False) == 3
