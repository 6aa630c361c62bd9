"""How a job's changes reach those who watch it, on any thread."""

import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from longtake_engine.errors import Busy, Stopping
from longtake_engine.jobs.job import Job


class Watch:
    """One watcher's view of one job: iterating gives it at every change, the ended job last.

    No change of state is lost. Progress is: a slow watcher gets the newest, not a backlog.
    A context manager; `close` ends the iteration from any thread.
    """

    def __init__(self, board: "WatchBoard", job_id: str) -> None:
        self._board = board
        self._job_id = job_id
        self._changed = threading.Condition()
        self._waiting: deque[Job] = deque()
        self._closed = False
        self._stopping = False

    def push(self, job: Job) -> None:
        """Let the watcher know how the job stands now."""
        with self._changed:
            if self._waiting and _same_state(self._waiting[-1], job):
                self._waiting[-1] = job
            else:
                self._waiting.append(job)
            self._changed.notify()

    def close(self, *, stopping: bool = False) -> None:
        """End the iteration; with `stopping` by raising `Stopping` in it."""
        with self._changed:
            self._closed = True
            self._stopping = stopping
            self._changed.notify()

    def __iter__(self) -> Iterator[Job]:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closed)
                if self._closed and not self._stopping:
                    return
                if not self._waiting:
                    raise Stopping("The engine is going down; the job goes on at its next start.")
                job = self._waiting.popleft()
            yield job
            if job.ended:
                return

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._board.remove(self._job_id, self)


class WatchBoard:
    """All watchers of all jobs."""

    def __init__(self, limit: int = 96) -> None:
        """Takes up to `limit` watchers at once, for each holds a thread of the server."""
        self._limit = limit
        self._lock = threading.Lock()
        self._watches: defaultdict[str, set[Watch]] = defaultdict(set)

    def open(self, job_id: str, *, limited: bool = True) -> Watch:
        """A new view of a job, empty until the next change.

        Raises:
            Busy: There are as many as can be.
        """
        watch = Watch(self, job_id)
        with self._lock:
            if limited and sum(map(len, self._watches.values())) >= self._limit:
                raise Busy(
                    f"The engine is already watched by {self._limit} callers; "
                    "ask with GetJob now and then instead."
                )
            self._watches[job_id].add(watch)
        return watch

    def publish(self, job: Job) -> None:
        """Tell every watcher of `job`."""
        with self._lock:
            watches = list(self._watches.get(job.id, ()))
        for watch in watches:
            watch.push(job)

    def remove(self, job_id: str, watch: Watch) -> None:
        """Forget one view."""
        with self._lock:
            self._watches[job_id].discard(watch)
            if not self._watches[job_id]:
                del self._watches[job_id]

    def close(self) -> None:
        """End every view by raising `Stopping` in it."""
        with self._lock:
            watches = [watch for group in self._watches.values() for watch in group]
        for watch in watches:
            watch.close(stopping=True)


def _same_state(one: Job, other: Job) -> bool:
    return type(one.state) is type(other.state) and one.attempt == other.attempt
