"""The token by which long work learns that it should stop."""

import threading

from longtake_engine.errors import Cancelled


class CancelToken:
    """Set once by whoever cancels, asked often by whoever works. Safe across threads."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether the work should stop."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise `Cancelled` where the work should stop."""
        if self._event.is_set():
            raise Cancelled("The job was cancelled.")
