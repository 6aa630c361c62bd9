"""Examples to learn from: scenes drawn chunk by chunk, each kept on disk for a while.

Which chunks a step may learn from, and which examples it takes, is told by the step's number and
the seed alone; who draws them, and when, makes no difference.
"""

import os
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import torch
from safetensors import safe_open
from safetensors.torch import load_file

from longtake_engine.training.scenes import draw
from longtake_engine.training.seeds import generator_of, seed_of
from longtake_engine.training.settings import TrainingSettings
from longtake_engine.training.task import Examples, TrainingTask
from longtake_engine.training.whole import write_tensors

Kind = Literal["training", "validation"]
AHEAD = 4  # chunks each worker is given before they are needed
POLITE = 10  # niceness of workers


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some examples of one seed, and the file that holds them once drawn."""

    task: TrainingTask
    settings: TrainingSettings
    folder: Path
    kind: Kind
    number: int

    @property
    def path(self) -> Path:
        """Where it is kept."""
        return self.folder / f"{self.kind}-{self.number:06}.safetensors"

    def ensure(self) -> None:
        """Draw it unless it is there."""
        if self.path.exists():
            return
        seed = self.settings.seed
        generator = generator_of(seed, f"{self.kind} times", self.number)
        times = self.task.times(generator)
        scenes = seed_of(seed, f"{self.kind} scenes", self.number)
        with torch.no_grad():
            drawn = draw(
                scenes,
                self.settings.chunk,
                times,
                size=self.task.scene_size,
                settings=self.task.scenes,
            )
            examples = self.task.prepare(drawn, generator)
        write_tensors(self.path, examples, {})

    def all(self) -> Examples:
        """Every example of it."""
        self.ensure()
        return load_file(self.path)

    def some(self, shares: list[float]) -> Examples:
        """The examples that lie at those shares of it, 0 to under 1; nothing else is read."""
        self.ensure()
        with safe_open(self.path, framework="pt") as file:
            parts = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118
            return {
                name: torch.stack([part[int(share * part.get_shape()[0])] for share in shares])
                for name, part in parts.items()
            }


class Pool:
    """The chunks of one training. A context manager: workers end with it."""

    def __init__(self, folder: Path, task: TrainingTask, settings: TrainingSettings) -> None:
        self._folder, self._task, self._settings = folder, task, settings
        self._drawing: dict[int, Future[None]] = {}
        self._workers: ProcessPoolExecutor | None = None
        if settings.workers:
            # A forked process would inherit torch's threads, which do not live on in it.
            self._workers = ProcessPoolExecutor(
                settings.workers, get_context("spawn"), _start_worker
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._workers is not None:
            self._workers.shutdown(cancel_futures=True)

    def window(self, step: int) -> range:
        """The numbers of the chunks that a step learns from."""
        wanted = self._settings
        grown = int(step / wanted.steps_a_chunk) if wanted.steps_a_chunk else 0
        stop = wanted.first_chunks + grown
        return range(max(0, stop - wanted.kept_chunks), stop)

    def batch(self, step: int) -> Examples:
        """The examples of a step; waits for those that are not drawn yet."""
        window = self.window(step)
        self._draw_ahead(window)
        self._forget_before(window.start)
        generator = generator_of(self._settings.seed, "batch", step)
        chosen: dict[int, list[float]] = {}
        for _ in range(self._settings.batch):
            chunk = int(torch.randint(window.start, window.stop, (), generator=generator))
            share = float(torch.rand((), generator=generator, dtype=torch.float64))
            chosen.setdefault(chunk, []).append(share)
        parts = [self._chunk("training", number).some(those) for number, those in chosen.items()]
        return {name: torch.cat([part[name] for part in parts]) for name in parts[0]}

    def validation(self) -> Iterator[Examples]:
        """The examples that nothing is learnt from, chunk by chunk."""
        for number in range(self._settings.validation_chunks):
            yield self._chunk("validation", number).all()

    def _chunk(self, kind: Kind, number: int) -> Chunk:
        waiting = self._drawing.pop(number, None) if kind == "training" else None
        if waiting is not None:
            waiting.result()
        return Chunk(self._task, self._settings, self._folder, kind, number)

    def _draw_ahead(self, window: range) -> None:
        if self._workers is None:
            return
        ahead = window.stop + AHEAD * self._settings.workers
        for number in range(window.start, ahead):
            chunk = Chunk(self._task, self._settings, self._folder, "training", number)
            if number not in self._drawing and not chunk.path.exists():
                self._drawing[number] = self._workers.submit(chunk.ensure)

    def _forget_before(self, first: int) -> None:
        number = first - 1
        while number >= 0:
            path = Chunk(self._task, self._settings, self._folder, "training", number).path
            if not path.exists():
                return
            path.unlink()
            number -= 1


def _start_worker() -> None:
    torch.set_num_threads(1)
    if hasattr(os, "nice"):
        os.nice(POLITE)
