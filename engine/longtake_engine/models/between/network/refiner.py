"""What makes a way between two pictures better than it was measured."""

from typing import Protocol

import cv2
import numpy as np

from longtake_engine.models.between.fusion import Way
from longtake_engine.models.between.network.evidence import FIELD, OTHERS, TIME, Evidence

Array = np.ndarray

AFTER_BOTH = OTHERS.start + 4  # where the two candidates begin that the neighbours tell
LIKE = 0.1  # field pixels of difference between both neighbours that is none
AGREED = (5, 5)  # field pixels around a place that are asked for it
BELIEVED = 0.7  # of what is left where the neighbours agree: less is lost by what is not so
FARTHEST = 0.3  # field pixels that a place is moved in time


class Refiner(Protocol):
    """May be asked by several threads at once."""

    def refine(self, evidence: Evidence) -> Way:
        """A better way than `evidence.way`, or that."""
        ...


def changed(evidence: Evidence, changes: Array) -> Way:
    """The way with what a network adds to it.

    Where both ends are moved alike, they agree as well as before, and only the moment is another:
    that is a guess from how the neighbours move, and is believed where they agree and no further
    than a little (of 29 clips at half the rate, +0.15 dB and -0.9 at worst otherwise).

    Args:
        evidence: What the network was told.
        changes: 5 H W, offsets to the first picture and to the second, and a share.
    """
    way, time = evidence.way, evidence.channels[TIME, 0, 0]
    first, second = changes[:2], changes[2:4]
    apart = second - first
    alike = _believed((1 - time) * first + time * second, evidence.channels)
    return Way(
        way.to_first + np.moveaxis(alike - time * apart, 0, 2),
        way.to_second + np.moveaxis(alike + (1 - time) * apart, 0, 2),
        np.clip(way.share + changes[4], 0, 1),
    )


def _believed(shift: Array, channels: Array) -> Array:
    """What of a shift of both ends (2 H W) is taken.

    Motion that changes evenly is slower than now on one side and faster on the other: then what
    the neighbours tell lies on both sides of what was measured. Elsewhere it is shaking.
    """
    before, after = (
        channels[start : start + 2] * np.float32(FIELD) for start in (AFTER_BOTH, AFTER_BOTH + 2)
    )
    off = _length(before + after) / (_length(before) + _length(after) + np.float32(LIKE))
    agreed = cv2.blur(np.clip(2 * (1 - off), 0, 1), AGREED)
    far = _length(shift)
    return shift * (BELIEVED * agreed * np.minimum(1, FARTHEST / np.maximum(far, 1e-6)))


def _length(vectors: Array) -> Array:
    return cv2.magnitude(vectors[0], vectors[1])
