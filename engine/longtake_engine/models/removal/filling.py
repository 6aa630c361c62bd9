"""A part of a plane with its hole filled: by what is told of it, and evenly from around it."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from longtake_engine.models.removal.box import Array, Box
from longtake_engine.models.removal.exposure import light
from longtake_engine.models.removal.gather import Places
from longtake_engine.models.removal.steady import Even
from longtake_engine.models.synthesis.blend import membrane
from longtake_engine.models.synthesis.continued import continued
from longtake_engine.models.synthesis.hedge import weighed
from longtake_engine.picture import Picture

AROUND = 48  # pixels around a hole that an even filling goes by
CERTAIN = 0.98  # trust from which on nothing else is asked


@dataclass(frozen=True, slots=True)
class Ground:
    """A part of a plane around its hole."""

    box: Box  # of the plane
    known: Array  # h w float32: the plane itself, 0 in the hole
    hidden: Array  # h w bool
    max_value: int

    @classmethod
    def of(cls, own: Picture, number: int, hidden: Array) -> "Ground":
        """Of plane `number`, of which something is `hidden` (H W bool)."""
        box = Box.around(hidden, AROUND)
        assert box is not None
        known = np.where(hidden[box.part], 0, own.planes[number][box.part]).astype(np.float32)
        return cls(box, known, hidden[box.part], own.format.max_value)

    def even(self) -> Even:
        """Filled from around the hole alone."""
        level = self.max_value / 255
        return Even(self.box, continued(self.known, self.hidden, level), self.hidden, level)


@dataclass(frozen=True, slots=True)
class Filling:
    """What is told of a hole, as bright as it is around it."""

    ground: Ground
    told: Array  # h w bool: somebody saw it
    values: Array  # h w float32: what is told
    missed: Array  # h w float32: how far that is off around the hole

    @classmethod
    def of(cls, ground: Ground, places: Places, said: tuple[Array, Array]) -> "Filling":
        """By what is `said` (value and worth) of each of some places."""
        here = places.row - ground.box.top, places.column - ground.box.left
        laid, told = ground.known.copy(), np.zeros(ground.known.shape, bool)
        laid[here], told[here] = said[0], said[1] > 0
        laid = np.where(told, laid, ground.known)
        edge = np.where(told & ~ground.hidden, np.float32(1), np.float32(0))
        off = (ground.known - laid) * edge
        even = light(off, edge, float(ground.max_value))
        return cls(ground, told, laid + even, (off - even) * edge)

    def toward(self, other: "Filling", lean: Array) -> "Filling":
        """With as much of what `other` tells as `lean` (h w float32) says."""
        values = np.where(other.told, other.values, self.values)
        return replace(self, values=self.values + lean * (values - self.values))

    @property
    def blind(self) -> Array:
        """h w bool: what of the hole nobody saw."""
        return self.ground.hidden & ~self.told

    def is_certain(self, sure: Array) -> bool:
        """Whether nothing else is asked, if it is believed as far as `sure` (h w) says."""
        return not self.blind.any() and bool((sure[self.ground.hidden] > CERTAIN).all())

    def hedged(self, evenly: Array, sure: Array, width: int) -> Array:
        """h w float32: filled as far as `sure` (h w) says, and `evenly` (h w) for the rest; `width`
        is the picture's."""
        ground, blind = self.ground, self.blind
        seen = ground.hidden & self.told
        share = np.where(seen, sure, 0).astype(np.float32)
        values = np.where(self.told, self.values, evenly)
        plane = np.where(seen, weighed(values, evenly, share, width), ground.known)
        if not blind.any():
            return plane
        # As what is seen beside it asks for, and else as it was.
        off = membrane(np.where(seen, plane - evenly, np.float32(0)), ~blind)
        return np.where(blind, evenly + off, plane)


def on_plane(values: Array, hidden: Array, size: tuple[int, int]) -> Array:
    """`values` (H W, of the luma) for a plane's samples: the mean of the `hidden` pixels of
    each."""
    if values.shape == size:
        return values
    weight = hidden.astype(np.float32)
    share = cv2.resize(weight, size[::-1], interpolation=cv2.INTER_AREA)
    total = cv2.resize(values * weight, size[::-1], interpolation=cv2.INTER_AREA)
    return total / np.maximum(share, 1e-6)
