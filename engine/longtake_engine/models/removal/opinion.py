"""What all that is known of other frames says of one frame's hole, one value for each place."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from longtake_engine.models.removal.aligned import Fill
from longtake_engine.models.removal.box import Array
from longtake_engine.models.removal.consensus import agree
from longtake_engine.models.removal.gather import Leads, Places
from longtake_engine.models.removal.iris import Iris
from longtake_engine.models.removal.shot import Shot
from longtake_engine.models.removal.trail import NOWHERE, Trail

FADE = 1.5  # power of what a trail costs that it counts less by
STEADY = 0.02  # weight of what lies aligned, against a trail over one frame


@dataclass(frozen=True, slots=True)
class Opinions:
    """What is said of one frame's hole."""

    fill: Fill | None  # None: nothing lies aligned
    trails: Sequence[Trail]
    iris: Iris


@dataclass(frozen=True, slots=True)
class Shares:
    """How much each opinion on the luma counts at each of its places."""

    places: Places
    values: Array  # K N float32

    def at(self, places: Places) -> Array:
        """K N float32: the same for the places of another plane."""
        own = self.places
        height, width = own.scale.size
        index = np.zeros((height, width), np.int32)
        index[own.row, own.column] = np.arange(len(own.row))
        at = np.rint(own.scale.to_plane(places.small))
        column = np.clip(at[:, 0], 0, width - 1).astype(np.int32)
        row = np.clip(at[:, 1], 0, height - 1).astype(np.int32)
        return self.values[:, index[row, column]]


@dataclass(frozen=True, slots=True)
class Said:
    """What all opinions together say of each of some places."""

    value: Array  # N float32
    worth: Array  # N float32: 0 where nobody saw it
    doubt: Array  # N float32: standard deviation of the opinions
    laid: tuple[Array, Array]  # N float32: value and worth of what lies aligned alone
    shares: Shares


def hear(
    shot: Shot, plane: tuple[int, int], leads: Leads, opinions: Opinions, shares: Shares | None
) -> Said:
    """What is said of each place.

    Args:
        shot: The frames.
        plane: The frame, and the number of its plane.
        leads: Where its trails lead from those places.
        opinions: Those trails, and all else.
        shares: Those of the luma, which chroma goes by.
    """
    (frame, number), places, costs = plane, leads.places, leads.costs
    values = leads.read(shot, opinions.iris, frame, number)
    fill = opinions.fill
    weights = np.where(costs < NOWHERE, 1 / np.maximum(costs, 1) ** FADE, 0).astype(np.float32)
    if fill is not None:
        part = places.scale.box(fill.box)
        row, column = places.row - part.top, places.column - part.left
        near_row, near_column = places.nearest(fill.box)
        share = np.float32(STEADY) * fill.seen[near_row, near_column]
        values = np.vstack([values, fill.planes[number][row, column]])
        weights = np.vstack([weights, share])
    if not len(values):
        none = np.zeros(len(places.row), np.float32)
        return Said(none, none, none, (none, none), Shares(places, weights))
    if shares is None:
        level = np.float32(255 / shot.format.max_value)
        agreed = np.stack(agree(list(values * level), list(weights), smooth=False))
        shares = Shares(places, agreed)
    elif shares.places.scale.size != places.scale.size:
        agreed = shares.at(places) * (weights > 0) + weights * np.float32(1e-6)
    else:
        agreed = shares.values
    agreed = agreed / np.maximum(agreed.sum(0), np.float32(1e-20))
    value = (values * agreed).sum(0)
    doubt = np.sqrt(((values - value) ** 2 * agreed).sum(0))
    nothing = np.zeros(len(places.row), np.float32)
    laid = (nothing, nothing) if fill is None else (values[-1], weights[-1])
    return Said(value, weights.sum(0), doubt, laid, shares)
