"""Wan 2.1 VACE: one model for every canvas, with any pattern of pixels known.

Source: Jiang et al. 2025, "VACE: All-in-One Video Creation and Editing". In its mask 1 is made and
0 kept; what is to be made is grey in the video, or shows what it is to follow.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from longtake_engine.models.diffusion.block import Block
from longtake_engine.models.diffusion.call import common_arguments, made_frames, to_images
from longtake_engine.models.diffusion.family import Conditioning, Grid, Steps
from longtake_engine.models.diffusion.wish import Wish

_EVERYTHING = Conditioning(
    before=17,
    after=17,
    both=True,
    alone_after=True,
    masks=True,
    references=3,
    control=True,
)


@dataclass(frozen=True, slots=True)
class WanVace:
    """Wan VACE of either size."""

    grid: Grid
    pipeline: str = "WanVACEPipeline"
    conditioning: Conditioning = _EVERYTHING
    steps: int = 30

    def run(self, pipe: Any, block: Block, wish: Wish, steps: Steps) -> np.ndarray:
        """As `Family.run`."""
        unknown = block.unknown[..., None]
        video = block.frames
        if wish.control is not None:
            video = np.where(unknown > 0, wish.control, video)
        references = [image for one in wish.references for image in to_images(one[None])]
        output = pipe(
            **common_arguments(block, wish, steps),
            video=[video],
            mask=[unknown],
            reference_images=references or None,
            guidance_scale=5.0,
        )
        return made_frames(output)
