"""How every job stands: the one place where states change."""

import logging
import sqlite3
import threading
import time
from collections.abc import Iterable

from msgspec.structs import replace

from longtake_engine.errors import EngineError, UnknownJob
from longtake_engine.jobs.fault import Fault
from longtake_engine.jobs.job import Cancelled, Failed, Job, MadeFile, Queued, Running, State
from longtake_engine.jobs.store import JobStore
from longtake_engine.jobs.watch import Watch, WatchBoard
from longtake_engine.work import Progress

_log = logging.getLogger(__name__)
_SAVE_EVERY_S = 1.0
MAX_ATTEMPTS = 3


class Ledger:
    """Jobs as they stand now: the store, the running job's progress on top, and news to watchers.

    Safe across threads. Every change goes to the store before anybody hears of it, but for
    progress, which is kept in memory and stored about once a second.
    """

    def __init__(self, store: JobStore, board: WatchBoard) -> None:
        self.store = store
        self._board = board
        self._lock = threading.RLock()
        self._running: Job | None = None
        self._saved_s = 0.0

    def add(self, job: Job, request_id: str) -> None:
        """Put a new job at the end of the queue."""
        with self._lock:
            self.store.add(job, request_id)

    def get(self, job_id: str) -> Job:
        """The job as it stands.

        Raises:
            UnknownJob: No job has this name.
        """
        with self._lock:
            job = self.store.get(job_id)
            if job is None:
                raise UnknownJob(f'There is no job "{job_id}"; longtake jobs lists them.')
            return self._live(job)

    def page(self, size: int, before_id: str) -> list[Job]:
        """Up to `size` jobs, newest first, from the one before `before_id`."""
        with self._lock:
            return [self._live(job) for job in self.store.page(size, before_id)]

    def active(self) -> list[Job]:
        """Queued and running jobs, oldest first."""
        with self._lock:
            return [self._live(job) for job in self.store.active()]

    def watch(self, job_id: str, *, limited: bool = True) -> Watch:
        """A view of a job from now on; raises `UnknownJob` and, where limited, `Busy`."""
        with self._lock:
            job = self.get(job_id)
            watch = self._board.open(job_id, limited=limited)
            watch.push(job)
            return watch

    def begin_next(self) -> Job | None:
        """The job whose turn it is, now running; None where nothing waits."""
        with self._lock:
            job = self.store.oldest_queued()
            return None if job is None else self.begin(job)

    def begin(self, job: Job) -> Job:
        """`job`, running from the start as one more attempt."""
        state = Running(start_time=time.time())
        progress = Progress(phase="starting")
        return self._set(replace(job, state=state, progress=progress, attempt=job.attempt + 1))

    def report(self, job_id: str, progress: Progress) -> None:
        """Let everybody know how far the running job is."""
        with self._lock:
            if self._running is None or self._running.id != job_id:
                return
            if not progress.preview_jpeg:
                progress = replace(progress, preview_jpeg=self._running.progress.preview_jpeg)
            self._running = replace(self._running, progress=progress)
            if time.monotonic() - self._saved_s >= _SAVE_EVERY_S:
                self._save_progress(self._running)
            self._board.publish(self._running)

    def end(self, job_id: str, state: State, files: Iterable[MadeFile] = ()) -> Job:
        """The job, ended, its takes stored before anybody hears of it."""
        with self._lock:
            return self._set(replace(self.get(job_id), state=state), files)

    def requeue(self, job_id: str) -> Job:
        """The running job, waiting again as if it had not been begun this time."""
        with self._lock:
            job = self.get(job_id)
            progress = Progress(phase="queued")
            attempt = max(0, job.attempt - 1)
            return self._set(replace(job, state=Queued(), progress=progress, attempt=attempt))

    def cancel_queued(self, job_id: str) -> Job | None:
        """The job, cancelled, if it was still waiting; None otherwise."""
        with self._lock:
            job = self.get(job_id)
            if not isinstance(job.state, Queued):
                return None
            return self._set(replace(job, state=Cancelled(start_time=None, end_time=time.time())))

    def recover(self) -> list[Job]:
        """The jobs that were running when a daemon was killed, now queued again or given up."""
        with self._lock:
            left = [job for job in self.store.active() if isinstance(job.state, Running)]
            return [self._set(_taken_up(job)) for job in left]

    def _save_progress(self, job: Job) -> None:
        self._saved_s = time.monotonic()
        try:
            self.store.save(job)
        except (EngineError, sqlite3.Error) as error:  # the job may go on without
            _log.warning("progress of job %s is not stored: %s", job.id, error)

    def _live(self, job: Job) -> Job:
        running = self._running
        return running if running is not None and running.id == job.id else job

    def _set(self, job: Job, files: Iterable[MadeFile] = ()) -> Job:
        with self._lock:
            if job.ended:  # its takes say more; and it is to look the same from the store
                job = replace(job, progress=replace(job.progress, preview_jpeg=b""))
            self.store.save(job, files)
            if isinstance(job.state, Running):
                self._running = job
            elif self._running is not None and self._running.id == job.id:
                self._running = None
            self._saved_s = time.monotonic()
            self._board.publish(job)
            return job


def _taken_up(job: Job) -> Job:
    if job.attempt < MAX_ATTEMPTS:
        return replace(job, state=Queued(), progress=Progress(phase="queued"))
    fault = Fault(
        kind="WORKER_DIED",
        reason="WORKER_DIED",
        sentence=f"The engine went down {job.attempt} times in the middle of this job, "
        "so it was given up; use a shorter or smaller clip, or ask again.",
    )
    return replace(job, state=Failed(job.start_time, time.time(), fault))
