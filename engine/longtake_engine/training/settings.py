"""How a network is trained, as one value that is kept beside what came of it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """All that tells one training from another. The seed and these tell every step."""

    seed: int = 0
    steps: int = 20_000  # of the whole training; the learning rate is planned over them
    batch: int = 16  # examples a step
    learning_rate: float = 1e-3  # at its highest
    last_rate: float = 0.02  # of the highest, at the last step
    warm_up_steps: int = 200
    weight_decay: float = 1e-4
    most_gradient: float = 1.0  # norm that gradients are cut to
    average_decay: float = 0.998  # of the averaged weights, a step
    bf16: bool = True  # autocast; the weights stay float32
    device: str = "cpu"
    threads: int = 1  # of torch on the CPU
    # Scenes are drawn in chunks, and steps learn from a window of them that moves on.
    chunk: int = 16  # scenes
    first_chunks: int = 64  # that must be there before the first step
    steps_a_chunk: float = 20.0  # steps after which one more is wanted; 0 stays with the first
    kept_chunks: int = 512  # the older are deleted
    workers: int = 0  # processes that make chunks ahead; 0 makes them when they are needed
    # Where scenes are drawn: "workers" have the CPU, "device" is where the network is; "auto" is
    # "device" where that is a card. What is learnt from them is prepared by the workers either way.
    drawing: Literal["auto", "workers", "device"] = "auto"
    validation_chunks: int = 8
    log_steps: int = 50  # between lines of the log, which hold the means since the line before
    validation_steps: int = 500
    checkpoint_steps: int = 250

    @property
    def draws_on_device(self) -> bool:
        """Whether the training's own process draws the scenes, on its device."""
        return self.drawing == "device" or (
            self.drawing == "auto" and self.device.startswith("cuda")
        )
