import threading
from pathlib import Path

import pytest
from longtake_engine.errors import Busy, Stopping
from longtake_engine.jobs.job import Cancelled, Job, Queued, Running
from longtake_engine.jobs.watch import WatchBoard
from longtake_engine.work import Extend, Length, Output, Progress, Spec
from msgspec.structs import replace

SPEC = Spec(
    work=Extend(input_path=Path("/clip.mov"), tail=Length(frames=1)),
    output=Output(path=Path("/out.mov")),
)
QUEUED = Job(id="a", spec=SPEC, create_time=0, fingerprint="", state=Queued())
RUNNING = replace(QUEUED, state=Running(1.0), attempt=1)
ENDED = replace(RUNNING, state=Cancelled(1.0, 2.0))


def at(job: Job, done: int) -> Job:
    return replace(job, progress=Progress("making", done, 9))


def test_a_slow_watcher_misses_no_state_and_gets_the_newest_progress():
    board = WatchBoard()
    with board.open("a") as watch:
        second = replace(RUNNING, attempt=2)
        for job in [QUEUED, RUNNING, at(RUNNING, 1), at(RUNNING, 2), second, at(second, 1), ENDED]:
            board.publish(job)
        assert list(watch) == [QUEUED, at(RUNNING, 2), at(second, 1), ENDED]


def test_many_watchers_on_threads_all_end_with_the_ended_job():
    board = WatchBoard()
    watches = [board.open("a") for _ in range(20)]
    seen: list[list[Job]] = [[] for _ in watches]
    threads = [
        threading.Thread(target=lambda w=w, s=s: s.extend(w))
        for w, s in zip(watches, seen, strict=True)
    ]
    for thread in threads:
        thread.start()
    for done in range(200):
        board.publish(at(RUNNING, done))
    board.publish(ENDED)
    for thread in threads:
        thread.join(timeout=30)
        assert not thread.is_alive()
    for jobs in seen:
        assert jobs[-1] == ENDED
        done = [job.progress.done_frames for job in jobs[:-1]]
        assert done == sorted(done)


def test_other_jobs_are_not_heard():
    board = WatchBoard()
    with board.open("a") as watch:
        board.publish(replace(RUNNING, id="b"))
        board.publish(ENDED)
        assert list(watch) == [ENDED]


def test_closing_ends_a_waiting_watcher():
    board = WatchBoard()
    watch = board.open("a")
    waiting = threading.Thread(target=list, args=(watch,))
    waiting.start()
    watch.close()
    waiting.join(timeout=30)
    assert not waiting.is_alive()


def test_a_stopping_board_says_so_after_what_is_still_to_be_told():
    board = WatchBoard()
    watch = iter(board.open("a"))
    board.publish(RUNNING)
    board.close()
    assert next(watch) == RUNNING
    with pytest.raises(Stopping):
        next(watch)


def test_there_is_a_most_of_watchers_and_room_again_once_one_leaves():
    board = WatchBoard(limit=1)
    with board.open("a"), pytest.raises(Busy, match="1 callers"):
        board.open("b")
    with board.open("b"), board.open("b", limited=False):
        pass
