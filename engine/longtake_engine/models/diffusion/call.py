"""What the calls of many pipelines have in common."""

from typing import TYPE_CHECKING, Any

import numpy as np

from longtake_engine.models.diffusion.block import Block
from longtake_engine.models.diffusion.family import Steps
from longtake_engine.models.diffusion.wish import Wish

if TYPE_CHECKING:
    from PIL.Image import Image
    from torch import Generator


def common_arguments(block: Block, wish: Wish, steps: Steps) -> dict[str, Any]:
    """Words, size, number of frames, steps, seed and the callback, as most pipelines name them."""
    height, width = block.size
    return {
        "prompt": wish.prompt,
        "negative_prompt": wish.negative_prompt or None,
        "height": height,
        "width": width,
        "num_frames": block.count,
        "num_inference_steps": steps.total,
        "generator": make_generator(wish.seed),
        "output_type": "np",
        "callback_on_step_end": steps.on_step_end,
    }


def make_generator(seed: int) -> "Generator":
    """Noise that is the same for equal seeds, whatever the work runs on."""
    import torch  # noqa: PLC0415 # heavy

    return torch.Generator("cpu").manual_seed(seed)


def to_images(pictures: np.ndarray) -> list["Image"]:
    """T H W 3 float32, 0 to 1, as the images that many pipelines want; 8 bits a colour."""
    from PIL import Image  # noqa: PLC0415 # comes with what runs the models

    return [Image.fromarray(np.rint(np.clip(p, 0, 1) * 255).astype(np.uint8)) for p in pictures]


def made_frames(output: Any, number: int = 0) -> np.ndarray:
    """T H W 3 float32 of what a pipeline returned with `output_type="np"`: shot `number` of it."""
    frames = np.asarray(output.frames[number], np.float32)
    np.nan_to_num(frames, copy=False, nan=0.5)  # in place: a run may be a gigabyte
    return np.clip(frames, 0, 1, out=frames)
