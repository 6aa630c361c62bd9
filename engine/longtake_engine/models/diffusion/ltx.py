"""LTX-Video: quick shots that keep to pictures or clips anywhere in them.

Source: HaCohen et al. 2024, "LTX-Video: Realtime Video Latent Diffusion".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from longtake_engine.models.diffusion.block import Block
from longtake_engine.models.diffusion.call import common_arguments, made_frames, to_images
from longtake_engine.models.diffusion.family import Conditioning, Family, Grid, Steps
from longtake_engine.models.diffusion.latent import whole
from longtake_engine.models.diffusion.sibling import precise_encoder, to_video
from longtake_engine.models.diffusion.wish import Wish
from longtake_engine.weights.entry import Entry

STEP = 8  # frames that a latent stands for
_GRID = Grid(32, 1216 * 704, 161, Fraction(25), frame_step=STEP, seen_step=1)
_TOLD = Conditioning(before=17, after=17, both=True, alone_after=True, strength=True)


def ltx_family(entry: Entry) -> Family | None:
    """What runs an LTX-Video of the catalogue; None of any other model."""
    return Ltx() if entry.pipeline == "LTXConditionPipeline" else None


@dataclass(frozen=True, slots=True)
class Given:
    """Pictures that a model shall show, and from which frame on."""

    frames: np.ndarray  # T H W 3 float32
    start: int


@dataclass(frozen=True, slots=True)
class Ltx:
    """LTX-Video 0.9.5 and later."""

    grid: Grid = _GRID
    pipeline: str = "LTXConditionPipeline"
    conditioning: Conditioning = _TOLD
    steps: int = 40

    def run(self, pipe: Any, block: Block, wish: Wish, steps: Steps) -> np.ndarray:
        """As `Family.run`."""
        from diffusers.pipelines.ltx.pipeline_ltx_condition import (  # noqa: PLC0415 # heavy
            LTXVideoCondition,
        )

        arguments = common_arguments(block, wish, steps)
        if wish.strength and not block.unknown.any():
            arguments |= {"latents": _encode(pipe, block), "denoise_strength": wish.strength}
            steps.total = max(1, int(steps.total * wish.strength))
        else:
            conditions = [
                LTXVideoCondition(video=to_images(one.frames), frame_index=one.start)
                for one in given_frames(block, STEP)
            ]
            arguments["conditions"] = conditions or None
        if pipe.vae.config.timestep_conditioning:
            # As its makers decode: a little noise, which the decoder takes away.
            arguments |= {"decode_timestep": 0.05, "decode_noise_scale": 0.025}
        with precise_encoder(pipe):
            output = pipe(**arguments, frame_rate=float(block.rate), guidance_scale=3.0)
        return made_frames(output)


def given_frames(block: Block, step: int) -> Iterator[Given]:
    """What of a block's known frames a model can be given that takes one picture anywhere, and a
    clip of `step` times k, plus 1, frames where a latent begins.

    The frames at either side of what is to be made are always among them.
    """
    before, after, count = block.before, block.after, block.count
    if before == count:
        return
    lead = whole(before, step)
    if lead:
        yield Given(block.frames[:lead], 0)
    if lead < before:
        yield Given(block.frames[before - 1 : before], before - 1)
    tail = whole(after, step)
    if tail < after or tail == 1:
        yield Given(block.frames[count - after : count - after + 1], count - after)
    if tail > 1:
        yield Given(block.frames[count - tail :], count - tail)


def _encode(pipe: Any, block: Block) -> Any:
    """The latents of a whole block, as the model has them: B C T H W."""
    import torch  # noqa: PLC0415 # heavy

    with torch.no_grad():
        latents = pipe.vae.encode(to_video(pipe, block.frames)).latent_dist.mode()
    return pipe._normalize_latents(latents.float(), pipe.vae.latents_mean, pipe.vae.latents_std)
