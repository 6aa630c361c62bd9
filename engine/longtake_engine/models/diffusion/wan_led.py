"""Wan T2V led on from a clip, which it was not taught to take: see `guidance/reconstruction.py`."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from longtake_engine.models.diffusion.block import Block
from longtake_engine.models.diffusion.call import common_arguments, made_frames, make_generator
from longtake_engine.models.diffusion.family import Conditioning, Grid, Steps
from longtake_engine.models.diffusion.latent import whole
from longtake_engine.models.diffusion.wan_still import encode
from longtake_engine.models.diffusion.wish import Wish
from longtake_engine.models.guidance.reconstruction import Reconstruction, after_each

_TOLD = Conditioning(before=9, needs_before=True, needs_prompt=True)


@dataclass(frozen=True, slots=True)
class WanLed:
    """Wan T2V, 2.1 and 2.2, going on from real frames; each step takes about three times as long as
    without."""

    grid: Grid
    pipeline: str = "WanPipeline"
    conditioning: Conditioning = _TOLD
    steps: int = 50

    def run(self, pipe: Any, block: Block, wish: Wish, steps: Steps) -> np.ndarray:
        """As `Family.run`."""
        import torch  # noqa: PLC0415 # heavy

        frame_step = pipe.vae_scale_factor_temporal
        given = max(whole(block.before, frame_step), 1)
        with torch.no_grad():
            first = encode(pipe, block, (given, 0), given)
        count = (block.count - 1) // frame_step + 1
        known = first.new_zeros((*first.shape[:2], count, *first.shape[3:]))
        known[:, :, : first.shape[2]] = first
        mask = torch.zeros(1, 1, count, 1, 1)
        mask[:, :, : first.shape[2]] = 1
        lead = Reconstruction(known, mask, generator=make_generator(wish.seed + 1))
        arguments = common_arguments(block, wish, steps) | {
            "callback_on_step_end": after_each(lead, steps.on_step_end),
            "callback_on_step_end_tensor_inputs": list(Reconstruction.TENSORS),
        }
        return made_frames(pipe(**arguments, guidance_scale=5.0))
