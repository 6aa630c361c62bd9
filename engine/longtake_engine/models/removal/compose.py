"""One frame with its hole filled: what trails lead to, what lies aligned, what is made up."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.removal.box import Array
from longtake_engine.models.removal.filling import Filling, Ground, on_plane
from longtake_engine.models.removal.gather import Leads, Places
from longtake_engine.models.removal.opinion import Opinions, Said, hear
from longtake_engine.models.removal.plane import PlaneScale
from longtake_engine.models.removal.shot import Shot, dilated, over_plane
from longtake_engine.models.removal.steady import Before, Even
from longtake_engine.models.synthesis.hedge import Evidence, expected_error, trust
from longtake_engine.picture import Picture

EDGE = 6  # pixels around a hole by which it is told how bright its filling must be
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
    evens: tuple[Even | None, ...] = ()  # of each plane; None where none was needed


@dataclass(frozen=True, slots=True)
class _Judged:
    """How far what is told of the luma is believed, H W float32 each."""

    error: Array  # expected, squared 8-bit levels
    leaning: Array  # 0 to 1: toward what lies aligned
    sure: Array  # 0 to 1


def compose(
    shot: Shot,
    frame: int,
    scales: Sequence[PlaneScale],
    opinions: Opinions,
    before: Before | None,
    *,
    wariness: float = 1.0,
) -> Laid:
    """The frame with its hole filled; what is known stays as it is.

    Args:
        shot: The frames.
        frame: That is filled.
        scales: Of its planes.
        opinions: On its hole.
        before: The frame before, if that was filled too.
        wariness: Times the error that is expected of what other frames show, by which that is
            weighed.
    """
    hidden = shot.hidden(frame)
    own = shot.picture(frame)
    if hidden is None:
        known = np.ones(own.luma.shape, np.float32)
        return Laid(own, np.zeros(own.luma.shape, bool), known, known)
    near = dilated(hidden, EDGE)
    planes, evens = [], []
    shares = judged = leads = None
    blind = np.zeros(hidden.shape, bool)
    for number, scale in enumerate(scales):
        ground = Ground.of(own, number, over_plane(hidden, scale.size))
        if leads is None or leads.places.scale is not scale:
            leads = Leads.of(Places.of(scale, over_plane(near, scale.size)), opinions.trails)
        places = leads.places
        said = hear(shot, (frame, number), leads, opinions, shares)
        shares = said.shares
        filling = Filling.of(ground, places, (said.value, said.worth))
        laid = Filling.of(ground, places, said.laid)
        judged = judged or _judged((filling, laid), places, said, (own, before), wariness)
        part = ground.box.part
        filling = filling.toward(laid, on_plane(judged.leaning, near, scale.size)[part])
        sure = on_plane(judged.sure, hidden, scale.size)[part]
        even = None if filling.is_certain(sure) else _evened(ground, number, scale, before)
        evenly = filling.values if even is None else even.values
        planes.append(_put(own, number, ground, filling.hedged(evenly, sure, own.format.width)))
        evens.append(even)
        unseen = np.zeros(scale.size, bool)
        unseen[part] = filling.blind
        blind |= hidden & _over_luma(unseen, blind.shape)
    assert judged is not None, "a picture has planes"
    picture = Picture(tuple(planes), own.format)
    sure = np.where(hidden, judged.sure, np.float32(1))
    return Laid(picture, _without_specks(blind), sure, judged.error, tuple(evens))


def _evened(ground: Ground, number: int, scale: PlaneScale, before: Before | None) -> Even:
    even = ground.even()
    return before.evened(even, number, scale) if before else even


def _judged(
    fillings: tuple[Filling, Filling],
    places: Places,
    said: Said,
    frames: tuple[Picture, Before | None],
    wariness: float,
) -> _Judged:
    """By the luma: how far what all say is believed, and what lies aligned rather than that; of a
    frame and the one before. `wariness` as in `compose`."""
    (filling, laid), (own, before) = fillings, frames
    width, box = own.format.width, filling.ground.box
    evidence = _evidence(filling, places, said)
    error = expected_error(evidence, width)
    other = expected_error(_evidence(laid, places, said), width)
    # Where blur or haste leads trails astray, what lies aligned fits better around it.
    lean = np.where(laid.told, 1 / (1 + (TRAILED * other / error) ** 4), 0)
    error = error + lean * (other - error)
    if before:
        error = before.steadied(error, places.scale, box)
    whole = [np.zeros(own.luma.shape, np.float32) for _ in range(3)]
    parts = error, lean, trust(evidence, error * np.float32(wariness), width)
    for values, part in zip(whole, parts, strict=True):
        values[box.part] = part
    return _Judged(*whole)


def _evidence(filling: Filling, places: Places, said: Said) -> Evidence:
    """What tells how far the luma is to be believed."""
    ground = filling.ground
    level = np.float32(255 / ground.max_value)
    doubt = np.zeros(ground.known.shape, np.float32)
    doubt[places.row - ground.box.top, places.column - ground.box.left] = said.doubt * level
    return Evidence(
        luma=ground.known * level,
        hidden=ground.hidden,
        told=filling.told,
        missed=filling.missed * level,
        doubt=doubt,
    )


def _put(own: Picture, number: int, ground: Ground, plane: Array) -> Array:
    """A plane of `own` with `plane` (h w float32) in its hole."""
    whole = own.planes[number].copy()
    made = np.clip(plane + 0.5, 0, own.format.max_value).astype(own.format.dtype)
    whole[ground.box.part] = np.where(ground.hidden, made, whole[ground.box.part])
    return whole


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
