"""Wan I2V, FLF2V and TI2V: a shot from its first pictures, or between those and its last ones.

The pipelines of diffusers take one picture at either end. The models take a mask that says of every
frame whether it is given, so several real frames are given here: where the motion goes is seen.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from longtake_engine.models.diffusion.block import Block
from longtake_engine.models.diffusion.call import common_arguments, made_frames, to_images
from longtake_engine.models.diffusion.family import Conditioning, Grid, Steps
from longtake_engine.models.diffusion.wish import Wish


@dataclass(frozen=True, slots=True)
class WanStill:
    """The Wans that go on from given pictures."""

    grid: Grid
    between: bool = False  # it was trained to end on a given picture as well (FLF2V)
    expands: bool = False  # each frame has a time of its own (TI2V-5B)
    pipeline: str = "WanImageToVideoPipeline"
    steps: int = 40
    scale: float = 5.0  # of the words
    fine_scale: float | None = None  # the same for the expert of the fine steps, if there is one

    @property
    def conditioning(self) -> Conditioning:
        """What it can be told."""
        after = 5 if self.between else 0
        return Conditioning(
            before=5,
            after=after,
            both=self.between,
            needs_before=not self.expands,
            needs_after=self.between,
        )

    def run(self, pipe: Any, block: Block, wish: Wish, steps: Steps) -> np.ndarray:
        """As `Family.run`."""
        before, after = block.before, block.after
        (first,) = to_images(block.frames[:1])
        last = to_images(block.frames[-1:])[0] if after and self.between else None
        arguments = common_arguments(block, wish, steps) | {"guidance_scale": self.scale}
        if self.fine_scale is not None:
            arguments["guidance_scale_2"] = self.fine_scale
        with _given(pipe, block, before, after if self.between else 0):
            output = pipe(image=first, last_image=last, **arguments)
        return made_frames(output)


@contextmanager
def _given(pipe: Any, block: Block, before: int, after: int) -> Iterator[None]:
    """Has `pipe` take as given the first `before` frames of a block and the last `after`."""
    own = pipe.prepare_latents

    def prepare(*arguments: Any, **named: Any) -> Any:
        made = own(*arguments, **named)
        if pipe.config.expand_timesteps:
            return _expanded(pipe, block, before, made)
        return made[0], _condition(pipe, block, before, after, made[1])

    pipe.prepare_latents = prepare
    try:
        yield
    finally:
        del pipe.prepare_latents  # the class's own is seen again


def _condition(pipe: Any, block: Block, before: int, after: int, own: Any) -> Any:
    """The mask and the latents of what is given: B C T H W, 1 where given."""
    import torch  # noqa: PLC0415 # heavy

    given = torch.zeros(block.count)
    given[:before] = 1
    if after:
        given[-after:] = 1
    step = pipe.vae_scale_factor_temporal
    # The first latent stands for one frame, any other for `step` of them.
    given = torch.cat([given[:1].repeat(step), given[1:]]).view(-1, step).T
    latents = encode(pipe, block, given_frames=(before, after)).to(own)
    mask = given[None, :, :, None, None].expand(-1, -1, -1, *latents.shape[-2:])
    return torch.cat([mask.to(own), latents], dim=1)


def _expanded(pipe: Any, block: Block, before: int, made: Any) -> Any:
    """The noise, the latents of what is given, and a mask that is 0 there: B C T H W each."""
    import torch  # noqa: PLC0415 # heavy

    noise, own, mask = made
    # Only latents all of whose frames are given can stand as they are.
    whole = (before - 1) // pipe.vae_scale_factor_temporal + 1 if before else 0
    condition = torch.zeros_like(noise)
    if whole:
        frames = (whole - 1) * pipe.vae_scale_factor_temporal + 1
        condition[:, :, :whole] = encode(pipe, block, (frames, 0), frames).to(own)
    mask = torch.ones_like(mask)
    mask[:, :, :whole] = 0
    return noise, condition, mask


def encode(pipe: Any, block: Block, given_frames: tuple[int, int], count: int | None = None) -> Any:
    """Latents of the first `count` frames of a block, grey where not given, as the model has them:
    B C T H W."""
    import torch  # noqa: PLC0415 # heavy

    before, after = given_frames
    frames = block.frames[:count] * np.float32(2) - 1
    frames[before : len(frames) - after] = 0
    vae = pipe.vae
    video = torch.from_numpy(frames).permute(3, 0, 1, 2)[None]
    # Offloading's hook has moved the encoder to where its weights are by now.
    latents = vae.encode(video.to(pipe._execution_device, vae.dtype)).latent_dist.mode()
    shape = (1, -1, 1, 1, 1)
    mean = torch.tensor(vae.config.latents_mean, device=latents.device).view(shape)
    deviation = torch.tensor(vae.config.latents_std, device=latents.device).view(shape)
    return (latents.float() - mean) / deviation
