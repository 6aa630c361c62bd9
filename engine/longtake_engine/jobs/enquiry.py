"""Questions about files, work and models, answered by a worker process of their own.

So a malformed file cannot kill the daemon, and no question waits behind a job.
"""

import logging
import queue
import threading
import time
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from longtake_engine.ability import ModelInfo
from longtake_engine.errors import Stopping, WorkerDied
from longtake_engine.jobs.answer import FoundMedia
from longtake_engine.jobs.fault import to_error
from longtake_engine.jobs.message import (
    Answer,
    AskEstimate,
    AskLikeness,
    AskModels,
    AskProbe,
    AskPrompt,
    AskSheet,
    Broken,
    Event,
    Question,
)
from longtake_engine.jobs.process import Died, WarmWorker, WorkerProcess
from longtake_engine.models.guidance.prompt import Expansion
from longtake_engine.models.meaning.likeness import Likeness
from longtake_engine.work import CameraMove, Estimate, SheetRow, Spec, from_json

_log = logging.getLogger(__name__)
_TIMEOUT_S = 120.0  # counting the packets of a long file on a slow disk takes a while
_WARM_S = 120.0
T = TypeVar("T")


class EnquiryDesk:
    """Answers one question at a time. Safe across threads."""

    def __init__(self, *, home: Path, tasks: str, timeout_s: float = _TIMEOUT_S) -> None:
        self._log = home / "questions.log"
        self._tasks = tasks
        self._timeout_s = timeout_s
        self._worker = WarmWorker(self._start_worker, _WARM_S)
        self._turn = threading.Lock()
        self._stopping = threading.Event()
        self._mail: queue.Queue[tuple[WorkerProcess, Event | Died]] = queue.Queue()

    def probe(self, path: Path, sequence_rate: Fraction | None) -> FoundMedia:
        """What a file holds; raises `MissingInput`, `BadInput` and `WorkerDied`."""
        return from_json(self._ask(AskProbe(path, sequence_rate), str(path)), FoundMedia)

    def estimate(self, spec: Spec) -> Estimate:
        """What work would cost; raises what the work itself would raise at once."""
        return from_json(self._ask(AskEstimate(spec), "the work"), Estimate)

    def models(self) -> tuple[ModelInfo, ...]:
        """What can complete frames, built-in ones first."""
        return from_json(self._ask(AskModels(), "the models"), tuple[ModelInfo, ...])

    def sheet(self, rows: tuple[SheetRow, ...]) -> bytes:
        """A PNG of frames of files; raises `MissingInput`, `BadInput` and `WorkerDied`."""
        return from_json(self._ask(AskSheet(rows), "the takes"), bytes)

    def expand(self, prompt: str, camera: CameraMove | None, *, shown: bool) -> Expansion:
        """A prompt as it would go to a model; raises as `write_out` does."""
        return from_json(self._ask(AskPrompt(prompt, camera, shown), "the prompt"), Expansion)

    def compare(self, wishes: tuple[str, ...], texts: tuple[str, ...]) -> Likeness:
        """Which texts mean alike; raises as `compare_texts` does."""
        return from_json(self._ask(AskLikeness(wishes, texts), "the texts"), Likeness)

    def stop(self) -> None:
        """End the worker; questions that wait for it get `Stopping`."""
        self._stopping.set()
        self._worker.end()

    def _start_worker(self) -> WorkerProcess:
        return WorkerProcess(
            tasks=self._tasks,
            log=self._log,
            deliver=lambda process, event: self._mail.put((process, event)),
        )

    def _ask(self, question: Question, subject: str) -> bytes:
        """The JSON of the answer, asked again once where the worker dies."""
        with self._turn:
            try:
                for _ in range(2):
                    if self._stopping.is_set():
                        raise Stopping("The engine is going down; ask again.")
                    worker = self._worker.take()
                    worker.send(question)
                    event = self._hear(worker)
                    if isinstance(event, Answer):
                        return bytes(event.value)
                    if isinstance(event, Broken):
                        raise to_error(event.fault)
                    if event is None:
                        self._worker.end()
                        raise WorkerDied(
                            f"Looking at {subject} took more than {self._timeout_s:g} s and was "
                            "given up; try a copy on a local disk."
                        )
            finally:
                self._worker.rest()
        raise WorkerDied(
            f"Looking at {subject} brought the engine's reader down twice; "
            f"the file is probably damaged, {self._log} may say more."
        )

    def _hear(self, worker: WorkerProcess) -> Event | Died | None:
        """What `worker` says next; None where it is silent for too long."""
        deadline_s = time.monotonic() + self._timeout_s
        while True:
            try:
                sender, event = self._mail.get(timeout=max(0.0, deadline_s - time.monotonic()))
            except queue.Empty:
                return None
            if sender is worker:
                return event
