"""What makes a way between two pictures better than it was measured."""

from typing import Protocol

import numpy as np

from longtake_engine.models.between.fusion import Way
from longtake_engine.models.between.network.evidence import Evidence


class Refiner(Protocol):
    """May be asked by several threads at once."""

    def refine(self, evidence: Evidence) -> Way:
        """A better way than `evidence.way`, or that."""
        ...


def changed(way: Way, changes: np.ndarray) -> Way:
    """`way` with what a network adds to it: 5 H W, offsets to both pictures and a share."""
    moved = np.moveaxis(changes[:4], 0, 2)
    return Way(
        way.to_first + moved[..., :2],
        way.to_second + moved[..., 2:],
        np.clip(way.share + changes[4], 0, 1),
    )
