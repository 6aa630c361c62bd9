"""How long nobody has wanted anything."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import grpc


class Idleness:
    """Counts calls in flight, streams among them, and keeps when the last one ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls = 0
        self._last_s = time.monotonic()

    @contextmanager
    def counted(self, method: str, context: grpc.ServicerContext) -> Iterator[None]:
        """Counts one call for as long as it lasts."""
        with self._lock:
            self._calls += 1
        try:
            yield
        finally:
            with self._lock:
                self._calls -= 1
                self._last_s = time.monotonic()

    def idle_s(self, *, working: bool) -> float:
        """Seconds since there was a call or, as `working` says, a job."""
        with self._lock:
            if self._calls or working:
                self._last_s = time.monotonic()
            return time.monotonic() - self._last_s
