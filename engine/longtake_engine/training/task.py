"""What is trained: a network, what it learns from, and what it is measured by."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import torch
from torch import Tensor, nn

from longtake_engine.training.scenes import Drawn, SceneSettings

Examples = Mapping[str, Tensor]  # by name, B first in each


class TrainingTask(Protocol):
    """One network and how it is trained. Everything it does is told by its arguments, so that a
    training that was cut short goes on as if it had not been."""

    @property
    def name(self) -> str:
        """What the command line calls it."""
        ...

    @property
    def scene_size(self) -> int:
        """Height and width in pixels of the scenes that are drawn for it."""
        ...

    @property
    def scenes(self) -> SceneSettings:
        """The mix of scenes that are drawn for it."""
        ...

    def build(self) -> nn.Module:
        """The network, its weights drawn from torch's own generator, which the loop seeds."""
        ...

    def times(self, generator: torch.Generator) -> Sequence[float]:
        """The moments at which the scenes of one chunk are drawn, 0 to 1."""
        ...

    def shown(self, drawn: Drawn) -> Examples:
        """What of drawn scenes `prepare` goes by, B first, on the device they were drawn on.

        It may go on to another process, so uint8 and float16 are best.
        """
        ...

    def prepare(self, shown: Examples, generator: torch.Generator) -> Examples:
        """What is kept of shown scenes to learn from, all on the CPU.

        Done once a scene, however often it is learnt from, and perhaps in another process: slow
        work (the classical path, crops) belongs here. uint8 and float16 keep the pool small. There
        may be more or fewer examples than scenes, at least one.
        """
        ...

    def loss(self, network: nn.Module, examples: Examples, step: int) -> dict[str, Tensor]:
        """What is brought down: the sum of all values, each logged by its name.

        `step` seeds whatever varies (flips, crops).
        """
        ...

    def validate(self, network: nn.Module, examples: Examples) -> dict[str, float]:
        """Figures of the network on examples that it never learns from."""
        ...
