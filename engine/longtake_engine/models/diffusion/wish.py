"""What a person wants of the frames that a model makes, as a model hears it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from longtake_engine.work import CameraMove

# Frames, numbered as in the canvas and fractions of one where a model's rate is another, and the
# (height, width) of the model's pictures -> T H W 3 float32, 0 to 1.
Draw = Callable[[Sequence[float], tuple[int, int]], np.ndarray]


@dataclass(frozen=True, slots=True)
class Wish:
    """Guidance with its pictures read. Fields that a family cannot hear it leaves alone."""

    prompt: str = ""
    negative_prompt: str = ""
    seed: int = 0
    steps: int = 0  # of the sampler; 0: as many as the family takes
    strength: float = 0.0  # 0 to 1: how much of given frames is made anew; 0: nothing was said
    references: tuple[np.ndarray, ...] = ()  # H W 3 float32 each, R'G'B' 0 to 1
    # T H W 3 float32 on the block's grid: drawn boxes, strokes, camera path (models/guidance);
    # it stands where the block is unknown
    control: np.ndarray | None = None
    draw: Draw | None = None  # gives `control`, once the block is known; None for none
    camera: CameraMove | None = None
    draw_besides: Draw | None = None  # as `draw`, without the camera's move
