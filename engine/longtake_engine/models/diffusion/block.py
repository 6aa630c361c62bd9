"""What a model is asked for, on its own grid of pixels and frames."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

GREY = 0.5  # what stands where nothing is known


@dataclass(frozen=True, slots=True)
class Block:
    """A run of frames of which some are known, in the size, number and rate that a model takes.

    Colours are R'G'B' as a screen shows them, 0 to 1.
    """

    frames: np.ndarray  # T H W 3 float32; GREY where unknown
    unknown: np.ndarray  # T H W float32: 1 where it is to be made, 0 where it is known
    rate: Fraction  # frames a second

    @property
    def count(self) -> int:
        """Frames."""
        return self.frames.shape[0]

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) in pixels."""
        return self.frames.shape[1], self.frames.shape[2]

    @property
    def before(self) -> int:
        """How many frames at the start are wholly known."""
        return _run_of(self._known)

    @property
    def after(self) -> int:
        """How many frames at the end are wholly known; 0 where all of them are."""
        return 0 if self._known.all() else _run_of(self._known[::-1])

    @property
    def partly_known(self) -> bool:
        """Whether any frame is known in parts."""
        hidden = self.unknown.reshape(self.count, -1)
        return bool(((hidden.max(axis=1) > 0) & (hidden.min(axis=1) < 1)).any())

    @property
    def _known(self) -> np.ndarray:
        return self.unknown.reshape(self.count, -1).max(axis=1) == 0


def _run_of(known: np.ndarray) -> int:
    """How many are true before the first that is not."""
    return len(known) if known.all() else int(np.argmin(known))
