"""What is seen along trails, read from the source's own planes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from longtake_engine.models.removal.box import Array, Box
from longtake_engine.models.removal.iris import Iris
from longtake_engine.models.removal.plane import PlaneScale, read_cubic_list
from longtake_engine.models.removal.shot import Shot
from longtake_engine.models.removal.trail import NOWHERE, Trail


@dataclass(frozen=True, slots=True)
class Places:
    """Hidden pixels of one plane."""

    number: int  # of the plane
    scale: PlaneScale
    row: Array  # N int, in the plane
    column: Array
    small: Array  # N 2 float32: x and y where they are at the small size

    @classmethod
    def of(cls, number: int, scale: PlaneScale, hidden: Array) -> "Places":
        """The true pixels of `hidden`, H W bool of the size of plane `number`."""
        row, column = np.nonzero(hidden)
        at = np.stack([column, row], -1).astype(np.float32)
        return cls(number, scale, row, column, scale.to_small(at))

    def nearest(self, box: Box) -> tuple[Array, Array]:
        """Rows and columns in a part `box` of the small size, of the pixels nearest to them."""
        column = np.clip(np.rint(self.small[:, 0]) - box.left, 0, box.width - 1)
        row = np.clip(np.rint(self.small[:, 1]) - box.top, 0, box.height - 1)
        return row.astype(np.int32), column.astype(np.int32)


def gather(
    shot: Shot, iris: Iris, frame: int, places: Places, trails: Sequence[Trail]
) -> tuple[Array, Array]:
    """What the `trails` of `frame` lead to, in its light, for each of `places`.

    Returns:
        Values (K N float32, in the plane's numbers) and what they cost (K N float32, NOWHERE where
        nothing is seen).
    """
    values = np.zeros((len(trails), len(places.row)), np.float32)
    costs = np.full(values.shape, NOWHERE, np.float32)
    for place, trail in enumerate(trails):
        row, column = places.nearest(trail.box)
        own = np.stack([column + trail.box.left, row + trail.box.top], -1)
        at = places.scale.to_plane(places.small + trail.at[row, column] - own)
        costs[place] = trail.cost[row, column]
        frames, told = trail.frame[row, column], costs[place] < NOWHERE
        for source in np.unique(frames[told]):
            chosen = np.flatnonzero((frames == source) & told)
            plane = shot.picture(int(source)).planes[places.number]
            said = read_cubic_list(plane, at[chosen])
            values[place, chosen] = iris.lit(said, places.number, iris.ratio(int(source), frame))
    return values, costs
