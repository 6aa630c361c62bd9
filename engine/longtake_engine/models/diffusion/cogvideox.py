"""CogVideoX: shots from words, or from a still.

Source: Yang et al. 2024, "CogVideoX: Text-to-Video Diffusion Models with An Expert Transformer".
"""

from contextlib import nullcontext
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import cv2
import numpy as np

from longtake_engine.models.diffusion.block import Block
from longtake_engine.models.diffusion.call import common_arguments, made_frames, to_images
from longtake_engine.models.diffusion.family import Conditioning, Family, Grid, Steps
from longtake_engine.models.diffusion.latent import from_join, lengthened, put_back
from longtake_engine.models.diffusion.replacement import after_steps, hold
from longtake_engine.models.diffusion.sibling import (
    other_pipeline,
    precise_encoder,
    to_video,
)
from longtake_engine.models.diffusion.wish import Wish
from longtake_engine.weights.entry import Entry

STEP = 4  # frames that a latent stands for
# Its decoder takes an odd number of latents; an even one comes out three frames longer.
_COUNTS = 2 * STEP
GRID = Grid(16, 720 * 480, 49, Fraction(8), frame_step=_COUNTS, seen_step=STEP)
_FROM_WORDS = Conditioning(needs_prompt=True, strength=True)
_FROM_STILL = Conditioning(before=9, needs_before=True)


def cogvideox_family(entry: Entry) -> Family | None:
    """What runs a CogVideoX of the catalogue; None of any other model."""
    match entry.pipeline:
        case "CogVideoXPipeline":
            return CogVideoX()
        case "CogVideoXImageToVideoPipeline":
            return CogVideoXStill()
    return None


@dataclass(frozen=True, slots=True)
class CogVideoX:
    """CogVideoX 2B and 5B: a shot from words; from a clip, made anew by a share of it."""

    grid: Grid = GRID
    pipeline: str = "CogVideoXPipeline"
    conditioning: Conditioning = _FROM_WORDS
    steps: int = 50

    def run(self, pipe: Any, block: Block, wish: Wish, steps: Steps) -> np.ndarray:
        """As `Family.run`."""
        arguments = common_arguments(block, wish, steps)
        if wish.strength and not block.unknown.any():
            del arguments["num_frames"]
            arguments |= {"video": to_images(block.frames), "strength": wish.strength}
            steps.total = max(1, int(steps.total * wish.strength))
            pipe = other_pipeline(pipe, "CogVideoXVideoToVideoPipeline")
        with precise_encoder(pipe):
            output = pipe(**arguments, guidance_scale=6.0)
        return made_frames(output)


@dataclass(frozen=True, slots=True)
class CogVideoXStill:
    """CogVideoX 5B from a still; several known frames are held while it samples."""

    grid: Grid = GRID
    pipeline: str = "CogVideoXImageToVideoPipeline"
    conditioning: Conditioning = _FROM_STILL
    steps: int = 50

    def run(self, pipe: Any, block: Block, wish: Wish, steps: Steps) -> np.ndarray:
        """As `Family.run`."""
        dropped, part = from_join(block, STEP, self.conditioning.before)
        part = lengthened(part, _COUNTS)
        given, size = part.frames[: part.before], part.size
        arguments = common_arguments(part, wish, steps)
        trained = pipe.transformer.config
        if trained.use_learned_positional_embeddings:
            # It has learned where each pixel and frame of one size and length is, and no other.
            height, width = trained.sample_height * 8, trained.sample_width * 8
            count = max(part.count, trained.sample_frames)
            arguments |= {"height": height, "width": width}
            arguments["num_frames"] = lengthened(part, _COUNTS, count).count
            given = inscribed(given, (height, width))
        held = nullcontext()
        if len(given) > 1:
            held = after_steps(pipe.scheduler, hold(pipe, _encode(pipe, given), 1, wish.seed).over)
        with held, precise_encoder(pipe):
            output = pipe(**arguments, image=to_images(given[:1])[0], guidance_scale=6.0)
        return put_back(block, dropped, excised(made_frames(output)[: part.count], size))


def inscribed(frames: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Frames, T H W 3, as large as they can be in pictures of (height, width), in their own
    aspect; their edges go on to the borders."""
    height, width = size
    inner_height, inner_width, top, left = _inner(frames.shape[1:3], size)
    edges = (top, height - inner_height - top, left, width - inner_width - left)
    small = [_sized(frame, (inner_height, inner_width)) for frame in frames]
    return np.stack([cv2.copyMakeBorder(one, *edges, cv2.BORDER_REPLICATE) for one in small])


def excised(frames: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The opposite of `inscribed`: pictures of (height, width) out of larger ones."""
    height, width, top, left = _inner(size, frames.shape[1:3])
    inside = frames[:, top : top + height, left : left + width]
    return np.clip(np.stack([_sized(frame, size) for frame in inside]), 0, 1)


def _inner(size: tuple[int, ...], outer: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Height, width, top and left of pictures of `size` where they are inscribed in `outer`."""
    scale = min(outer[0] / size[0], outer[1] / size[1])
    height, width = (
        min(whole, max(1, round(side * scale))) for side, whole in zip(size, outer, strict=True)
    )
    return height, width, (outer[0] - height) // 2, (outer[1] - width) // 2


def _sized(picture: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    if picture.shape[:2] == size:
        return picture
    smaller = size[0] * size[1] < picture.shape[0] * picture.shape[1]
    return cv2.resize(
        picture, size[::-1], interpolation=cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    )


def _encode(pipe: Any, frames: np.ndarray) -> Any:
    """The latents of frames as the model samples them: B T C H W."""
    import torch  # noqa: PLC0415 # heavy

    with torch.no_grad():
        latents = pipe.vae.encode(to_video(pipe, frames)).latent_dist.mode()
    return latents.float().transpose(1, 2) * pipe.vae.config.scaling_factor
