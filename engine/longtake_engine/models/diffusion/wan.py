"""Wan 2.1 and 2.2: which module runs which of them."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from longtake_engine.models.diffusion.block import Block
from longtake_engine.models.diffusion.call import common_arguments, made_frames
from longtake_engine.models.diffusion.family import Conditioning, Family, Grid, Steps
from longtake_engine.models.diffusion.wan_led import WanLed
from longtake_engine.models.diffusion.wan_still import WanStill
from longtake_engine.models.diffusion.wan_vace import WanVace
from longtake_engine.models.diffusion.wish import Wish
from longtake_engine.weights.entry import Entry

RATE = Fraction(16)
FRAMES = 81
SMALL, LARGE = 832 * 480, 1280 * 720  # areas of 480p and 720p as Wan has them
_FROM_WORDS = Conditioning(needs_prompt=True, strength=True)


def wan_family(entry: Entry) -> Family | None:
    """What runs a Wan of the catalogue; None of any other model."""
    area = LARGE if "720" in entry.repository or "14b" in entry.name else SMALL
    grid = Grid(16, area, FRAMES, RATE)
    match entry.pipeline:
        case "WanVACEPipeline":
            return WanVace(grid)
        case "WanImageToVideoPipeline":
            if "480" in entry.repository:
                grid = Grid(16, SMALL, FRAMES, RATE)
            return WanStill(grid, between="flf2v" in entry.name)
        case "WanPipeline" if entry.marks.get("model_index.json", {}).get("expand_timesteps"):
            return WanStill(Grid(32, 1280 * 704, 121, Fraction(24)), expands=True)
        case "WanPipeline":
            return WanWords(grid)
    return None


def led_wan(entry: Entry) -> Family | None:
    """What has a Wan that is made for words alone go on from a clip; None of any other model."""
    family = wan_family(entry)
    return WanLed(family.grid) if isinstance(family, WanWords) else None


@dataclass(frozen=True, slots=True)
class WanWords:
    """Wan T2V, 2.1 and 2.2: a shot from words; from a clip, made anew by a share of it."""

    grid: Grid
    pipeline: str = "WanPipeline"
    conditioning: Conditioning = _FROM_WORDS
    steps: int = 50

    def run(self, pipe: Any, block: Block, wish: Wish, steps: Steps) -> np.ndarray:
        """As `Family.run`."""
        arguments = common_arguments(block, wish, steps)
        if wish.strength and not block.unknown.any():
            from diffusers.pipelines.wan.pipeline_wan_video2video import (  # noqa: PLC0415 # heavy
                WanVideoToVideoPipeline,
            )

            parts = {n: c for n, c in pipe.components.items() if n != "transformer_2"}
            del arguments["num_frames"]
            pipe = WanVideoToVideoPipeline(**parts)
            arguments |= {"video": [block.frames], "strength": wish.strength}
        return made_frames(pipe(**arguments, guidance_scale=5.0))
