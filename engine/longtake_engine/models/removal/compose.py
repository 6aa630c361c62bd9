"""One frame with its hole filled: what trails lead to, what lies aligned, what is made up."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.removal.aligned import Fill
from longtake_engine.models.removal.box import Array, Box
from longtake_engine.models.removal.consensus import agree
from longtake_engine.models.removal.exposure import light
from longtake_engine.models.removal.gather import Places, gather
from longtake_engine.models.removal.iris import Iris
from longtake_engine.models.removal.plane import PlaneScale
from longtake_engine.models.removal.shot import Shot, dilated
from longtake_engine.models.removal.spread import spread
from longtake_engine.models.removal.trail import NOWHERE, Trail
from longtake_engine.picture import Picture

EDGE = 6  # pixels around a hole by which it is told how bright its filling must be
SPECK = 5  # pixels: what is thinner is not made up but filled evenly
FADE = 1.5  # power of what a trail costs that it counts less by
STEADY = 0.02  # weight of what lies aligned, against a trail over one frame


@dataclass(frozen=True, slots=True)
class Opinions:
    """What is said of one frame's hole."""

    fill: Fill | None  # None: nothing lies aligned
    trails: Sequence[Trail]
    iris: Iris


@dataclass(frozen=True, slots=True)
class _Shares:
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
class Laid:
    """A frame with what of its hole some frame saw."""

    picture: Picture  # what nobody saw is filled evenly
    blind: Array  # H W bool: that


def compose(
    shot: Shot,
    frame: int,
    scales: Sequence[PlaneScale],
    opinions: Opinions,
) -> Laid:
    """The frame with its hole filled; what is known stays as it is."""
    hidden = shot.hidden(frame)
    own = shot.picture(frame)
    if hidden is None:
        return Laid(own, np.zeros(own.luma.shape, bool))
    near = dilated(hidden, EDGE)
    planes = []
    shares = None
    blind = np.zeros(own.luma.shape, bool)
    for number, scale in enumerate(scales):
        plane_hidden = over_plane(hidden, scale.size)
        places = Places.of(number, scale, over_plane(near, scale.size))
        value, weight, shares = _told(shot, frame, places, opinions, shares)
        plane, unseen = _laid_in(own, places, plane_hidden, value, weight)
        whole = np.clip(plane + 0.5, 0, own.format.max_value).astype(own.format.dtype)
        planes.append(np.where(plane_hidden, whole, own.planes[number]))
        blind |= hidden & _over_luma(unseen, blind.shape)
    return Laid(Picture(tuple(planes), own.format), _without_specks(blind))


def _laid_in(
    own: Picture, places: Places, hidden: Array, value: Array, weight: Array
) -> tuple[Array, Array]:
    """A plane with its hole filled, as bright as it is around it (H W float32), and what of it
    nobody saw (H W bool), filled evenly."""
    plane = np.where(hidden, np.float32(0), own.planes[places.number]).astype(np.float32)
    here = places.row, places.column
    laid = plane.copy()
    laid[here] = value
    told = np.zeros(plane.shape, np.float32)
    told[here] = weight > 0
    blind = hidden & (told == 0)
    box = Box.around(hidden, EDGE)
    assert box is not None
    part = box.part
    edge = np.where(hidden[part], np.float32(0), told[part])
    even = light(plane[part] - laid[part], edge, float(own.format.max_value))
    filled = hidden[part] & (told[part] > 0)
    plane[part] = np.where(filled, laid[part] + even, plane[part])
    if blind.any():
        known = np.where(blind[part], np.float32(0), np.float32(1))
        plane[part] = spread(plane[part], known)
    return plane, blind


def _over_luma(unseen: Array, size: tuple[int, ...]) -> Array:
    """H W bool of the luma's size: what a plane's samples cover."""
    if unseen.shape == size:
        return unseen
    wide = cv2.resize(unseen.view(np.uint8), size[::-1], interpolation=cv2.INTER_NEAREST)
    return wide.view(bool)


def _without_specks(blind: Array) -> Array:
    """Without what is thinner than a few pixels: that is filled well enough from beside it."""
    if not blind.any():
        return blind
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (SPECK, SPECK))
    whole = cv2.morphologyEx(blind.view(np.uint8), cv2.MORPH_OPEN, kernel)
    return dilated(whole > 0, SPECK // 2) & blind


def over_plane(hidden: Array, size: tuple[int, int]) -> Array:
    """H W bool: the samples of a plane of `size` that any hidden pixel has a part in."""
    if hidden.shape == size:
        return hidden
    share = cv2.resize(hidden.astype(np.float32), size[::-1], interpolation=cv2.INTER_AREA)
    return share > 1e-3


def _told(
    shot: Shot, frame: int, places: Places, opinions: Opinions, shares: _Shares | None
) -> tuple[Array, Array, _Shares]:
    """Each place's value (N float32), how much it is worth, 0 where nobody saw it, and the share
    that each opinion has in it; `shares` are those of the luma, which chroma goes by."""
    values, costs = gather(shot, opinions.iris, frame, places, opinions.trails)
    fill = opinions.fill
    weights = np.where(costs < NOWHERE, 1 / np.maximum(costs, 1) ** FADE, 0).astype(np.float32)
    if fill is not None:
        part = places.scale.box(fill.box)
        row, column = places.row - part.top, places.column - part.left
        near_row, near_column = places.nearest(fill.box)
        share = np.float32(STEADY) * fill.seen[near_row, near_column]
        values = np.vstack([values, fill.planes[places.number][row, column]])
        weights = np.vstack([weights, share])
    if not len(values):
        none = np.zeros(len(places.row), np.float32)
        return none, none, _Shares(places, weights)
    told = weights.sum(0)
    if shares is None:
        level = np.float32(255 / shot.format.max_value)
        agreed = np.stack(agree(list(values * level), list(weights), smooth=False))
        shares = _Shares(places, agreed)
    elif shares.places.scale.size != places.scale.size:
        agreed = shares.at(places) * (weights > 0) + weights * np.float32(1e-6)
    else:
        agreed = shares.values
    total = np.maximum(agreed.sum(0), np.float32(1e-20))
    return (values * agreed).sum(0) / total, told, shares
