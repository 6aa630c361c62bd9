"""What is seen along trails, read from the source's own planes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from longtake_engine.models.removal.box import Array, Box
from longtake_engine.models.removal.iris import Iris
from longtake_engine.models.removal.plane import PlaneScale, read_cubic_list
from longtake_engine.models.removal.shot import Shot
from longtake_engine.models.removal.trail import NOWHERE, Trail


@dataclass(frozen=True, slots=True)
class Places:
    """Hidden pixels of the planes of one size."""

    scale: PlaneScale
    row: Array  # N int, in the plane
    column: Array
    small: Array  # N 2 float32: x and y where they are at the small size

    @classmethod
    def of(cls, scale: PlaneScale, hidden: Array) -> "Places":
        """The true pixels of `hidden`, H W bool of the size of the planes."""
        row, column = np.nonzero(hidden)
        at = np.stack([column, row], -1).astype(np.float32)
        return cls(scale, row, column, scale.to_small(at))

    def nearest(self, box: Box) -> tuple[Array, Array]:
        """Rows and columns in a part `box` of the small size, of the pixels nearest to them."""
        column = np.clip(np.rint(self.small[:, 0]) - box.left, 0, box.width - 1)
        row = np.clip(np.rint(self.small[:, 1]) - box.top, 0, box.height - 1)
        return row.astype(np.int32), column.astype(np.int32)


@dataclass(frozen=True, slots=True)
class Leads:
    """Where K trails lead from N places of the planes of one size."""

    places: Places
    costs: Array  # K N float32: NOWHERE where nothing is seen
    seen: tuple["_Seen", ...]

    @classmethod
    def of(cls, places: Places, trails: Sequence[Trail]) -> "Leads":
        """Along the `trails` of one frame."""
        count = len(places.row)
        costs = np.full((len(trails), count), NOWHERE, np.float32)
        frames = np.zeros(costs.shape, np.int32)
        at = np.zeros((*costs.shape, 2), np.float32)
        for number, trail in enumerate(trails):
            row, column = places.nearest(trail.box)
            own = np.stack([column + trail.box.left, row + trail.box.top], -1)
            at[number] = places.scale.to_plane(places.small + trail.at[row, column] - own)
            costs[number] = trail.cost[row, column]
            frames[number] = trail.frame[row, column]
        return cls(places, costs, tuple(_by_frame(frames.ravel(), at.reshape(-1, 2), costs)))

    def read(self, shot: Shot, iris: Iris, frame: int, number: int) -> Array:
        """K N float32: what is seen there on plane `number` in the light of `frame`, in the plane's
        numbers; 0 where nothing is seen."""
        values = np.zeros(self.costs.size, np.float32)
        for seen in self.seen:
            said = read_cubic_list(shot.picture(seen.frame).planes[number], seen.at)
            values[seen.index] = iris.lit(said, number, iris.ratio(seen.frame, frame))
        return values.reshape(self.costs.shape)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What of all leads is seen in one frame."""

    frame: int
    index: Array  # n int: of K N
    at: Array  # n 2 float32: x and y in the plane


def _by_frame(frames: Array, at: Array, costs: Array) -> Iterator[_Seen]:
    """Each frame that anything is seen in once: a plane is read in one go."""
    told = np.flatnonzero(costs < NOWHERE)
    if not len(told):
        return
    first = int(frames[told].min())
    # Narrow numbers are sorted by their digits, in a tenth of the time.
    order = np.argsort((frames[told] - first).astype(np.int16), kind="stable")
    told = told[order]
    for index in np.split(told, np.flatnonzero(np.diff(frames[told])) + 1):
        yield _Seen(int(frames[index[0]]), index, at[index])
