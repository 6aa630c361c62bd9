"""Helios: long shots from words, a still or a clip, in chunks of 33 frames.

Each chunk is made after a history of coarser and coarser latents of what came before. Known frames
are that history. Source: BestWishYsh/Helios, Apache-2.0.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from longtake_engine.models.diffusion.block import Block
from longtake_engine.models.diffusion.call import common_arguments, made_frames, make_generator
from longtake_engine.models.diffusion.family import Conditioning, Family, Grid, Steps
from longtake_engine.models.diffusion.latent import put_back, whole
from longtake_engine.models.diffusion.sibling import encode_wan
from longtake_engine.models.diffusion.wish import Wish
from longtake_engine.weights.entry import Entry

STEP = 4  # frames that a latent stands for
CHUNK = 33  # frames that it makes at once
STAGES = 3  # sizes that the distilled one goes through in a chunk
_RATE = Fraction(24)
_AREA, _FRAMES = 640 * 384, 2 * CHUNK + 129
_GRID = Grid(16, _AREA, _FRAMES, _RATE, frame_step=1)
# Its sizes are halved twice.
_GRID_OF_STAGES = Grid(64, _AREA, _FRAMES, _RATE, frame_step=1)
_TOLD = Conditioning(before=2 * CHUNK)
# Known latents bear as much noise as made ones are off, of which it was trained not to heed.
_LEAST_NOISE, _MOST_NOISE = 0.111, 0.135


def helios_family(entry: Entry) -> Family | None:
    """What runs a Helios of the catalogue; None of any other model."""
    match entry.pipeline:
        case "HeliosPipeline":
            return Helios()
        case "HeliosPyramidPipeline":
            return HeliosDistilled()
    return None


@dataclass(frozen=True, slots=True)
class Helios:
    """Helios-Base."""

    grid: Grid = _GRID
    pipeline: str = "HeliosPipeline"
    conditioning: Conditioning = _TOLD
    steps: int = 50

    def run(self, pipe: Any, block: Block, wish: Wish, steps: Steps) -> np.ndarray:
        """As `Family.run`."""
        arguments = _arguments(pipe, block, wish, steps)
        steps.total *= chunks_for(block.count - block.before)
        return put_back(block, block.before, made_frames(pipe(**arguments, guidance_scale=5.0)))


@dataclass(frozen=True, slots=True)
class HeliosDistilled:
    """Helios-Distilled: six steps a chunk, from a quarter of the size up."""

    grid: Grid = _GRID_OF_STAGES
    pipeline: str = "HeliosPyramidPipeline"
    conditioning: Conditioning = _TOLD
    steps: int = 6

    def run(self, pipe: Any, block: Block, wish: Wish, steps: Steps) -> np.ndarray:
        """As `Family.run`."""
        each = max(1, steps.total // STAGES)
        arguments = _arguments(pipe, block, wish, steps)
        del arguments["num_inference_steps"]
        # The first chunk takes twice as many.
        steps.total = STAGES * each * (chunks_for(block.count - block.before) + 1)
        with _sound_noise(pipe):
            output = pipe(
                **arguments,
                pyramid_num_inference_steps_list=[each] * STAGES,
                guidance_scale=1.0,
                is_amplify_first_chunk=True,
            )
        return put_back(block, block.before, made_frames(output))


def chunks_for(frames: int) -> int:
    """Chunks to ask for so that at least so many frames come: what is over a whole number of
    latents at the end of all of them is cut off."""
    chunks = 1
    while whole(chunks * CHUNK, STEP) < frames:
        chunks += 1
    return chunks


@contextmanager
def _sound_noise(pipe: Any) -> Iterator[None]:
    """Has `pipe` draw the noise between two sizes from a root of its covariance that exists.

    Within a patch of n pixels the covariance is (1 + g) I - g J, which for the g of the weights, a
    third, is singular: the Cholesky root that diffusers takes fails on processors and on some
    cards. Until it takes another (known of Helios in other programs as well), this is the symmetric
    one.
    """

    def sample(*asked: Any) -> Any:
        import torch  # noqa: PLC0415 # heavy

        batch, channels, count, height, width, (_, high, wide), device, generator = asked
        gamma = pipe.scheduler.config.gamma
        shape = (batch, channels, count, height // high, high, width // wide, wide)
        noise = torch.randn(shape, generator=generator, device=generator.device).to(device)
        middle = noise.mean(dim=(4, 6), keepdim=True)
        along = max(0.0, 1 - (high * wide - 1) * gamma) ** 0.5
        noise = (1 + gamma) ** 0.5 * (noise - middle) + along * middle
        return noise.reshape(batch, channels, count, height, width)

    pipe.sample_block_noise = sample
    try:
        yield
    finally:
        del pipe.sample_block_noise  # the class's own is seen again


def _arguments(pipe: Any, block: Block, wish: Wish, steps: Steps) -> dict[str, Any]:
    arguments = common_arguments(block, wish, steps)
    arguments["num_frames"] = chunks_for(block.count - block.before) * CHUNK
    if block.before:
        arguments |= _history(pipe, block.frames[: block.before], wish.seed)
    return arguments


def _history(pipe: Any, known: np.ndarray, seed: int) -> dict[str, Any]:
    """Known frames as what came before, in chunks from the join back; `known` is T H W 3."""
    import torch  # noqa: PLC0415 # heavy

    generator = make_generator(seed)
    chunks = []
    while len(known) and len(chunks) < 2:
        kept = whole(min(len(known), CHUNK), STEP)
        chunks.insert(0, _noised(encode_wan(pipe, known[-kept:]), generator))
        known = known[:-kept] if kept == CHUNK else known[:0]
    history = torch.cat(chunks, dim=2)
    return {
        "image_latents": history[:, :, :1],
        "video_latents": history,
        "add_noise_to_image_latents": False,
        "add_noise_to_video_latents": False,
    }


def _noised(latents: Any, generator: Any) -> Any:
    """Latents with a noise of its own strength in each: B C T H W."""
    import torch  # noqa: PLC0415 # heavy

    share = torch.rand((1, 1, latents.shape[2], 1, 1), generator=generator).to(latents)
    sigma = _LEAST_NOISE + share * (_MOST_NOISE - _LEAST_NOISE)
    noise = torch.randn(latents.shape, generator=generator).to(latents)
    return sigma * noise + (1 - sigma) * latents
