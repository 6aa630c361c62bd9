"""Where a training is, in one file from which it goes on as if it had never stopped."""

import json
import platform
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from torch import Tensor, nn

from longtake_engine.errors import BadInput, MissingInput
from longtake_engine.training.settings import TrainingSettings
from longtake_engine.training.whole import write_tensors

NAME = "checkpoint.safetensors"
TOLD = "training"  # the name under which what is no tensor stands in the file


@dataclass(slots=True)
class State:
    """A training under way."""

    network: nn.Module
    average: nn.Module  # the same with averaged weights, which are what is used in the end
    optimizer: torch.optim.Optimizer
    step: int = 0  # steps done
    seconds: dict[str, float] = field(default_factory=dict)  # spent, by machine

    @property
    def hours(self) -> float:
        """Spent on all machines."""
        return sum(self.seconds.values()) / 3600


@dataclass(frozen=True, slots=True)
class Told:
    """What a checkpoint tells besides tensors."""

    task: str
    size: str
    settings: TrainingSettings
    step: int
    seconds: dict[str, float]


def save(folder: Path, state: State, task: str, size: str, settings: TrainingSettings) -> None:
    """Write the checkpoint of `folder` anew."""
    tensors: dict[str, Tensor] = {}
    for prefix, part in (("network", state.network), ("average", state.average)):
        for name, tensor in part.state_dict().items():
            tensors[f"{prefix}.{name}"] = tensor
    for number, values in state.optimizer.state_dict()["state"].items():
        for name, value in values.items():
            tensors[f"optimizer.{number}.{name}"] = torch.as_tensor(value)
    # Parts that share memory would be refused: each is written as it is.
    tensors = {name: tensor.detach().cpu().clone() for name, tensor in tensors.items()}
    told = Told(task, size, settings, state.step, state.seconds)
    write_tensors(folder / NAME, tensors, {TOLD: json.dumps(asdict(told))})


def read_told(folder: Path) -> Told:
    """What the checkpoint of `folder` tells besides tensors.

    Raises:
        MissingInput: There is none.
        BadInput: It is not one of this program's.
    """
    with _opened(folder) as file:
        try:
            told = json.loads(file.metadata()[TOLD])
            return Told(**{**told, "settings": TrainingSettings(**told["settings"])})
        except (TypeError, KeyError, ValueError) as error:
            raise BadInput(
                f"{folder / NAME} was written by another version of this training: start anew in "
                "another folder."
            ) from error


def read_tensors(folder: Path, prefix: str) -> dict[str, Tensor]:
    """The tensors of a checkpoint under `prefix`: "network", "average" or "optimizer"."""
    with _opened(folder) as file:
        names = [name for name in file.keys() if name.startswith(f"{prefix}.")]  # noqa: SIM118
        return {name.removeprefix(f"{prefix}."): file.get_tensor(name) for name in names}


def write_weights(folder: Path, path: Path) -> None:
    """Write the averaged weights of the checkpoint of `folder` alone.

    Raises:
        EngineError: There is no checkpoint, or not this program's.
    """
    told = read_told(folder)
    prefix = "module."  # what torch puts before the names of what it averages
    tensors = {
        name.removeprefix(prefix): tensor
        for name, tensor in read_tensors(folder, "average").items()
        if name.startswith(prefix)
    }
    write_tensors(path, tensors, {"task": told.task, "size": told.size, "step": str(told.step)})


def restore(folder: Path, state: State) -> None:
    """Set `state` to where the checkpoint of `folder` is.

    Raises:
        BadInput: It is a network of other sizes.
    """
    told = read_told(folder)
    try:
        state.network.load_state_dict(read_tensors(folder, "network"))
        state.average.load_state_dict(read_tensors(folder, "average"))
    except RuntimeError as error:
        raise BadInput(
            f"{folder / NAME} holds a network of other sizes: resume it with the --size that it "
            "was begun with."
        ) from error
    values: dict[int, dict[str, Any]] = {}
    for name, tensor in read_tensors(folder, "optimizer").items():
        number, key = name.split(".", 1)
        values.setdefault(int(number), {})[key] = tensor
    groups = state.optimizer.state_dict()["param_groups"]
    state.optimizer.load_state_dict({"state": values, "param_groups": groups})
    state.step, state.seconds = told.step, dict(told.seconds)


def machine(device: str) -> str:
    """What a card has to call the hardware."""
    if device.startswith("cuda"):
        return torch.cuda.get_device_name(device)
    cpu = Path("/proc/cpuinfo")
    lines = cpu.read_text().splitlines() if cpu.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"CPU, {names[0] if names else platform.processor() or platform.machine()}"


def _opened(folder: Path) -> Any:
    path = folder / NAME
    if not path.exists():
        raise MissingInput(f"{path} is not there: give the folder of a training.")
    return safe_open(path, framework="pt")
