from pathlib import Path

import pytest
from longtake_engine.jobs.forgetting import KEPT_S, forget_old
from longtake_engine.jobs.job import Cancelled, Job, Queued, Running, State, Succeeded
from longtake_engine.jobs.output import made_file
from msgspec.structs import replace

NOW = 1_800_000_000.0
DONE = Succeeded(1.0, 2.0, ())
CANCELLED = Cancelled(None, 2.0)


@pytest.fixture
def keep(idle_bench):
    """Keeps a job of some age in some state, with a file that it made where one is named."""

    def keep(age_s: float, state: State, made: Path | None = None) -> Job:
        job = idle_bench.queue.create(idle_bench.spec(name=f"clip{age_s}{type(state).__name__}"))
        files = [made_file(made)] if made else []
        job = replace(job, id=f"{job.id}x", create_time=NOW - age_s, state=state)
        idle_bench.store.add(job)
        idle_bench.store.save(job, [file for file in files if file])
        return job

    return keep


def test_old_jobs_that_left_nothing_are_forgotten(idle_bench, keep):
    old = keep(KEPT_S + 1, CANCELLED)
    young = keep(KEPT_S - 1, CANCELLED)
    assert forget_old(idle_bench.store, now=NOW) == 1
    assert idle_bench.store.get(old.id) is None
    assert idle_bench.store.get(young.id) == young


@pytest.mark.parametrize("state", [Queued(), Running(1.0)])
def test_a_job_that_has_not_ended_is_kept_however_old(idle_bench, keep, state):
    job = keep(10 * KEPT_S, state)
    assert forget_old(idle_bench.store, now=NOW) == 0
    assert idle_bench.store.get(job.id) == job


def test_a_job_is_kept_as_long_as_its_file_lies_as_it_was_left(idle_bench, keep, tmp_path):
    made = tmp_path / "made.mov"
    made.write_bytes(b"frames")
    job = keep(10 * KEPT_S, DONE, made)
    assert forget_old(idle_bench.store, now=NOW) == 0
    made.write_bytes(b"somebody else's")
    assert forget_old(idle_bench.store, now=NOW) == 1
    assert idle_bench.store.get(job.id) is None
    assert made.exists()
