"""Stable Video Diffusion: a few seconds from a still, without words.

Source: Blattmann et al. 2023, "Stable Video Diffusion: Scaling Latent Video Diffusion Models to
Large Datasets".
"""

from contextlib import nullcontext
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from longtake_engine.models.diffusion.block import Block
from longtake_engine.models.diffusion.call import made_frames, make_generator, to_images
from longtake_engine.models.diffusion.family import Conditioning, Family, Grid, Steps
from longtake_engine.models.diffusion.latent import from_join, put_back
from longtake_engine.models.diffusion.replacement import after_steps, hold
from longtake_engine.models.diffusion.sibling import precise_encoder, to_video
from longtake_engine.models.diffusion.wish import Wish
from longtake_engine.weights.entry import Entry

_GRID = Grid(64, 1024 * 576, 25, Fraction(8), frame_step=1)
_FROM_STILL = Conditioning(before=5, needs_before=True, prompt=False)
_DECODED = 4  # frames at once: more take much memory


def svd_family(entry: Entry) -> Family | None:
    """What runs a Stable Video Diffusion of the catalogue; None of any other model."""
    return Svd() if entry.pipeline == "StableVideoDiffusionPipeline" else None


@dataclass(frozen=True, slots=True)
class Svd:
    """SVD-XT; several known frames are held while it samples. Its latents stand for one frame."""

    grid: Grid = _GRID
    pipeline: str = "StableVideoDiffusionPipeline"
    conditioning: Conditioning = _FROM_STILL
    steps: int = 25

    def run(self, pipe: Any, block: Block, wish: Wish, steps: Steps) -> np.ndarray:
        """As `Family.run`."""
        dropped, part = from_join(block, 1, self.conditioning.before)
        given, (height, width) = part.frames[: part.before], part.size
        held = nullcontext()
        if len(given) > 1:
            held = after_steps(pipe.scheduler, hold(pipe, _encode(pipe, given), 1, wish.seed).over)
        with held, precise_encoder(pipe):
            output = pipe(
                to_images(given[:1])[0],
                height=height,
                width=width,
                num_frames=part.count,
                num_inference_steps=steps.total,
                fps=max(2, round(block.rate)),
                decode_chunk_size=_DECODED,
                generator=make_generator(wish.seed),
                output_type="np",
                callback_on_step_end=steps.on_step_end,
            )
        return put_back(block, dropped, made_frames(output))


def _encode(pipe: Any, frames: np.ndarray) -> Any:
    """The latents of frames as the model samples them: B T C H W."""
    import torch  # noqa: PLC0415 # heavy

    pictures = to_video(pipe, frames)[0].transpose(0, 1)
    with torch.no_grad():
        latents = pipe.vae.encode(pictures).latent_dist.mode().float()
    return latents[None] * pipe.vae.config.scaling_factor
