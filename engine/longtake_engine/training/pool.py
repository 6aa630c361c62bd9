"""Examples to learn from: scenes drawn chunk by chunk, each kept on disk for a while.

Which chunks a step may learn from, and which examples it takes, is told by the step's number and
the seed alone; who makes them, and when, makes no difference. Where there is a card, scenes are
drawn there, by the process that trains; what takes a processor is done by workers either way.
"""

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from longtake_engine.training.scenes import draw
from longtake_engine.training.seeds import generator_of, seed_of
from longtake_engine.training.settings import TrainingSettings
from longtake_engine.training.task import Examples, TrainingTask
from longtake_engine.training.whole import write_tensors

Kind = Literal["training", "validation"]
# Arrays, not tensors: those would go to another process by files that it has to open.
Shown = Mapping[str, np.ndarray]
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
        """Draw and keep it unless it is there."""
        if not self.path.exists():
            self.keep(self.shown())

    def shown(self) -> Shown:
        """Its scenes as drawn, for `keep`, which may have another process."""
        seed, settings = self.settings.seed, self.settings
        times = self.task.times(self._generator())
        with torch.no_grad():
            drawn = draw(
                seed_of(seed, f"{self.kind} scenes", self.number),
                settings.chunk,
                times,
                size=self.task.scene_size,
                device=settings.device if settings.draws_on_device else "cpu",
                settings=self.task.scenes,
            )
            shown = self.task.shown(drawn)
        return {name: part.cpu().numpy() for name, part in shown.items()}

    def keep(self, shown: Shown) -> None:
        """Prepare what is to be learnt from them, and write it."""
        generator = self._generator()
        self.task.times(generator)  # what it took of the generator
        with torch.no_grad():
            scenes = {name: torch.from_numpy(part) for name, part in shown.items()}
            examples = self.task.prepare(scenes, generator)
        write_tensors(self.path, examples, {})

    def _generator(self) -> torch.Generator:
        return generator_of(self.settings.seed, f"{self.kind} times", self.number)

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
        most = AHEAD * self._settings.workers
        waiting = sum(not future.done() for future in self._drawing.values())
        for number in range(window.start, window.stop + most):
            chunk = Chunk(self._task, self._settings, self._folder, "training", number)
            if number in self._drawing or chunk.path.exists():
                continue
            if not self._settings.draws_on_device:
                self._drawing[number] = self._workers.submit(chunk.ensure)
            elif waiting < most:  # drawn scenes are large, and wait in memory
                self._drawing[number] = self._workers.submit(chunk.keep, chunk.shown())
                waiting += 1

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
