import pytest
from longtake_engine.errors import UnknownJob
from longtake_engine.jobs.job import Cancelled, Failed, Queued, Running, Succeeded
from longtake_engine.work import Progress
from msgspec.structs import replace


def test_the_oldest_job_begins_first(idle_bench):
    first = idle_bench.queue.create(idle_bench.spec(name="a"))
    second = idle_bench.queue.create(idle_bench.spec(name="b"))
    begun = [idle_bench.ledger.begin_next().id, idle_bench.ledger.begin_next().id]
    assert begun == [first.id, second.id]
    assert idle_bench.ledger.begin_next() is None


def test_progress_is_seen_at_once_and_keeps_the_last_preview(idle_bench):
    idle_bench.queue.create(idle_bench.spec())
    job = idle_bench.ledger.begin_next()
    idle_bench.ledger.report(job.id, Progress("making", 1, 9, preview_jpeg=b"jpeg"))
    idle_bench.ledger.report(job.id, Progress("making", 2, 9))
    seen = idle_bench.ledger.get(job.id).progress
    assert seen == Progress("making", 2, 9, preview_jpeg=b"jpeg")
    assert idle_bench.ledger.page(10, "")[0].progress == seen


def test_what_was_running_when_the_daemon_was_killed_is_queued_again(new_bench):
    killed = new_bench()
    killed.queue.create(killed.spec())
    job = killed.ledger.begin_next()
    [taken_up] = new_bench().ledger.recover()
    assert (taken_up.id, taken_up.state, taken_up.attempt) == (job.id, Queued(), 1)


def test_what_was_killed_three_times_is_given_up(new_bench):
    bench = new_bench()
    job = bench.queue.create(bench.spec())
    for _ in range(3):
        bench.ledger.begin_next()
        bench = new_bench()
        bench.ledger.recover()
    state = bench.ledger.get(job.id).state
    assert isinstance(state, Failed)
    assert state.fault.reason == "WORKER_DIED"
    assert "3 times" in state.fault.sentence


def test_a_clean_stop_does_not_count_as_an_attempt(idle_bench):
    idle_bench.queue.create(idle_bench.spec())
    job = idle_bench.ledger.begin_next()
    again = idle_bench.ledger.requeue(job.id)
    assert (again.state, again.attempt) == (Queued(), 0)
    assert idle_bench.ledger.begin_next().attempt == 1


def test_only_a_waiting_job_is_cancelled_on_the_spot(idle_bench):
    waiting = idle_bench.queue.create(idle_bench.spec())
    assert isinstance(idle_bench.ledger.cancel_queued(waiting.id).state, Cancelled)
    running = idle_bench.queue.create(idle_bench.spec(name="b"))
    idle_bench.ledger.begin_next()
    assert idle_bench.ledger.cancel_queued(running.id) is None
    assert isinstance(idle_bench.ledger.get(running.id).state, Running)


def test_takes_are_stored_before_anybody_hears_that_the_job_succeeded(idle_bench, monkeypatch):
    job = idle_bench.queue.create(idle_bench.spec())
    job = idle_bench.ledger.begin_next()
    ended = replace(job, state=Succeeded(1.0, 2.0, ()))
    stored = []
    monkeypatch.setattr(
        idle_bench.board, "publish", lambda job: stored.append(idle_bench.store.get(job.id))
    )
    idle_bench.ledger.end(job.id, ended.state)
    assert stored == [ended]


def test_a_name_that_no_job_has(idle_bench):
    with pytest.raises(UnknownJob, match="nosuch"):
        idle_bench.ledger.get("nosuch")
