"""Blocks cut to what encoders of video can take: their first latent stands for one frame, every
other for a few."""

from dataclasses import replace

import numpy as np

from longtake_engine.models.diffusion.block import GREY, Block


def whole(frames: int, step: int) -> int:
    """The most frames, and no more than `frames`, that whole latents stand for: `step` times k,
    plus 1; 0 for none."""
    return (frames - 1) // step * step + 1 if frames > 0 else 0


def from_join(block: Block, step: int, most: int) -> tuple[int, Block]:
    """A block that begins so close to where its known frames end that whole latents stand for
    those, and how many frames of `block` lie before it.

    It has as many frames as whole latents stand for; those past the end of `block` are unknown.

    Args:
        block: Some frames at its start may be known.
        step: Frames that a latent stands for.
        most: Known frames that the model makes use of.
    """
    known = block.before
    dropped = known - min(whole(known, step), whole(most, step))
    return dropped, lengthened(cut(block, dropped), step)


def lengthened(block: Block, step: int, least: int = 0) -> Block:
    """`block` with unknown frames at its end, to `step` times k, plus 1, and to `least`."""
    count = max(whole(block.count + step - 1, step), least)
    more = count - block.count
    if not more:
        return block
    grey = np.full((more, *block.frames.shape[1:]), GREY, np.float32)
    ones = np.ones((more, *block.unknown.shape[1:]), np.float32)
    return replace(
        block,
        frames=np.concatenate([block.frames, grey]),
        unknown=np.concatenate([block.unknown, ones]),
    )


def cut(block: Block, start: int, stop: int | None = None) -> Block:
    """Its frames from `start` to before `stop`."""
    return replace(block, frames=block.frames[start:stop], unknown=block.unknown[start:stop])


def put_back(block: Block, dropped: int, made: np.ndarray) -> np.ndarray:
    """As many frames as `block` has: its own first `dropped`, then the made ones."""
    return np.concatenate([block.frames[:dropped], made])[: block.count]
