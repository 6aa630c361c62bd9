"""The token by which long work learns that it should stop, and says how far it is and what to
know of it."""

import threading
from collections.abc import Callable

from longtake_engine.errors import Cancelled


class CancelToken:
    """Set once by whoever cancels, asked often by whoever works. Safe across threads."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._hear: Callable[[str, float], None] | None = None
        self._remarks: dict[tuple[str, str], None] = {}

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

    def listen(self, hear: Callable[[str, float], None]) -> None:
        """Have `hear` called with what `say` is, in the thread that says it."""
        self._hear = hear

    def remark(self, model: str, sentence: str) -> None:
        """Tell what an editor should know of every take by the backend called `model`; nothing
        where the sentence is empty."""
        if sentence:
            self._remarks[model, sentence] = None

    def remarks_on(self, model: str) -> tuple[str, ...]:
        """What was remarked of a backend, each sentence once."""
        return tuple(sentence for name, sentence in tuple(self._remarks) if name == model)

    def say(self, words: str, remaining_s: float = -1.0) -> None:
        """Tell whoever listens how far the work is where no frame comes for long.

        Args:
            words: In few, such as "step 3 of 30".
            remaining_s: Seconds until frames come; below 0 where nobody knows.
        """
        if self._hear is not None:
            self._hear(words, remaining_s)
