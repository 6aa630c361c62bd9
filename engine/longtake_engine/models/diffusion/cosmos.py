"""Cosmos Predict 2.5: goes on from words, a still or five frames, for scenes that obey physics.

Source: NVIDIA 2025, "World Simulation with Video Foundation Models for Physical AI". Its licence
ends for whoever goes around its guardrail, so it runs only where that is installed.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from longtake_engine.models.diffusion.block import Block
from longtake_engine.models.diffusion.call import common_arguments, made_frames, to_images
from longtake_engine.models.diffusion.family import Conditioning, Family, Grid, Steps
from longtake_engine.models.diffusion.latent import from_join, put_back
from longtake_engine.models.diffusion.wish import Wish
from longtake_engine.weights.entry import Entry

STEP = 4  # frames that a latent stands for
MOST = 5  # known frames: two latents
_GRID = Grid(16, 1280 * 704, 93, Fraction(16))
_TOLD = Conditioning(before=MOST)


def cosmos_family(entry: Entry) -> Family | None:
    """What runs a Cosmos of the catalogue; None of any other model."""
    return Cosmos() if entry.pipeline == "Cosmos2_5_PredictBasePipeline" else None


@dataclass(frozen=True, slots=True)
class Cosmos:
    """Cosmos-Predict2.5-2B."""

    grid: Grid = _GRID
    pipeline: str = "Cosmos2_5_PredictBasePipeline"
    conditioning: Conditioning = _TOLD
    steps: int = 36

    def run(self, pipe: Any, block: Block, wish: Wish, steps: Steps) -> np.ndarray:
        """As `Family.run`."""
        dropped, part = from_join(block, STEP, MOST)
        given = part.before
        arguments = common_arguments(part, wish, steps)
        if given:
            arguments["video"] = to_images(part.frames[:given])
            arguments["num_latent_conditional_frames"] = (given - 1) // STEP + 1
        output = pipe(**arguments, guidance_scale=7.0)
        return put_back(block, dropped, made_frames(output))
