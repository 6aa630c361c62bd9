"""A worker process as the daemon sees it."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import msgspec

from longtake_engine.jobs.message import Command, Event, command_line, read_event

_log = logging.getLogger(__name__)
_LOG_BYTES = 1_000_000
# Its matrices are small: OpenBLAS's threads wait for each other, spinning, five times as long as
# one alone takes. What the user has set counts.
_BLAS = {"OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Died:
    """A worker process has ended, wanted or not."""

    status: int  # exit status; minus the signal where one ended it


class WorkerProcess:
    """One worker process, running from construction on. Safe across threads."""

    def __init__(
        self, *, tasks: str, log: Path, deliver: Callable[[Self, Event | Died], None]
    ) -> None:
        """Starts it.

        Args:
            tasks: The module that does jobs.
            log: Where all that it prints is appended.
            deliver: Called on a thread of its own with each event and, last, with how it ended.
        """
        # -P: a file av.py in whatever folder the daemon was started from is not to be imported.
        command = [sys.executable, "-P", "-m", "longtake_engine.jobs.worker"]
        _turn_over(log)
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [*command, "--tasks", tasks, "--log", str(log)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,  # Ctrl-C in the daemon's terminal is the daemon's to handle
                env={**_BLAS, **os.environ},
            )
        self._deliver = deliver
        self._sending = threading.Lock()
        threading.Thread(target=self._read, name=f"worker-{self.pid}", daemon=True).start()

    @property
    def pid(self) -> int:
        """The system's number for it."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def send(self, command: Command) -> None:
        """Tell it something. One that has died hears nothing; `Died` is on its way then."""
        pipe = self._process.stdin
        assert pipe is not None
        try:
            with self._sending:
                pipe.write(command_line(command))
                pipe.flush()
        except (OSError, ValueError):  # ValueError: closed here
            _log.info("worker %d did not hear %s", self.pid, type(command).__name__)

    def kill(self) -> None:
        """End it at once; it has ended on return."""
        self._process.kill()
        self._process.wait()

    def _read(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None
        with pipe:
            for line in pipe:
                try:
                    event = read_event(line)
                except (msgspec.MsgspecError, ValueError):
                    _log.warning("worker %d said %r", self.pid, line[:200])
                    continue
                self._deliver(self, event)
        status = self._process.wait()
        self._deliver(self, Died(status))


class WarmWorker:
    """A worker process that is kept for the next use and given up after a while without one.

    Its memory goes back to the system then: what libraries keep, no Python call frees.
    """

    def __init__(self, start: Callable[[], WorkerProcess], idle_s: float) -> None:
        self._start = start
        self._idle_s = idle_s
        self._lock = threading.Lock()
        self._process: WorkerProcess | None = None
        self._timer: threading.Timer | None = None

    def take(self) -> WorkerProcess:
        """The process, started where there is none; raises OSError where none can be."""
        with self._lock:
            self._stop_timer()
            if self._process is None or not self._process.alive:
                self._process = self._start()
            return self._process

    def rest(self) -> None:
        """Let go of the process until the next `take`."""
        with self._lock:
            self._stop_timer()
            self._timer = threading.Timer(self._idle_s, self._expire)
            self._timer.daemon = True
            self._timer.start()

    def end(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            self._end()

    def _expire(self) -> None:
        with self._lock:
            # `take` may have come first, while this waited for the lock.
            if self._timer is threading.current_thread():
                self._end()

    def _end(self) -> None:
        self._stop_timer()
        process, self._process = self._process, None
        if process is not None:
            process.kill()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _turn_over(log: Path) -> None:
    """Put a log that has grown long aside."""
    try:
        if log.stat().st_size > _LOG_BYTES:
            os.replace(log, log.with_name(f"{log.name}.1"))  # noqa: PTH105 # atomic on every system
    except OSError:
        return  # there is none yet, or another process has it open
