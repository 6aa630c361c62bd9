import json
import os
import signal
import threading

import pytest
from longtake_engine.errors import PathRefused, UnknownJob, WrongCall
from longtake_engine.jobs.job import Cancelled, Failed, Queued, Running, Succeeded
from longtake_engine.roots import Roots
from msgspec.structs import replace

DEADLINE_S = 30.0


def worker_pid(bench) -> int:
    return json.loads((bench.home / "worker.json").read_text())["pid"]


def running_at(bench, job, done: int):
    """The job, once it has reported frame `done`."""
    for now in bench.watched(job):
        if now.progress.done_frames == done:
            return now
    raise AssertionError("it ended before")


def test_a_job_succeeds_with_its_takes_and_nothing_half_made(bench):
    spec = replace(bench.spec("progress 1 4", "partial", "progress 4 4"), take_count=2)
    job = bench.end(bench.queue.create(spec))
    assert isinstance(job.state, Succeeded)
    assert [take.media_path.name for take in job.state.takes] == ["clip.mov", "clip-2.mov"]
    assert all(take.media_path.is_file() for take in job.state.takes)
    assert job.attempt == 1
    assert job.progress.done_frames == 4
    assert bench.partials() == []


def test_two_jobs_at_once_queue_up(bench):
    gate = bench.folder / "gate"
    first = bench.queue.create(bench.spec("progress 1 2", f"wait {gate}", name="a"))
    second = bench.queue.create(bench.spec(name="b"))
    running_at(bench, first, 1)
    assert isinstance(bench.queue.get(second.id).state, Queued)
    gate.touch()
    first, second = bench.end(first), bench.end(second)
    assert first.state.end_time <= second.state.start_time
    assert [job.id for job in bench.queue.page(10)] == [second.id, first.id]


def test_killing_the_worker_in_mid_job_costs_that_attempt_alone(bench):
    gate = bench.folder / "gate"
    job = bench.queue.create(bench.spec("partial", "progress 1 2", f"wait {gate}", name="a"))
    following = bench.queue.create(bench.spec(name="b"))
    running_at(bench, job, 1)
    assert len(bench.partials()) == 1
    os.kill(worker_pid(bench), signal.SIGKILL)
    for now in bench.watched(job):
        if now.attempt == 2:
            break
    gate.touch()
    job = bench.end(job)
    assert isinstance(job.state, Succeeded)
    assert job.attempt == 2
    assert isinstance(bench.end(following).state, Succeeded)
    assert bench.partials() == []


def test_a_job_that_kills_its_worker_twice_fails_alone(bench):
    job = bench.queue.create(bench.spec("partial", "progress 1 2", "die", name="a"))
    following = bench.queue.create(bench.spec(name="b"))
    job = bench.end(job)
    assert isinstance(job.state, Failed)
    assert job.state.fault.reason == "WORKER_DIED"
    assert "signal 9" in job.state.fault.sentence
    assert "memory" in job.state.fault.sentence
    assert job.attempt == 2
    assert bench.partials() == []
    assert isinstance(bench.end(following).state, Succeeded)


def test_a_job_that_dies_once_succeeds_at_the_second_attempt(bench):
    job = bench.end(bench.queue.create(bench.spec(f"die_once {bench.folder / 'mark'}")))
    assert isinstance(job.state, Succeeded)
    assert job.attempt == 2


def test_cancelling_a_job_that_listens_keeps_its_worker(bench):
    job = bench.queue.create(bench.spec("partial", "progress 1 2", f"wait {bench.folder / 'no'}"))
    running_at(bench, job, 1)
    pid = worker_pid(bench)
    assert isinstance(bench.queue.cancel(job.id).state, Cancelled)
    assert bench.partials() == []
    assert not job.spec.output.path.exists()
    assert isinstance(bench.end(bench.queue.create(bench.spec(name="b"))).state, Succeeded)
    assert worker_pid(bench) == pid


def test_cancelling_a_deaf_job_kills_its_worker_and_the_queue_goes_on(bench):
    job = bench.queue.create(bench.spec("partial", "progress 1 2", "hang", name="a"))
    following = bench.queue.create(bench.spec(name="b"))
    running_at(bench, job, 1)
    pid = worker_pid(bench)
    cancelled = bench.queue.cancel(job.id)
    assert isinstance(cancelled.state, Cancelled)
    assert bench.partials() == []
    assert isinstance(bench.end(following).state, Succeeded)
    assert worker_pid(bench) != pid


def test_cancelling_a_waiting_job_and_an_ended_one(bench):
    gate = bench.folder / "gate"
    first = bench.queue.create(bench.spec("progress 1 2", f"wait {gate}", name="a"))
    waiting = bench.queue.create(bench.spec(name="b"))
    assert isinstance(bench.queue.cancel(waiting.id).state, Cancelled)
    gate.touch()
    ended = bench.end(first)
    assert bench.queue.cancel(first.id) == ended
    assert not (bench.folder / "b.mov").exists()


def test_the_error_of_a_job_is_its_own_and_leaves_nothing(bench):
    job = bench.end(bench.queue.create(bench.spec("partial", "raise BadInput It has no frames.")))
    assert isinstance(job.state, Failed)
    assert (job.state.fault.reason, job.state.fault.sentence) == ("BAD_INPUT", "It has no frames.")
    assert bench.partials() == []


def test_a_stop_queues_the_running_job_again_and_the_next_start_does_it(new_bench):
    bench = new_bench()
    gate = bench.folder / "gate"
    bench.supervisor.start()
    job = bench.queue.create(bench.spec("partial", "progress 1 2", f"wait {gate}"))
    running_at(bench, job, 1)
    bench.supervisor.stop()
    assert isinstance(bench.queue.get(job.id).state, Queued)
    assert bench.partials() == []
    gate.touch()
    again = new_bench()
    again.supervisor.start()
    ended = again.end(job)
    assert isinstance(ended.state, Succeeded)
    assert ended.attempt == 1


def test_a_request_id_sent_again_finds_the_same_job_even_when_it_has_failed(bench):
    job = bench.end(bench.queue.create(bench.spec("raise BadInput No."), "id-1"))
    assert bench.queue.create(bench.spec("raise BadInput No."), "id-1") == job
    assert bench.queue.create(bench.spec("raise BadInput No."), "id-2").id != job.id


def test_the_same_request_from_many_threads_is_one_job(bench):
    spec = bench.spec()
    ids: list[str] = []
    threads = [
        threading.Thread(target=lambda: ids.append(bench.queue.create(spec, "id-1").id))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE_S)
    assert len(ids) == 8
    assert len(set(ids)) == 1
    assert len(bench.queue.page(100)) == 1


def test_an_equal_request_is_answered_from_what_is_made_until_that_changes(bench):
    spec = bench.spec()
    made = bench.end(bench.queue.create(spec, "id-1"))
    assert bench.queue.create(spec, "id-2") == made
    assert bench.queue.create(spec, "id-2") == made  # and the retry of that
    made.spec.output.path.unlink()
    anew = bench.queue.create(spec, "id-3")
    assert anew.id != made.id
    assert isinstance(bench.end(anew).state, Succeeded)
    assert made.spec.output.path.exists()
    (bench.folder / "clip.txt").write_text("size 9")  # the clip itself has changed
    other = bench.end(bench.queue.create(spec, "id-4"))
    assert other.id not in (made.id, anew.id)
    assert other.state.takes[0].media_path.read_bytes() == b"x" * 9
    bench.version = "another model is installed"
    assert bench.end(bench.queue.create(spec, "id-5")).id not in (made.id, anew.id, other.id)


def test_an_equal_request_joins_the_one_at_work(bench):
    gate = bench.folder / "gate"
    spec = bench.spec("progress 1 2", f"wait {gate}")
    job = bench.queue.create(spec)
    assert bench.queue.create(spec).id == job.id
    running_at(bench, job, 1)
    joined = bench.queue.create(spec)
    assert (joined.id, type(joined.state)) == (job.id, Running)
    gate.touch()
    bench.end(job)


def test_a_file_that_appears_while_the_job_waits_is_not_overwritten(bench):
    gate = bench.folder / "gate"
    bench.queue.create(bench.spec(f"wait {gate}", name="a"))
    job = bench.queue.create(bench.spec(name="b"))
    job.spec.output.path.write_bytes(b"precious")
    gate.touch()
    job = bench.end(job)
    assert isinstance(job.state, Failed)
    assert job.state.fault.reason == "WRONG_CALL"
    assert job.spec.output.path.read_bytes() == b"precious"


def test_two_jobs_do_not_write_the_same_file_nor_one_what_the_other_reads(bench):
    gate = bench.folder / "gate"
    first = bench.queue.create(bench.spec(f"wait {gate}", name="a"))
    other = bench.spec(name="b")
    with pytest.raises(WrongCall, match=f"{first.id} is already to write"):
        bench.queue.create(replace(other, output=first.spec.output))
    onto_clip = replace(other.output, path=first.spec.work.input_path, replace_existing=True)
    with pytest.raises(WrongCall, match=f"{first.id} still has to read"):
        bench.queue.create(replace(other, output=onto_clip))
    gate.touch()
    bench.end(first)


def test_no_path_outside_the_roots_is_read_or_written(idle_bench, tmp_path, monkeypatch):
    inside = tmp_path / "inside"
    inside.mkdir()
    monkeypatch.setattr(idle_bench.queue, "_roots", Roots([inside]))
    spec = idle_bench.spec()
    with pytest.raises(PathRefused, match=r"clip\.txt"):
        idle_bench.queue.create(spec)
    (inside / "clip.txt").write_text("")
    read = replace(spec, work=replace(spec.work, input_path=inside / "clip.txt"))
    with pytest.raises(PathRefused, match=r"outside the folders"):
        idle_bench.queue.create(read)
    both = replace(read, output=replace(read.output, path=inside / "out.mov"))
    assert idle_bench.queue.create(both).spec.output.path == inside / "out.mov"


def test_only_an_ended_job_can_be_deleted_and_its_media_stays(bench):
    gate = bench.folder / "gate"
    job = bench.queue.create(bench.spec(f"wait {gate}"))
    with pytest.raises(WrongCall, match="cancel it first"):
        bench.queue.delete(job.id)
    gate.touch()
    bench.end(job)
    bench.queue.delete(job.id)
    with pytest.raises(UnknownJob):
        bench.queue.get(job.id)
    assert job.spec.output.path.exists()
