"""Wan 2.1 and 2.2: which module runs which of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from longtake_engine.models.diffusion.block import Block
from longtake_engine.models.diffusion.call import common_arguments, made_frames, make_generator
from longtake_engine.models.diffusion.family import Conditioning, Family, Grid, Steps
from longtake_engine.models.diffusion.wan_led import WanLed
from longtake_engine.models.diffusion.wan_still import WanStill
from longtake_engine.models.diffusion.wan_vace import WanVace
from longtake_engine.models.diffusion.wish import Wish
from longtake_engine.models.guidance.sharing import sharing
from longtake_engine.weights.entry import Entry

RATE = Fraction(16)
FRAMES = 81
SMALL, LARGE = 832 * 480, 1280 * 720  # areas of 480p and 720p as Wan has them
_FROM_WORDS = Conditioning(needs_prompt=True, strength=True, shares=True)
# diffusers makes no clip anew with two experts.
_FROM_WORDS_ALONE = Conditioning(needs_prompt=True, shares=True)


def wan_family(entry: Entry) -> Family | None:
    """What runs a Wan of the catalogue; None of any other model."""
    match entry.pipeline:
        case "WanVACEPipeline":
            return WanVace(_grid(entry))
        case "WanImageToVideoPipeline" if _has_experts(entry):
            return WanStill(_grid(entry), scale=3.5, fine_scale=3.5)
        case "WanImageToVideoPipeline":
            return WanStill(_grid(entry), between="flf2v" in entry.name)
        case "WanPipeline":
            return _from_words(entry)
    return None


def _from_words(entry: Entry) -> Family:
    if _index(entry).get("expand_timesteps"):
        return WanStill(Grid(32, 1280 * 704, 121, Fraction(24)), expands=True)
    if _has_experts(entry):
        return WanWords(_grid(entry), _FROM_WORDS_ALONE, 40, scale=4.0, fine_scale=3.0)
    return WanWords(_grid(entry))


def _grid(entry: Entry) -> Grid:
    large = "14b" in entry.name and "480" not in entry.repository
    return Grid(16, LARGE if large else SMALL, FRAMES, RATE)


def _index(entry: Entry) -> dict[str, Any]:
    return entry.marks.get("model_index.json", {})


def _has_experts(entry: Entry) -> bool:
    """Whether it has one transformer for the coarse steps and one for the fine (Wan 2.2)."""
    return "boundary_ratio" in _index(entry)


def led_wan(entry: Entry) -> Family | None:
    """What has a Wan that is made for words alone go on from a clip; None of any other model."""
    family = wan_family(entry)
    return WanLed(family.grid) if isinstance(family, WanWords) else None


@dataclass(frozen=True, slots=True)
class WanWords:
    """Wan T2V, 2.1 and 2.2: a shot from words; from a clip, made anew by a share of it."""

    grid: Grid
    conditioning: Conditioning = _FROM_WORDS
    steps: int = 50
    pipeline: str = "WanPipeline"
    scale: float = 5.0  # of the words
    fine_scale: float | None = None  # the same for the expert of the fine steps, if there is one

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
        elif self.fine_scale is not None:
            arguments["guidance_scale_2"] = self.fine_scale
        return made_frames(pipe(**arguments, guidance_scale=self.scale))

    def run_together(
        self, pipe: Any, block: Block, wishes: Sequence[Wish], subject: str, steps: Steps
    ) -> list[np.ndarray]:
        """As `SharingFamily.run_together`."""
        prompts = [wish.prompt for wish in wishes]
        arguments = common_arguments(block, wishes[0], steps) | {
            "prompt": prompts,
            "generator": [make_generator(wish.seed) for wish in wishes],
        }
        if self.fine_scale is not None:
            arguments["guidance_scale_2"] = self.fine_scale
        with sharing(pipe, prompts, subject, wishes[0].seed) as shared:

            def on_step_end(pipe: Any, index: int, timestep: Any, tensors: dict) -> dict:
                shared(pipe, index, timestep, tensors)
                return steps.on_step_end(pipe, index, timestep, tensors)

            arguments["callback_on_step_end"] = on_step_end
            output = pipe(**arguments, guidance_scale=self.scale)
        return [made_frames(output, number) for number in range(len(wishes))]
