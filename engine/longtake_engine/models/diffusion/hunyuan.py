"""HunyuanVideo and HunyuanVideo 1.5: shots from words, or from a still.

Source: Kong et al. 2024, "HunyuanVideo: A Systematic Framework For Large Video Generative Models".
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from longtake_engine.models.diffusion.block import Block
from longtake_engine.models.diffusion.call import common_arguments, made_frames, to_images
from longtake_engine.models.diffusion.family import Conditioning, Family, Grid, Steps
from longtake_engine.models.diffusion.latent import from_join, put_back
from longtake_engine.models.diffusion.replacement import Held, after_steps, hold
from longtake_engine.models.diffusion.sibling import to_video
from longtake_engine.models.diffusion.wish import Wish
from longtake_engine.weights.entry import Entry

STEP = 4  # frames that a latent stands for
RATE = Fraction(24)
_FROM_WORDS = Conditioning(needs_prompt=True)
_FROM_STILL = Conditioning(before=9, needs_before=True)
_GRID = Grid(16, 1280 * 720, 129, RATE)
_GRID_15 = Grid(16, 848 * 480, 121, RATE)


def hunyuan_family(entry: Entry) -> Family | None:
    """What runs a HunyuanVideo of the catalogue; None of any other model."""
    match entry.pipeline:
        case "HunyuanVideoPipeline":
            return Hunyuan()
        case "HunyuanVideo15Pipeline":
            return Hunyuan15()
        case "HunyuanVideo15ImageToVideoPipeline":
            return Hunyuan15Still()
    return None


@dataclass(frozen=True, slots=True)
class Hunyuan:
    """HunyuanVideo: a shot from words."""

    grid: Grid = _GRID
    pipeline: str = "HunyuanVideoPipeline"
    conditioning: Conditioning = _FROM_WORDS
    steps: int = 50

    def run(self, pipe: Any, block: Block, wish: Wish, steps: Steps) -> np.ndarray:
        """As `Family.run`."""
        arguments = common_arguments(block, wish, steps)
        # Its guidance is learned. A negative prompt is heard by running it twice as often.
        true_scale = 6.0 if wish.negative_prompt else 1.0
        scale = 1.0 if wish.negative_prompt else 6.0
        return made_frames(pipe(**arguments, guidance_scale=scale, true_cfg_scale=true_scale))


@dataclass(frozen=True, slots=True)
class Hunyuan15:
    """HunyuanVideo 1.5: a shot from words."""

    grid: Grid = _GRID_15
    pipeline: str = "HunyuanVideo15Pipeline"
    conditioning: Conditioning = _FROM_WORDS
    steps: int = 50

    def run(self, pipe: Any, block: Block, wish: Wish, steps: Steps) -> np.ndarray:
        """As `Family.run`."""
        arguments = _without_callback(block, wish, steps)
        with _heard(pipe, steps, None):
            return made_frames(pipe(**arguments))


@dataclass(frozen=True, slots=True)
class Hunyuan15Still:
    """HunyuanVideo 1.5 from a still; several known frames are held while it samples."""

    grid: Grid = _GRID_15
    pipeline: str = "HunyuanVideo15ImageToVideoPipeline"
    conditioning: Conditioning = _FROM_STILL
    steps: int = 50

    def run(self, pipe: Any, block: Block, wish: Wish, steps: Steps) -> np.ndarray:
        """As `Family.run`."""
        dropped, part = from_join(block, STEP, self.conditioning.before)
        given = part.frames[: part.before]
        arguments = _without_callback(part, wish, steps)
        height, width = arguments.pop("height"), arguments.pop("width")
        held = hold(pipe, _encode(pipe, given), 2, wish.seed) if len(given) > 1 else None
        with _of_size(pipe, height, width), _heard(pipe, steps, held):
            output = pipe(to_images(given[:1])[0], **arguments)
        return put_back(block, dropped, made_frames(output))


def _without_callback(block: Block, wish: Wish, steps: Steps) -> dict[str, Any]:
    arguments = common_arguments(block, wish, steps)
    del arguments["callback_on_step_end"]
    return arguments


@contextmanager
def _heard(pipe: Any, steps: Steps, held: Held | None) -> Iterator[None]:
    """Has `steps` hear of every step, of which these pipelines tell nobody."""

    def change(number: int, latents: Any) -> Any:
        steps.take()
        return latents if held is None else held.over(number, latents)

    with after_steps(pipe.scheduler, change):
        yield


@contextmanager
def _of_size(pipe: Any, height: int, width: int) -> Iterator[None]:
    """Has `pipe` make pictures of this size, where it would crop to one of its own list."""
    processor = pipe.video_processor

    def chosen(**asked: Any) -> tuple[int, int]:
        return height, width

    processor.calculate_default_height_width = chosen
    try:
        yield
    finally:
        del processor.calculate_default_height_width  # the class's own is seen again


def _encode(pipe: Any, frames: np.ndarray) -> Any:
    """The latents of frames as the model samples them: B C T H W."""
    import torch  # noqa: PLC0415 # heavy

    with torch.no_grad():
        latents = pipe.vae.encode(to_video(pipe, frames)).latent_dist.mode().float()
    return latents * pipe.vae.config.scaling_factor
