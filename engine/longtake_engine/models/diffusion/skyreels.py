"""SkyReels V2, diffusion forcing: goes on from a clip, or between two.

Every latent frame has a noise of its own, so known ones stand there without any. Source: Chen et
al. 2025, "SkyReels-V2: Infinite-length Film Generative Model".
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from longtake_engine.models.diffusion.block import Block
from longtake_engine.models.diffusion.call import common_arguments, made_frames, to_images
from longtake_engine.models.diffusion.family import Conditioning, Family, Grid, Steps
from longtake_engine.models.diffusion.latent import (
    cut,
    from_join,
    lengthened,
    put_back,
    whole,
)
from longtake_engine.models.diffusion.sibling import encode_wan, other_pipeline
from longtake_engine.models.diffusion.wish import Wish
from longtake_engine.weights.entry import Entry

STEP = 4  # frames that a latent stands for
MOST = 17  # known frames at either end, as its makers take
_GRID = Grid(16, 960 * 544, 97, Fraction(24))
_TOLD = Conditioning(before=MOST, after=MOST, both=True)


def skyreels_family(entry: Entry) -> Family | None:
    """What runs a SkyReels of the catalogue; None of any other model."""
    return SkyReels() if entry.pipeline == "SkyReelsV2DiffusionForcingPipeline" else None


@dataclass(frozen=True, slots=True)
class SkyReels:
    """SkyReels-V2-DF of either size, at 540p."""

    grid: Grid = _GRID
    pipeline: str = "SkyReelsV2DiffusionForcingPipeline"
    conditioning: Conditioning = _TOLD
    steps: int = 30

    def run(self, pipe: Any, block: Block, wish: Wish, steps: Steps) -> np.ndarray:
        """As `Family.run`."""
        if block.before and block.after:
            return _between(pipe, block, wish, steps)
        if block.before:
            return _onward(pipe, block, wish, steps)
        made = pipe(**_arguments(block, wish, steps))
        return made_frames(made)


def _arguments(block: Block, wish: Wish, steps: Steps) -> dict[str, Any]:
    return common_arguments(block, wish, steps) | {
        "base_num_frames": block.count,
        "guidance_scale": 6.0,
        "fps": 16 if block.rate == 16 else 24,  # the only two that it knows
    }


def _onward(pipe: Any, block: Block, wish: Wish, steps: Steps) -> np.ndarray:
    dropped, part = from_join(block, STEP, MOST)
    onward = other_pipeline(pipe, "SkyReelsV2DiffusionForcingVideoToVideoPipeline")
    output = onward(
        **_arguments(part, wish, steps),
        video=to_images(part.frames[: part.before]),
        overlap_history=part.before,
    )
    # What was given lies before what was made, which begins with the given frames once more.
    return put_back(block, dropped, made_frames(output)[part.before :])


def _between(pipe: Any, block: Block, wish: Wish, steps: Steps) -> np.ndarray:
    # The pipeline takes as much at the end as at the start.
    given = whole(min(block.before, block.after, MOST), STEP)
    dropped = block.before - given
    part = lengthened(cut(block, dropped), STEP)
    last = _last_given(block.count - dropped, block.after, given)
    made_count = whole(last + STEP, STEP)  # it ends on the first frame that is given after it
    between = other_pipeline(pipe, "SkyReelsV2DiffusionForcingImageToVideoPipeline")
    ends = (part.frames[:given], part.frames[last : last + given])
    with _given(between, *ends):
        output = between(
            **_arguments(lengthened(cut(part, 0, made_count), STEP, made_count), wish, steps),
            image=to_images(ends[0][:1])[0],
            last_image=to_images(ends[1][-1:])[0],
        )
    made = made_frames(output)[:last]
    return put_back(block, dropped, np.concatenate([made, part.frames[last:]]))


def _last_given(count: int, after: int, given: int) -> int:
    """The first of the `given` frames to be shown of the `after` known ones that end a block: as
    near to the join as a latent begins, or at it where none does."""
    join = count - after
    start = -(-join // STEP) * STEP
    return start if start + given <= count else join


@contextmanager
def _given(pipe: Any, first: np.ndarray, last: np.ndarray) -> Iterator[None]:
    """Has `pipe` take as many frames, T H W 3, for the first and the last picture."""
    own = pipe.prepare_latents

    def prepare(*arguments: Any, **named: Any) -> Any:
        import torch  # noqa: PLC0415 # heavy

        latents, frames, _, _ = own(*arguments, **named)
        given = torch.cat([encode_wan(pipe, first), encode_wan(pipe, last)]).to(latents)
        return latents, frames, given, given.shape[2]

    pipe.prepare_latents = prepare
    try:
        yield
    finally:
        del pipe.prepare_latents  # the class's own is seen again
