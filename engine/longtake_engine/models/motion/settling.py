"""What moved before the camera by itself goes on a little and comes to rest, where the last picture
has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from longtake_engine.models.camera import Similarity
from longtake_engine.models.flow import (
    Array,
    pixel_grid,
    squared_length,
)
from longtake_engine.models.motion.carrying import carry
from longtake_engine.models.motion.plate import Plate, build_plate
from longtake_engine.models.motion.steadiness import RegionMotion, judge_steadiness, limit_travel
from longtake_engine.picture import Picture

FIELD_WIDTH = 480
STEADY = 0.9  # share of its speed that what moved evenly keeps, a frame at 25 a second
UNSTEADY = 0.7
STRAIN = 0.3  # how far a region may be stretched or sheared in all, of its size
REST = 0.03  # share of its speed at which it rests
NOTHING = np.zeros((0, 0), np.float32)
LEAST = 0.05  # field pixels a frame, of the fastest hundredth: less is no motion


@dataclass(slots=True)
class Settling:
    """The last picture, its regions on their way to rest."""

    plate: Plate
    local: Array  # H W 2: first step of each region, field pixels
    damping: Array  # H W: share of its speed that a region keeps from step to step, below 1
    limit: Array  # H W: steps of its first speed that a region may travel in all
    rest: int  # the step from which on nothing moves
    _rested: Picture | None = None

    @classmethod
    def measure(cls, pictures: Sequence[Picture], gaps: Sequence[int], rate: float) -> "Settling":
        """From the last pictures, up to three.

        Args:
            pictures: The one beside the join last.
            gaps: Frames from each to the next.
            rate: Frames a second.
        """
        plate = build_plate(pictures[-1:], [Similarity()], 0, 0)
        steps = zip(pairwise(pictures), gaps, strict=True)
        motions = [RegionMotion.measure(*pair, FIELD_WIDTH, gap) for pair, gap in steps]
        if not motions:
            return cls(plate, NOTHING, NOTHING, NOTHING, 0, pictures[-1])
        local = motions[-1].local
        if float(np.quantile(np.sqrt(squared_length(local)), 0.99)) < LEAST:
            return cls(plate, NOTHING, NOTHING, NOTHING, 0, pictures[-1])
        steady = judge_steadiness(motions)
        damping = np.power(STEADY * steady + UNSTEADY * (1 - steady), 25 / rate, dtype=np.float32)
        rest = int(np.ceil(np.log(REST) / np.log(float(damping.max()))))
        return cls(plate, local, damping, limit_travel(local, STRAIN), rest)

    def picture(self, step: int) -> Picture:
        """The picture `step` frames on, as the last camera would have seen it."""
        if step < self.rest:
            return self._moved(step)
        if self._rested is None:
            self._rested = self._moved(self.rest)
        return self._rested

    def _moved(self, step: int) -> Picture:
        height, width = self.damping.shape
        carried = carry(self.local, self.damping, self.limit, step)
        source = pixel_grid(height, width) - carried
        return self.plate.render(source, width / self.plate.format.width)
