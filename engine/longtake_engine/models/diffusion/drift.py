"""By how much a model's colours are off, told from frames that it was given and gave back."""

from dataclasses import dataclass

import numpy as np

from longtake_engine.models.diffusion.block import Block

Array = np.ndarray
MOST = 0.06  # of a colour's range: more is no drift
_ALIKE = 0.12  # mean difference up to which what came back is the frame that was given
_PIXELS = 64  # samples a side of each frame


@dataclass(frozen=True, slots=True)
class Drift:
    """What is to be added to each colour."""

    offset: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def take_out(self, made: Array) -> None:
        """Change `made`, T H W 3, 0 to 1, in place: a run may be a gigabyte."""
        if any(self.offset):
            made += np.asarray(self.offset, np.float32)
            np.clip(made, 0, 1, out=made)


def measure_drift(block: Block, made: Array, used: range) -> Drift:
    """The drift of `made`; none where the model has not kept what it was given.

    `used` are the frames of the block that count.
    """
    step = max(1, max(block.size) // _PIXELS)
    thin = (slice(used.start, used.stop), slice(None, None, step), slice(None, None, step))
    known = block.unknown[thin] == 0
    if not known.any() or known.all():
        return Drift()
    off = (block.frames[thin] - made[thin])[known]
    if float(np.abs(off).mean()) > _ALIKE:
        return Drift()
    middle = np.clip(np.median(off, axis=0), -MOST, MOST)
    return Drift((float(middle[0]), float(middle[1]), float(middle[2])))
