"""How long nobody has wanted anything."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import grpc


class Idleness:
    """Counts calls in flight, streams among them, and keeps when the last one ended."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._calls = 0
        self._last_s = clock()

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
                self._last_s = self._clock()

    def idle_s(self, *, working: bool) -> float:
        """Seconds since there was a call or, as `working` says, a job."""
        with self._lock:
            if self._calls or working:
                self._last_s = self._clock()
            return self._clock() - self._last_s
