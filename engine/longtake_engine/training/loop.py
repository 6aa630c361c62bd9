"""The loop that trains any task, in slices of minutes or for days."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from longtake_engine.training.checkpoint import State, machine, restore, save
from longtake_engine.training.log import Log
from longtake_engine.training.pool import Pool
from longtake_engine.training.seeds import seed_of
from longtake_engine.training.settings import TrainingSettings
from longtake_engine.training.task import Examples, TrainingTask

POOL = "pool"  # the folder of drawn examples, which may be deleted at any time


def begin(task: TrainingTask, settings: TrainingSettings) -> State:
    """A training that has not done a step."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        network = task.build().to(settings.device)
    average = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(settings.average_decay))
    optimizer = torch.optim.AdamW(
        network.parameters(), settings.learning_rate, weight_decay=settings.weight_decay
    )
    return State(network, average, optimizer)


def train(
    task: TrainingTask,
    settings: TrainingSettings,
    folder: Path,
    *,
    size: str = "",
    resume: bool = False,
    minutes: float = math.inf,
    stopped: Callable[[], bool] = lambda: False,
) -> State:
    """Train until all steps are done, the minutes are over or `stopped`; a checkpoint is left.

    Args:
        task: What is trained.
        settings: How.
        folder: Where checkpoint, log and drawn examples go.
        size: What the command line calls the network's size, kept for going on.
        resume: Go on from the folder's checkpoint.
        minutes: Of this run.
        stopped: Asked after each step.

    Raises:
        EngineError: The checkpoint cannot be gone on from.
    """
    torch.set_num_threads(settings.threads)
    state = begin(task, settings)
    if resume:
        restore(folder, state)
    folder.mkdir(parents=True, exist_ok=True)
    with Pool(folder / POOL, task, settings) as pool:
        run = _Run(_Place(task, settings, folder, size), state, pool)
        end = time.monotonic() + 60 * minutes
        run.go_on(lambda: stopped() or time.monotonic() > end)
    return state


@dataclass(frozen=True, slots=True)
class _Place:
    task: TrainingTask
    settings: TrainingSettings
    folder: Path
    size: str


class _Run:
    """From one start of the program to its end."""

    def __init__(self, place: _Place, state: State, pool: Pool) -> None:
        self._place, self._state, self._pool = place, state, pool
        self._log = Log(place.folder)
        self._machine = machine(place.settings.device)
        self._since = time.monotonic()

    def go_on(self, stopped: Callable[[], bool]) -> None:
        """Step until all are done or it is stopped."""
        state, settings = self._state, self._place.settings
        self._log.cut_after(state.step or -1)
        if state.step == 0:
            self._validate()
        recent: list[dict[str, float]] = []
        stops = False
        while state.step < settings.steps and not stops:
            examples = self._pool.batch(state.step)
            recent.append(one_step(self._place.task, state, examples, settings))
            stops = stopped()
            if self._due(settings.log_steps):
                self._say("training", mean(recent))
                recent = []
            if self._due(settings.validation_steps):
                self._validate()
            if self._due(settings.checkpoint_steps) or stops:
                self._keep()

    def _due(self, steps: int) -> bool:
        step = self._state.step
        return step % steps == 0 or step == self._place.settings.steps

    def _keep(self) -> None:
        self._count_time()
        place = self._place
        save(place.folder, self._state, place.task.name, place.size, place.settings)

    def _validate(self) -> None:
        figures = validated(self._place.task, self._state.average, self._pool, self._place.settings)
        self._say("validation", figures)

    def _say(self, kind: str, values: dict[str, float]) -> None:
        self._count_time()
        self._log.say(kind, self._state.step, self._state.hours, values)

    def _count_time(self) -> None:
        now, spent = time.monotonic(), self._state.seconds
        spent[self._machine] = spent.get(self._machine, 0.0) + now - self._since
        self._since = now


def mean(found: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The means of figures of the same names."""
    return {name: sum(one[name] for one in found) / len(found) for name in found[0]}


def one_step(
    task: TrainingTask, state: State, examples: Examples, settings: TrainingSettings
) -> dict[str, float]:
    """Learn from examples once; the values of the loss."""
    rate = rate_at(state.step, settings)
    for group in state.optimizer.param_groups:
        group["lr"] = rate
    torch.manual_seed(seed_of(settings.seed, "step", state.step))
    there = _brought(examples, settings.device)
    state.network.train()
    with autocast(settings):
        losses = task.loss(state.network, there, state.step)
    total = torch.stack(list(losses.values())).sum()
    state.optimizer.zero_grad(set_to_none=True)
    total.backward()
    norm = nn.utils.clip_grad_norm_(state.network.parameters(), settings.most_gradient)
    if torch.isfinite(norm):  # else the step is left out: one bad batch must not end days of work
        state.optimizer.step()
        assert isinstance(state.average, AveragedModel)
        state.average.update_parameters(state.network)
    state.step += 1
    values = {name: float(loss.detach()) for name, loss in losses.items()}
    return {**values, "gradient": float(norm), "rate": rate}


def validated(
    task: TrainingTask, network: nn.Module, pool: Pool, settings: TrainingSettings
) -> dict[str, float]:
    """The means of the task's figures over all validation examples."""
    found: list[dict[str, float]] = []
    network.eval()
    for examples in pool.validation():  # which may draw them: not in the network's precision
        with torch.no_grad(), autocast(settings):
            found.append(task.validate(network, _brought(examples, settings.device)))
    return mean(found)


def rate_at(step: int, settings: TrainingSettings) -> float:
    """The learning rate: a straight warm-up, then half a cosine."""
    if step < settings.warm_up_steps:
        return settings.learning_rate * (step + 1) / settings.warm_up_steps
    left = max(1, settings.steps - settings.warm_up_steps)
    done = min(1.0, (step - settings.warm_up_steps) / left)
    share = settings.last_rate + (1 - settings.last_rate) * 0.5 * (1 + math.cos(math.pi * done))
    return settings.learning_rate * share


def autocast(settings: TrainingSettings) -> torch.autocast:
    """bfloat16 where the settings ask for it."""
    kind = torch.device(settings.device).type
    return torch.autocast(kind, torch.bfloat16, enabled=settings.bf16)


def _brought(examples: Examples, device: str) -> Examples:
    return {name: tensor.to(device, non_blocking=True) for name, tensor in examples.items()}
