"""The one idea of the engine: a block of space and time of which some is known.

Every task is the same sentence: some of this block is known, complete the rest. Tasks plan
canvases, backends (`models/`) complete them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from longtake_engine.picture import Picture, PictureFormat


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one frame."""

    picture: Picture
    mask: np.ndarray | None = None  # H W float32, 1 known to 0 unknown; None where all is known


@dataclass(frozen=True, slots=True)
class Canvas:
    """A block of frames, some of them known, in true time order.

    Frames are numbered as in the source: 0 is its first, negative ones lie before it. `known` holds
    frames, one by one as they are asked for; `wanted` says which to make. They overlap where a
    backend remakes known frames beside the join. Frames in neither are of no interest.
    """

    format: PictureFormat
    rate: Fraction
    known: Mapping[int, Known]
    wanted: range  # of step 1

    @property
    def forward(self) -> bool:
        """Whether the wanted frames come after the known ones (a tail) rather than before (a
        head)."""
        return max(self.known) < self.wanted.stop - 1


@dataclass(frozen=True, slots=True)
class Completed:
    """One frame that a backend has made."""

    frame: int  # counted as in the canvas
    picture: Picture
    # H W float32: 1 where it was truly seen, in this or another frame, to 0 where it is made up;
    # None where the backend does not tell
    seen: np.ndarray | None = None
