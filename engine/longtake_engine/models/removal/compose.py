"""One frame with its hole filled: what trails lead to, what lies aligned, what is made up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from longtake_engine.models.removal.box import Array, Box
from longtake_engine.models.removal.exposure import light
from longtake_engine.models.removal.gather import Places
from longtake_engine.models.removal.opinion import Opinions, Said, hear
from longtake_engine.models.removal.plane import PlaneScale
from longtake_engine.models.removal.shot import Shot, dilated, over_plane
from longtake_engine.models.removal.steady import Before
from longtake_engine.models.synthesis.hedge import (
    Evidence,
    even_filling,
    expected_error,
    trust,
    weighed,
)
from longtake_engine.picture import Picture

EDGE = 6  # pixels around a hole by which it is told how bright its filling must be
AROUND = 48  # pixels around a hole that an even filling goes by
TRAILED = 1.4  # times: where what lies aligned errs less by more than that, it goes first
BELIEVED = 0.5  # trust from which on something counts as seen
SPECK = 5  # pixels: what is thinner is not made up but filled evenly


@dataclass(frozen=True, slots=True)
class Laid:
    """A frame with what of its hole some frame saw."""

    picture: Picture  # what nobody saw is filled evenly
    blind: Array  # H W bool: that
    sure: Array  # H W float32: how far the rest of the hole is believed; 1 where known
    error: Array  # H W float32: the error expected in the hole, squared 8-bit levels


@dataclass(frozen=True, slots=True)
class _Filling:
    """A part of a plane with its hole filled, as bright as it is around it."""

    box: Box  # of the plane
    known: Array  # h w float32: the plane itself, 0 in the hole
    hidden: Array  # h w bool
    told: Array  # h w bool: somebody saw it
    values: Array  # h w float32: what is told
    missed: Array  # h w float32: how far that is off around the hole
    evenly: Array  # h w float32: filled from around the hole alone

    @property
    def part(self) -> tuple[slice, slice]:
        """Rows and columns of the plane."""
        return self.box.part


def compose(
    shot: Shot,
    frame: int,
    scales: Sequence[PlaneScale],
    opinions: Opinions,
    before: Before | None,
) -> Laid:
    """The frame with its hole filled; what is known stays as it is.

    Args:
        shot: The frames.
        frame: That is filled.
        scales: Of its planes.
        opinions: On its hole.
        before: The frame before, if that was filled too.
    """
    hidden = shot.hidden(frame)
    own = shot.picture(frame)
    if hidden is None:
        known = np.ones(own.luma.shape, np.float32)
        return Laid(own, np.zeros(own.luma.shape, bool), known, known)
    near = dilated(hidden, EDGE)
    planes = []
    shares, sure = None, np.zeros(hidden.shape, np.float32)
    errors, leaning = np.zeros_like(sure), np.zeros_like(sure)  # of the luma; toward what is laid
    blind = np.zeros(hidden.shape, bool)
    for number, scale in enumerate(scales):
        plane_hidden = over_plane(hidden, scale.size)
        places = Places.of(number, scale, over_plane(near, scale.size))
        said = hear(shot, frame, places, opinions, shares)
        shares = said.shares
        filling = _laid_in(own, places, plane_hidden, (said.value, said.worth))
        laid = _laid_in(own, places, plane_hidden, said.laid)
        if number == 0:
            evidence = _evidence(filling, places, said, own)
            error = expected_error(evidence, own.format.width)
            other = expected_error(_evidence(laid, places, said, own), own.format.width)
            # Where blur or haste leads trails astray, what lies aligned fits better around it.
            share = np.where(laid.told, 1 / (1 + (TRAILED * other / error) ** 4), 0)
            leaning[filling.part] = share
            error = error + share * (other - error)
            if before:
                error = before.steadied(error, scale, filling.box)
            errors[filling.part] = error
            sure[filling.part] = trust(evidence, error, own.format.width)
        lean = _on_plane(leaning, near, scale.size)[filling.part]
        values = np.where(laid.told, laid.values, filling.values)
        filling = replace(filling, values=filling.values + lean * (values - filling.values))
        plane, unseen = _hedged(filling, _on_plane(sure, hidden, scale.size), own.format.width)
        whole = own.planes[number].copy()
        made = np.clip(plane + 0.5, 0, own.format.max_value).astype(own.format.dtype)
        whole[filling.part] = np.where(filling.hidden, made, whole[filling.part])
        planes.append(whole)
        told = np.zeros(scale.size, bool)
        told[filling.part] = unseen
        blind |= hidden & _over_luma(told, blind.shape)
    sure = np.where(hidden, sure, np.float32(1))
    return Laid(Picture(tuple(planes), own.format), _without_specks(blind), sure, errors)


def _laid_in(own: Picture, places: Places, hidden: Array, said: tuple[Array, Array]) -> _Filling:
    """What is `said` of a plane (value and worth of each place), as bright as around its hole."""
    box = Box.around(hidden, AROUND)
    assert box is not None
    part = box.part
    here = places.row - box.top, places.column - box.left
    known = np.where(hidden[part], 0, own.planes[places.number][part]).astype(np.float32)
    laid, told = known.copy(), np.zeros(known.shape, bool)
    laid[here], told[here] = said[0], said[1] > 0
    laid = np.where(told, laid, known)
    edge = np.where(told & ~hidden[part], np.float32(1), np.float32(0))
    off = (known - laid) * edge
    even = light(off, edge, float(own.format.max_value))
    return _Filling(
        box=box,
        known=known,
        hidden=hidden[part],
        told=told,
        values=laid + even,
        missed=(off - even) * edge,
        evenly=even_filling(known, hidden[part]),
    )


def _evidence(filling: _Filling, places: Places, said: Said, own: Picture) -> Evidence:
    """What tells how far the luma is to be believed."""
    level = np.float32(255 / own.format.max_value)
    doubt = np.zeros(filling.known.shape, np.float32)
    rows, columns = filling.part
    doubt[places.row - rows.start, places.column - columns.start] = said.doubt * level
    return Evidence(
        luma=filling.known * level,
        hidden=filling.hidden,
        told=filling.told,
        missed=filling.missed * level,
        doubt=doubt,
    )


def _hedged(filling: _Filling, sure: Array, width: int) -> tuple[Array, Array]:
    """A part of a plane with its hole filled as far as what is told is believed and evenly for the
    rest (h w float32), and what of it nobody saw (h w bool)."""
    seen = filling.hidden & filling.told
    share = np.where(seen, sure[filling.part], 0).astype(np.float32)
    values = np.where(filling.told, filling.values, filling.evenly)
    mixed = weighed(values, filling.evenly, share, width)
    plane = np.where(seen, mixed, filling.known)
    blind = filling.hidden & ~filling.told
    if not blind.any():
        return plane, blind
    # As what is seen beside it asks for, and else as it was.
    off = even_filling(np.where(seen, plane - filling.evenly, np.float32(0)), blind)
    return np.where(blind, filling.evenly + off, plane), blind


def _on_plane(sure: Array, hidden: Array, size: tuple[int, int]) -> Array:
    """`sure` (H W, of the luma) for a plane's samples: the mean of the hidden pixels of each."""
    if sure.shape == size:
        return sure
    weight = hidden.astype(np.float32)
    share = cv2.resize(weight, size[::-1], interpolation=cv2.INTER_AREA)
    total = cv2.resize(sure * weight, size[::-1], interpolation=cv2.INTER_AREA)
    return total / np.maximum(share, 1e-6)


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
