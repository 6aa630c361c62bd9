"""What following gives."""

from dataclasses import dataclass

import numpy as np

from longtake_engine.luma import luma8
from longtake_engine.models.flow import Array
from longtake_engine.models.follow.edge import refined
from longtake_engine.models.follow.store import Kept
from longtake_engine.picture import Picture


@dataclass(frozen=True, slots=True)
class Followed:
    """The thing on one frame."""

    frame: int
    matte: Array  # H W float32 at the luma's size, 1 the thing to 0
    confidence: float  # 1 sure to 0 lost
    present: bool  # whether any of it is seen; where not, the matte is empty


def at_full_size(frame: int, kept: Kept, picture: Picture) -> Followed:
    """A small matte on the picture that it is of."""
    if not kept.present:
        return Followed(frame, np.zeros(picture.luma.shape, np.float32), kept.confidence, False)
    return Followed(frame, refined(kept.matte, luma8(picture)), kept.confidence, True)
