"""LTX-2: shots that keep to pictures or clips anywhere in them.

Its sound is left aside: what lies under a clip is made of the clip's own. Source: Lightricks/LTX-2.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from longtake_engine.models.diffusion.block import Block
from longtake_engine.models.diffusion.call import common_arguments, made_frames
from longtake_engine.models.diffusion.family import Conditioning, Family, Grid, Steps
from longtake_engine.models.diffusion.ltx import STEP, Given, given_frames
from longtake_engine.models.diffusion.wish import Wish
from longtake_engine.weights.entry import Entry

_GRID = Grid(32, 1280 * 704, 121, Fraction(24), frame_step=STEP, seen_step=1)
_TOLD = Conditioning(before=17, after=17, both=True, alone_after=True)
_PERTURBED = 28  # the layer that its makers leave out for a worse picture to be led away from


def ltx2_family(entry: Entry) -> Family | None:
    """What runs an LTX-2 of the catalogue; None of any other model."""
    return Ltx2() if entry.pipeline == "LTX2ConditionPipeline" else None


@dataclass(frozen=True, slots=True)
class Ltx2:
    """LTX-2 and LTX-2.5."""

    grid: Grid = _GRID
    pipeline: str = "LTX2ConditionPipeline"
    conditioning: Conditioning = _TOLD
    steps: int = 30

    def run(self, pipe: Any, block: Block, wish: Wish, steps: Steps) -> np.ndarray:
        """As `Family.run`."""
        arguments = common_arguments(block, wish, steps)
        conditions = [_condition(given) for given in given_frames(block, STEP)]
        layers = pipe.transformer.config.num_layers
        output = pipe(
            **arguments,
            conditions=conditions or None,
            frame_rate=float(block.rate),
            spatio_temporal_guidance_blocks=[min(_PERTURBED, layers - 1)],
        )
        return made_frames(output)


def _condition(given: Given) -> Any:
    from diffusers.pipelines.ltx2.pipeline_ltx2_condition import (  # noqa: PLC0415 # heavy
        LTX2VideoCondition,
    )

    # It counts latents, of which number n begins at frame STEP (n - 1) + 1. A number between two
    # stands for a frame between, which whole ones cannot say of the last.
    index: Any = (given.start - 1) / STEP + 1 if given.start else 0
    # Real frames are not compressed first, as its makers do with a single picture.
    return LTX2VideoCondition(frames=given.frames * np.float32(255), index=index, crf=0)
