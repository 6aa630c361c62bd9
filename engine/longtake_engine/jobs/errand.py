"""Errands for the store of weights, each run by a process of its own.

So a download waits for no job and no job for it, the daemon loads no library for it, and ending it
is ending a process: what has come stays on disk.
"""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from longtake_engine.errors import Stopping, WorkerDied
from longtake_engine.jobs.errand_message import (
    Ended,
    Errand,
    ErrandEvent,
    errand_line,
    read_errand_event,
)
from longtake_engine.jobs.fault import to_error
from longtake_engine.jobs.pace import Pace
from longtake_engine.weights.progress import StoreProgress

# What a caller may set for the library that downloads, by environment variable.
HUB_SETTINGS = frozenset(
    {
        *("HF_ENDPOINT", "HF_HOME", "HF_HUB_CACHE", "HF_HUB_OFFLINE", "HF_TOKEN", "HF_TOKEN_PATH"),
        *("HF_HUB_DOWNLOAD_TIMEOUT", "HF_HUB_ETAG_TIMEOUT", "HF_HUB_DISABLE_SYMLINKS"),
        *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
        *("http_proxy", "https_proxy", "all_proxy", "no_proxy"),
        *("SSL_CERT_FILE", "SSL_CERT_DIR", "XDG_CACHE_HOME"),
    }
)
HUB_FOLDERS = frozenset({"HF_HOME", "HF_HUB_CACHE", "HF_TOKEN_PATH", "XDG_CACHE_HOME"})
_TELLING_BYTES = 1_000_000  # small files come slowly, and say nothing of what large ones take
_log = logging.getLogger(__name__)


class ErrandDesk:
    """Runs errands, any number at a time. Safe across threads."""

    def __init__(self, *, home: Path) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._running: set[RunningErrand] = set()
        self._stopping = False

    def run(self, errand: Errand, settings: Mapping[str, str]) -> "RunningErrand":
        """The errand, begun with the hub's `settings` before those of this process.

        Raises:
            Stopping: The engine is going down.
        """
        with self._lock:
            if self._stopping:
                raise _stopping()
            known = {name: value for name, value in settings.items() if name in HUB_SETTINGS}
            running = RunningErrand(errand, self._home, known, self._forget)
            self._running.add(running)
        return running

    def stop(self) -> None:
        """End all errands; what they have downloaded is kept."""
        with self._lock:
            self._stopping = True
            running = list(self._running)
        for errand in running:
            errand.close(stopping=True)

    def _forget(self, errand: "RunningErrand") -> None:
        with self._lock:
            self._running.discard(errand)


class RunningErrand:
    """One errand at work: iterating gives its events. A context manager, which ends it."""

    def __init__(
        self,
        errand: Errand,
        home: Path,
        settings: dict[str, str],
        forget: Callable[["RunningErrand"], None],
    ) -> None:
        self._forget = forget
        self._log = home / "store.log"
        self._closed = self._stopping = False
        command = [sys.executable, "-P", "-m", "longtake_engine.jobs.errand_worker"]
        with self._log.open("ab") as errors:
            self._process = subprocess.Popen(
                [*command, "--home", str(home), "--log", str(self._log)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=_environment() | settings,
                start_new_session=True,  # Ctrl-C in the daemon's terminal is the daemon's to handle
            )
        pipe = self._process.stdin
        assert pipe is not None
        try:
            pipe.write(errand_line(errand))
            pipe.flush()
        except OSError:
            _log.warning("the store's process ended at once")

    def __iter__(self) -> Iterator[tuple[ErrandEvent, float]]:
        """Each event but the last, and of progress the seconds left; -1 where nobody knows.

        Raises:
            EngineError: What ended the errand.
            Stopping: The engine is going down.
            WorkerDied: Its process died.
        """
        pace, total_bytes = Pace(), 0
        pipe = self._process.stdout
        assert pipe is not None
        for line in pipe:
            try:
                event = read_errand_event(line)
            except msgspec.MsgspecError:
                _log.warning("the store's process said %r", line[:200])
                continue
            if isinstance(event, Ended):
                if event.fault is not None:
                    raise to_error(event.fault)
                return
            left_s = -1.0
            if isinstance(event, StoreProgress):
                if event.total_bytes != total_bytes:
                    pace, total_bytes = Pace(), event.total_bytes
                left_s = _remaining_s(pace, event)
            yield event, left_s
        if self._stopping:
            raise _stopping()
        if not self._closed:
            raise WorkerDied(
                f"The store's process died ({self._process.wait()}); run the same command again, "
                f"the end of {self._log} may say more."
            )

    def close(self, *, stopping: bool = False) -> None:
        """End it, from any thread."""
        self._stopping = self._stopping or stopping
        self._closed = True
        self._process.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._forget(self)


def _remaining_s(pace: Pace, progress: StoreProgress) -> float:
    fresh = progress.fresh_bytes
    if fresh < _TELLING_BYTES:
        return -1.0
    lacking = progress.total_bytes - progress.done_bytes
    return pace.remaining_s(fresh, fresh + lacking, time.monotonic())


def _environment() -> dict[str, str]:
    """This process's own, without settings that are there and empty."""
    own = {name: value for name, value in os.environ.items() if value or name not in HUB_SETTINGS}
    return own | {"HF_HUB_DISABLE_TELEMETRY": "1"}


def _stopping() -> Stopping:
    return Stopping(
        "The engine is going down; what was downloaded is kept, run the same command again."
    )
