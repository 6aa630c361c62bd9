import os
import queue
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from longtake_engine.jobs.message import AskEstimate, Broken, Done, RunJob, StopJob
from longtake_engine.jobs.process import Died, WarmWorker, WorkerProcess
from longtake_engine.work import Progress, Take

DEADLINE_S = 30.0
TASKS = "longtake_engine.testing.tasks"


class Ears:
    """A worker process and what it says."""

    def __init__(self, log: Path, tasks: str = TASKS) -> None:
        self.events: queue.Queue = queue.Queue()
        self.log = log
        self.process = WorkerProcess(
            tasks=tasks, log=log, deliver=lambda process, event: self.events.put(event)
        )

    def next(self):
        return self.events.get(timeout=DEADLINE_S)

    def until_end(self) -> list:
        events = [self.next()]
        while not isinstance(events[-1], Done | Broken | Died):
            events.append(self.next())
        return events


@pytest.fixture
def ears(tmp_path):
    ears = Ears(tmp_path / "worker.log")
    yield ears
    ears.process.kill()


def test_a_job_is_progress_then_takes_then_done(ears, idle_bench):
    spec = idle_bench.spec("progress 1 2", "progress 2 2")
    ears.process.send(RunJob("job1", spec))
    first, second, take, done = ears.until_end()
    assert first == Progress("making", 1, 2, preview_jpeg=b"\xff\xd8preview")
    assert second.done_frames == 2
    assert isinstance(take, Take)
    assert take.media_path.read_bytes() == b"xxxx"
    assert isinstance(done, Done)


def test_steps_between_two_frames_are_progress_too(ears, idle_bench):
    ears.process.send(RunJob("job1", idle_bench.spec("progress 1 9", "say step 3 of 30")))
    _, step, *_ = ears.until_end()
    assert step == Progress("making, step 3 of 30", 1, 9, remaining_s=2.5)


def test_what_libraries_print_does_not_break_the_protocol(ears, idle_bench):
    ears.process.send(RunJob("job1", idle_bench.spec('print {"event": "lie"}')))
    assert [type(event) for event in ears.until_end()] == [Take, Done]
    # By C's stdout and by Python's, in doing the work and in reckoning it.
    assert ears.log.read_text().count('{"event": "lie"}') == 4


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ("raise BadInput It is empty.", "BAD_INPUT"),
        ("raise MemoryError", "OUT_OF_MEMORY"),
        ("raise OSError", "OUT_OF_SPACE"),
        ("raise ValueError odd", "INTERNAL"),
    ],
)
def test_an_error_is_an_event_and_the_worker_goes_on(ears, idle_bench, step, reason):
    ears.process.send(RunJob("job1", idle_bench.spec(step)))
    [broken] = ears.until_end()
    assert broken.fault.reason == reason
    ears.process.send(RunJob("job2", idle_bench.spec()))
    assert isinstance(ears.until_end()[-1], Done)
    assert ("Traceback" in ears.log.read_text()) == (reason == "INTERNAL")
    if reason == "INTERNAL":
        assert str(ears.log) in broken.fault.sentence


def test_a_cancel_stops_its_own_job_only(ears, idle_bench):
    gate = idle_bench.folder / "gate"
    spec = idle_bench.spec("progress 1 2", f"wait {gate}")
    ears.process.send(RunJob("job1", spec))
    assert ears.next().done_frames == 1
    ears.process.send(StopJob("another"))
    ears.process.send(StopJob("job1"))
    assert ears.until_end()[-1].fault.reason == "CANCELLED"
    ears.process.send(StopJob("job1"))  # too late, and no harm to the next
    ears.process.send(RunJob("job2", idle_bench.spec()))
    assert isinstance(ears.until_end()[-1], Done)


def test_a_task_module_that_cannot_be_loaded_breaks_the_job_not_the_worker(tmp_path, idle_bench):
    ears = Ears(tmp_path / "worker.log", tasks="longtake_engine.nosuch")
    ears.process.send(RunJob("job1", idle_bench.spec()))
    assert "nosuch" in ears.until_end()[-1].fault.sentence
    ears.process.send(AskEstimate(idle_bench.spec()))
    assert "nosuch" in ears.until_end()[-1].fault.sentence
    ears.process.kill()


def test_killed_from_outside_it_is_heard_of(ears):
    os.kill(ears.process.pid, signal.SIGKILL)
    assert ears.next() == Died(-signal.SIGKILL)
    assert not ears.process.alive
    ears.process.send(StopJob("job1"))  # raises nothing


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of unix")
def test_it_does_not_outlive_a_daemon_killed_with_9_even_in_a_deaf_job(tmp_path, idle_bench, until):
    spec_path = idle_bench.spec("touch " + str(tmp_path / "started"), "hang")
    daemon = subprocess.Popen(
        [
            sys.executable,
            "-c",
            _DAEMON,
            str(tmp_path / "worker.log"),
            str(spec_path.work.input_path),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert daemon.stdout is not None
    worker = psutil.Process(int(daemon.stdout.readline()))
    assert daemon.stdout.readline() == "started\n"
    daemon.kill()
    until(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE)
    daemon.wait()
    daemon.stdout.close()


_DAEMON = f"""
import sys, time
from pathlib import Path
from longtake_engine.jobs.message import RunJob
from longtake_engine.jobs.process import WorkerProcess
from longtake_engine.work import Extend, Length, Output, Spec
log, script = map(Path, sys.argv[1:])
worker = WorkerProcess(tasks="{TASKS}", log=log, deliver=lambda *_: None)
print(worker.pid, flush=True)
work = Extend(input_path=script, tail=Length(frames=1))
worker.send(RunJob("job1", Spec(work=work, output=Output(path=script.with_suffix(".mov")))))
while not (log.parent / "started").exists():
    time.sleep(0.01)
print("started", flush=True)
time.sleep(60)
"""


def test_a_warm_worker_is_the_same_one_until_it_has_idled(tmp_path):
    started: list[Ears] = []

    def start() -> WorkerProcess:
        started.append(Ears(tmp_path / "worker.log"))
        return started[-1].process

    warm = WarmWorker(start, idle_s=0.01)
    process = warm.take()
    assert warm.take() is process
    warm.rest()
    assert isinstance(started[0].next(), Died)
    assert warm.take() is not process
    warm.end()
    assert isinstance(started[1].next(), Died)
