"""Items made in another thread come as they would have come."""

import threading

import pytest
from longtake_engine.tasks.ahead import work_ahead


def go_on() -> None:
    pass


def test_all_in_order():
    assert list(work_ahead(range(50), go_on)) == list(range(50))
    assert list(work_ahead([], go_on)) == []


def test_they_are_made_elsewhere_and_ahead():
    made: list[int] = []
    threads = set()
    third = threading.Event()

    def items():
        for number in range(10):
            threads.add(threading.current_thread())
            made.append(number)
            if number == 2:
                third.set()
            yield number

    ahead = work_ahead(items(), go_on, depth=2)
    assert next(ahead) == 0
    assert third.wait(10)  # two more, while the first is held
    ahead.close()
    assert threading.current_thread() not in threads
    assert made == [0, 1, 2]
    assert not any(thread.is_alive() for thread in threads)


def test_a_fault_comes_after_what_was_made_before_it():
    def items():
        yield 1
        yield 2
        raise OSError("full")

    seen = []
    with pytest.raises(OSError, match="full"):
        for item in work_ahead(items(), go_on):
            seen.append(item)
    assert seen == [1, 2]


def test_nothing_is_handed_out_once_the_work_is_to_end():
    stop = threading.Event()

    def check() -> None:
        if stop.is_set():
            raise InterruptedError

    ahead = work_ahead(range(10), check)
    assert next(ahead) == 0
    stop.set()
    with pytest.raises(InterruptedError):
        next(ahead)
