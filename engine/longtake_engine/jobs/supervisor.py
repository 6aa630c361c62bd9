"""Runs queued jobs, one at a time, in a worker process that may die without anything else dying."""

import logging
import queue
import signal
import sqlite3
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from longtake_engine.errors import EngineError, WorkerDied
from longtake_engine.jobs.experience import Experience
from longtake_engine.jobs.fault import fault_of
from longtake_engine.jobs.forgetting import forget_old
from longtake_engine.jobs.job import Cancelled, Failed, Job, State, Succeeded
from longtake_engine.jobs.ledger import MAX_ATTEMPTS, Ledger
from longtake_engine.jobs.leftover import Leftover
from longtake_engine.jobs.message import Broken, Done, Event, RunJob, StopJob
from longtake_engine.jobs.output import check_output, made_files, remove_partials, remove_windows
from longtake_engine.jobs.pace import Pace
from longtake_engine.jobs.process import Died, WarmWorker, WorkerProcess
from longtake_engine.work import Progress, Take

_log = logging.getLogger(__name__)
_CANCEL_GRACE_S = 0.6  # what a job has to end by itself, of the second that cancelling may take
_MOST_DEATHS = 2  # of the worker, in one job
_WARM_S = 120.0


@dataclass(frozen=True, slots=True)
class _CancelAsked:
    job_id: str


@dataclass(frozen=True, slots=True)
class _StopAsked:
    pass


@dataclass(frozen=True, slots=True)
class _Requeue:
    """What a job comes to when the daemon is stopped: it is taken up again at the next start."""


_Mail = tuple[WorkerProcess, Event | Died] | _CancelAsked | _StopAsked


@dataclass(slots=True)
class _Run:
    """One job in the works."""

    job: Job
    pace: Pace = field(default_factory=Pace)
    takes: list[Take] = field(default_factory=list)
    deaths: int = 0
    cancel_deadline_s: float | None = None  # monotonic; None until somebody cancels


class Supervisor:
    """One thread that begins the oldest queued job, sees it to its end, and begins the next."""

    def __init__(self, ledger: Ledger, *, home: Path, tasks: str) -> None:
        self._ledger = ledger
        self._log = home / "worker.log"
        self._tasks = tasks
        self._leftover = Leftover(home / "worker.json")
        self._worker = WarmWorker(self._start_worker, _WARM_S)
        self._mail: queue.Queue[_Mail] = queue.Queue()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="supervisor", daemon=True)

    def start(self) -> None:
        """Take up what an earlier daemon left, then begin."""
        self._leftover.end()
        for job in self._ledger.recover():
            _log.info("job %s was left in the middle by the last daemon", job.id)
            remove_partials(job.spec, job.id)
            if job.ended:
                remove_windows(job.spec, job.id)
        self._forget_old()
        self._thread.start()

    def wake(self) -> None:
        """Say that a job was put in the queue."""
        self._wake.set()

    def cancel(self, job_id: str) -> None:
        """Ask for the end of a job if it is the one at work; it comes within a second."""
        self._mail.put(_CancelAsked(job_id))

    def stop(self) -> None:
        """End all work; the running job is queued again."""
        self._stopping.set()
        self._mail.put(_StopAsked())
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self._worker.end()

    def _forget_old(self) -> None:
        try:
            forget_old(self._ledger.store, now=time.time())
        except (EngineError, sqlite3.Error) as error:  # a full disk; work may go on all the same
            _log.warning("old jobs are still remembered: %s", error)

    def _start_worker(self) -> WorkerProcess:
        process = WorkerProcess(
            tasks=self._tasks,
            log=self._log,
            deliver=lambda process, event: self._mail.put((process, event)),
        )
        self._leftover.remember(process.pid)
        return process

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                job = self._ledger.begin_next()
                if job is None:
                    self._wake.wait()
                    self._wake.clear()
                else:
                    self._see_through(_Run(job))
            except Exception:  # the queue outlives whatever one job does to it
                _log.exception("the supervisor stumbled")
                self._stopping.wait(1.0)

    def _see_through(self, run: _Run) -> None:
        job = run.job
        _log.info("job %s begins, attempt %d", job.id, job.attempt)
        try:
            if job.attempt == 1:  # later ones may find what the first had just renamed
                check_output(job.spec, self._ledger.store)
            outcome = self._follow(run)
        except Exception as error:
            if not isinstance(error, EngineError):
                _log.exception("job %s broke in the daemon", job.id)
                self._worker.end()
            outcome = self._failed(run, error)
        if not isinstance(outcome, Succeeded):
            remove_partials(job.spec, job.id)
        if not isinstance(outcome, _Requeue):
            remove_windows(job.spec, job.id)
        self._worker.rest()
        self._settle(run, outcome)
        _log.info("job %s: %s", job.id, type(outcome).__name__)

    def _settle(self, run: _Run, outcome: State | _Requeue) -> None:
        """Store how the job ended, however long it takes: its takes are on disk already."""
        while True:
            try:
                if isinstance(outcome, _Requeue):
                    self._ledger.requeue(run.job.id)
                else:
                    files = made_files(run.job.spec, run.takes)
                    self._ledger.end(run.job.id, outcome, files)
                return
            except (EngineError, sqlite3.Error):
                _log.exception("the end of job %s is not stored yet", run.job.id)
                if self._stopping.wait(1.0):
                    return

    def _follow(self, run: _Run) -> State | _Requeue:
        """Run the job in the worker and say what it came to."""
        worker = self._begin(run)
        while True:
            try:
                mail = self._mail.get(timeout=_time_left(run.cancel_deadline_s))
            except queue.Empty:  # cancelled, but it does not listen
                self._worker.end()
                return _cancelled(run)
            match mail:
                case _StopAsked():
                    self._worker.end()
                    return _Requeue()
                case _CancelAsked(job_id) if job_id == run.job.id:
                    if run.cancel_deadline_s is None:
                        run.cancel_deadline_s = time.monotonic() + _CANCEL_GRACE_S
                    worker.send(StopJob(job_id))
                case (sender, Died(status)) if sender is worker:
                    outcome = self._after_death(run, status)
                    if outcome is not None:
                        return outcome
                    worker = self._begin(run)
                case (sender, event) if sender is worker:
                    outcome = self._hear(run, event)
                    if outcome is not None:
                        return outcome
                case _:
                    pass  # from a worker that is gone, or about a job that has ended

    def _begin(self, run: _Run) -> WorkerProcess:
        worker = self._worker.take()
        worker.send(RunJob(job_id=run.job.id, spec=run.job.spec))
        return worker

    def _hear(self, run: _Run, event: Event | Died) -> State | None:
        """The job's end, where this event is its end."""
        match event:
            case Progress():
                self._ledger.report(run.job.id, _timed(run, event))
            case Take():
                run.takes.append(event)
            case Done(experience):
                if experience is not None and run.job.attempt == 1:  # later ones took up a part
                    self._learn(experience)
                return Succeeded(_start(run), time.time(), tuple(run.takes))
            case Broken(fault):
                if run.cancel_deadline_s is not None:
                    return _cancelled(run)
                return Failed(_start(run), time.time(), fault)
        return None

    def _learn(self, experience: Experience) -> None:
        try:
            self._ledger.store.learn(experience, time.time())
        except (EngineError, sqlite3.Error) as error:  # the job is done all the same
            _log.warning("what it took is not remembered: %s", error)

    def _after_death(self, run: _Run, status: int) -> State | None:
        """The job's end, or None where it has begun again in the ledger."""
        run.deaths += 1
        _log.warning("the worker died (%s) in job %s", _cause(status), run.job.id)
        remove_partials(run.job.spec, run.job.id)
        if run.cancel_deadline_s is not None:
            return _cancelled(run)
        if run.deaths >= _MOST_DEATHS or run.job.attempt >= MAX_ATTEMPTS:
            return self._failed(run, WorkerDied(self._obituary(run, status)))
        run.job = self._ledger.begin(run.job)
        run.takes.clear()
        run.pace = Pace()
        return None

    def _obituary(self, run: _Run, status: int) -> str:
        likely = ""
        if status == -getattr(signal, "SIGKILL", 9):
            likely = (
                ", most likely because memory ran out: close other programs or use a smaller clip"
            )
        return (
            f"The worker process died in the middle of this job ({_cause(status)}) "
            f"at attempt {run.job.attempt}{likely}; the end of {self._log} may say more."
        )

    def _failed(self, run: _Run, error: Exception) -> Failed:
        return Failed(_start(run), time.time(), fault_of(error, self._log.with_name("daemon.log")))


def _timed(run: _Run, progress: Progress) -> Progress:
    if progress.remaining_s >= 0:
        return progress
    remaining_s = run.pace.remaining_s(
        progress.done_frames, progress.total_frames, time.monotonic()
    )
    return replace(progress, remaining_s=remaining_s)


def _cancelled(run: _Run) -> Cancelled:
    for take in run.takes:  # renamed just before the cancel came
        take.media_path.unlink(missing_ok=True)
    run.takes.clear()
    return Cancelled(_start(run), time.time())


def _start(run: _Run) -> float:
    return run.job.start_time or time.time()


def _time_left(deadline_s: float | None) -> float | None:
    return None if deadline_s is None else max(0.0, deadline_s - time.monotonic())


def _cause(status: int) -> str:
    if status < 0 and sys.platform != "win32":
        return f"signal {-status}, {signal.strsignal(-status)}"
    return f"exit status {status}"
