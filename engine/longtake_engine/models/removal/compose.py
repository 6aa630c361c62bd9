"""One frame with its hole filled: what trails lead to, what lies aligned, what is made up."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.removal.box import Array, Box
from longtake_engine.models.removal.exposure import light
from longtake_engine.models.removal.gather import Places
from longtake_engine.models.removal.hedge import Evidence, even_filling, plausible, trust, weighed
from longtake_engine.models.removal.opinion import Opinions, Said, hear
from longtake_engine.models.removal.plane import PlaneScale
from longtake_engine.models.removal.shot import Shot, dilated
from longtake_engine.picture import Picture

EDGE = 6  # pixels around a hole by which it is told how bright its filling must be
AROUND = 48  # pixels around a hole that an even filling goes by
BELIEVED = 0.5  # trust from which on something counts as seen
SPECK = 5  # pixels: what is thinner is not made up but filled evenly


@dataclass(frozen=True, slots=True)
class Laid:
    """A frame with what of its hole some frame saw."""

    picture: Picture  # what nobody saw is filled evenly
    blind: Array  # H W bool: that
    sure: Array  # H W float32: how far the rest of the hole is believed; 1 where known


@dataclass(frozen=True, slots=True)
class _Filling:
    """A part of a plane with its hole filled, as bright as it is around it."""

    part: tuple[slice, slice]
    known: Array  # h w float32: the plane itself, 0 in the hole
    hidden: Array  # h w bool
    told: Array  # h w bool: somebody saw it
    values: Array  # h w float32: what is told
    missed: Array  # h w float32: how far that is off around the hole

    @property
    def evenly(self) -> Array:
        """h w float32: filled from around the hole alone."""
        return even_filling(self.known, self.hidden)


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
        known = np.ones(own.luma.shape, np.float32)
        return Laid(own, np.zeros(own.luma.shape, bool), known)
    near = dilated(hidden, EDGE)
    planes = []
    shares, sure = None, np.zeros(hidden.shape, np.float32)
    blind = np.zeros(hidden.shape, bool)
    for number, scale in enumerate(scales):
        plane_hidden = over_plane(hidden, scale.size)
        places = Places.of(number, scale, over_plane(near, scale.size))
        said = hear(shot, frame, places, opinions, shares)
        shares = said.shares
        filling = _laid_in(own, places, plane_hidden, said)
        if number == 0:
            sure[filling.part] = _trust(filling, places, said, own)
        plane, unseen = _hedged(filling, _on_plane(sure, hidden, scale.size), own.format.width)
        whole = own.planes[number].copy()
        made = np.clip(plane + 0.5, 0, own.format.max_value).astype(own.format.dtype)
        whole[filling.part] = np.where(filling.hidden, made, whole[filling.part])
        planes.append(whole)
        told = np.zeros(scale.size, bool)
        told[filling.part] = unseen
        blind |= hidden & _over_luma(told, blind.shape)
    sure = np.where(hidden, sure, np.float32(1))
    return Laid(Picture(tuple(planes), own.format), _without_specks(blind), sure)


def _laid_in(own: Picture, places: Places, hidden: Array, said: Said) -> _Filling:
    """What is said of a plane, as bright as it is around its hole."""
    box = Box.around(hidden, AROUND)
    assert box is not None
    part = box.part
    here = places.row - box.top, places.column - box.left
    known = np.where(hidden[part], 0, own.planes[places.number][part]).astype(np.float32)
    laid, told = known.copy(), np.zeros(known.shape, bool)
    laid[here], told[here] = said.value, said.worth > 0
    laid = np.where(told, laid, known)
    edge = np.where(told & ~hidden[part], np.float32(1), np.float32(0))
    off = (known - laid) * edge
    even = light(off, edge, float(own.format.max_value))
    return _Filling(part, known, hidden[part], told, laid + even, (off - even) * edge)


def _trust(filling: _Filling, places: Places, said: Said, own: Picture) -> Array:
    """How far each pixel of the luma is believed, h w float32."""
    level = np.float32(255 / own.format.max_value)
    doubt = np.zeros(filling.known.shape, np.float32)
    rows, columns = filling.part
    doubt[places.row - rows.start, places.column - columns.start] = said.doubt * level
    evidence = Evidence(
        luma=filling.known * level,
        hidden=filling.hidden,
        told=filling.told,
        missed=filling.missed * level,
        doubt=doubt,
    )
    return trust(evidence, own.format.width)


def _hedged(filling: _Filling, sure: Array, width: int) -> tuple[Array, Array]:
    """A part of a plane with its hole filled as far as what is told is believed and evenly for the
    rest (h w float32), and what of it nobody saw (h w bool)."""
    seen = filling.hidden & filling.told
    share = np.where(seen, sure[filling.part], 0).astype(np.float32)
    values = np.where(filling.told, filling.values, filling.evenly)
    mixed = weighed(values, filling.evenly, share, width)
    plane = np.where(seen, mixed, filling.known)
    blind = filling.hidden & ~filling.told
    return (even_filling(plane, blind) if blind.any() else plane), blind


def _on_plane(sure: Array, hidden: Array, size: tuple[int, int]) -> Array:
    """`sure` (H W, of the luma) for a plane's samples: the mean of the hidden pixels of each."""
    if sure.shape == size:
        return sure
    weight = hidden.astype(np.float32)
    share = cv2.resize(weight, size[::-1], interpolation=cv2.INTER_AREA)
    total = cv2.resize(sure * weight, size[::-1], interpolation=cv2.INTER_AREA)
    return total / np.maximum(share, 1e-6)


def settled(even: Picture, made: Picture, blind: Array) -> Picture:
    """What was `made` up in `blind` (H W bool) as far as it is plausible there, else as it is in
    `even`, which has it filled evenly."""
    box = Box.around(blind, AROUND)
    if box is None:
        return made
    format = made.format
    level = np.float32(255 / format.max_value)
    new, smooth = (p.luma[box.part].astype(np.float32) * level for p in (made, even))
    share = np.zeros(blind.shape, np.float32)
    share[box.part] = plausible(new, smooth, blind[box.part], format.width)
    planes = []
    for number, (own, other) in enumerate(zip(made.planes, even.planes, strict=True)):
        size = format.plane_size(number)
        hidden = over_plane(blind, size)
        on_plane = _on_plane(share, blind, size)[hidden]
        plane = own.copy()
        mixed = other[hidden] + on_plane * (own[hidden].astype(np.float32) - other[hidden])
        plane[hidden] = np.rint(mixed).astype(plane.dtype)
        planes.append(plane)
    return Picture(tuple(planes), format)


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
