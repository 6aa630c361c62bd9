"""Invented texture is believed as far as it goes on from what is known; the rest is even.

Each pixel was copied from somewhere. If what lies beside that place is also like what lies beside
the hole, texture and structure go on rightly; if not, a thing that does not belong here may have
been copied. Then its finest detail alone is kept, at half its strength, over a smooth filling.
"""

import cv2
import numpy as np

from longtake_engine.models.synthesis.blend import membrane
from longtake_engine.models.synthesis.continued import continued
from longtake_engine.models.synthesis.hedge import (
    UNIT,
    Evidence,
    expected_error,
    plausible,
    trust,
)
from longtake_engine.models.synthesis.network_fill import correct
from longtake_engine.models.synthesis.network_input import RASHER as TOLD_RASHER
from longtake_engine.models.synthesis.network_run import FillRun
from longtake_engine.models.synthesis.patch import Array
from longtake_engine.models.synthesis.sample import mask_of
from longtake_engine.picture import Picture

RING = 6  # pixels beside the hole that are compared
PAD = 48  # pixels around the hole that an even filling goes by
RASHER = 30.0  # times the error that the same miss tells of where other frames saw the place
DETAIL = 4.0  # pixels: what is finer is texture
STRANGER = 24.0  # 8-bit levels off an even filling at which what was carried on is half believed
STEP = 8.0  # 8-bit levels at its edge at which it is half believed
SEAM = 2.0  # pixels along the edge over which a step is averaged: texture is none
LIFE = 0.35  # of the detail that is kept where the rest is not believed

Window = tuple[slice, slice]


def settled(
    picture: Picture, made: Picture, hole: Array, source: Array, network: FillRun | None = None
) -> Picture:
    """`made` in the `hole` of `picture`, as far as it is believed.

    Args:
        picture: What lies in the hole is never read.
        made: With the hole filled, and as bright as it is around it.
        hole: H W bool, at the luma's size.
        source: H W 2: x and y that each pixel of the hole was copied from.
        network: Betters the even filling; None leaves it as it is.
    """
    format = picture.format
    if not hole.any():
        return made
    added = None
    if network is not None:
        told = believed(picture, hole, source, TOLD_RASHER)
        added = correct(network, picture, made, hole, told).planes
    level = 255 / format.max_value
    share, alive = believed(picture, hole, source), np.zeros(hole.shape, np.float32)
    planes = []
    for number, plane in enumerate(picture.planes):
        hidden = mask_of(hole, format, number)
        window = _around(hidden)
        known = np.where(hidden, 0, plane)[window].astype(np.float32)
        even = continued(known, hidden[window], 1 / level)
        if added is not None:
            even += added[number][window]
        if number == 0:
            luma = made.luma[window].astype(np.float32)
            alive[window] = plausible(luma * level, even * level, hole[window], format.width)
        size = plane.shape[::-1]
        shares = [
            cv2.resize(one, size, interpolation=cv2.INTER_AREA)[window] for one in (share, alive)
        ]
        mixed = _mixed(even, made.planes[number][window], hidden[window], shares, format.width)
        mixed = np.clip(np.rint(mixed), 0, format.max_value).astype(plane.dtype)
        done = plane.copy()
        done[window] = np.where(hidden[window], mixed, plane[window])
        planes.append(done)
    return Picture(tuple(planes), format)


def believed(picture: Picture, hole: Array, source: Array, rasher: float = RASHER) -> Array:
    """H W float32, 0 to 1: how far what was copied into the `hole` of `picture` from `source` goes
    on from what is beside it; `rasher` as RASHER, all else as in `settled`."""
    format = picture.format
    share = np.zeros(hole.shape, np.float32)
    window = _around(hole)
    level = np.float32(255 / format.max_value)
    missed, told = _misses(picture.luma, hole, source)
    known = np.where(hole[window], 0, picture.luma[window]).astype(np.float32) * level
    evidence = Evidence(
        luma=known,
        hidden=hole[window],
        told=told[window],
        missed=missed[window] * level,
        doubt=np.zeros_like(known),
    )
    error = expected_error(evidence, format.width) * np.float32(rasher)
    share[window] = trust(evidence, error, format.width)
    return share


def anchored(even: Picture, made: Picture, hole: Array) -> Picture:
    """What was carried on into the `hole` of a frame, `made`, as far as it is by and large as
    bright as `even`, which has it filled from this frame's own surroundings, and meets them at the
    edge."""
    if not hole.any():
        return made
    format = made.format
    level = np.float32(255 / format.max_value)
    window = _around(hole)
    inside = hole[window]
    new, smooth = (p.luma[window].astype(np.float32) * level for p in (made, even))
    share = np.zeros(hole.shape, np.float32)
    share[window] = plausible(new, smooth, inside, format.width, strange=STRANGER)
    share[window] /= 1 + (_step(new - smooth, inside) / np.float32(STEP)) ** 2
    planes = []
    for number, (own, other) in enumerate(zip(made.planes, even.planes, strict=True)):
        hidden = mask_of(hole, format, number)
        on_plane = cv2.resize(share, own.shape[::-1], interpolation=cv2.INTER_AREA)[hidden]
        plane = own.copy()
        mixed = other[hidden] + on_plane * (own[hidden].astype(np.float32) - other[hidden])
        plane[hidden] = np.rint(mixed).astype(plane.dtype)
        planes.append(plane)
    return Picture(tuple(planes), format)


def _step(off: Array, hidden: Array) -> Array:
    """How far a filling is `off` an even one (h w float32) along the edge of what is `hidden` (h w
    bool), where an even one is right; carried into the hole, never below 0."""
    inside = hidden.astype(np.float32)
    edge = hidden & (cv2.erode(hidden.astype(np.uint8), np.ones((3, 3), np.uint8)) == 0)
    heard = np.maximum(cv2.GaussianBlur(inside, (0, 0), SEAM), np.float32(1e-3))
    broad = np.abs(cv2.GaussianBlur(off * inside, (0, 0), SEAM)) / heard
    return np.maximum(membrane(np.where(edge, broad, np.float32(0)), edge), 0)


def _misses(luma: Array, hole: Array, source: Array) -> tuple[Array, Array]:
    """How far what lies beside the places that were copied is off what lies beside the hole (H W
    float32), and where that is known, or is hole (H W bool)."""
    away, labels = cv2.distanceTransformWithLabels(
        (~hole).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    nearest: Array = np.asarray(labels, np.int64)
    rows, columns = np.nonzero(hole)
    of_label = np.zeros(int(nearest.max()) + 1, np.int64)
    of_label[nearest[hole]] = np.arange(len(rows))
    row, column = np.nonzero(~hole & (away <= RING))
    beside = of_label[nearest[row, column]]
    way = source[rows[beside], columns[beside]].astype(np.int64)
    way -= np.stack([columns[beside], rows[beside]], 1)
    height, width = hole.shape
    down: Array = row + way[:, 1]
    across: Array = column + way[:, 0]
    inside = (down >= 0) & (down < height) & (across >= 0) & (across < width)
    place = np.clip(down, 0, height - 1).astype(int), np.clip(across, 0, width - 1).astype(int)
    ok = inside & ~hole[place]
    missed, told = np.zeros(hole.shape, np.float32), hole.copy()
    there = luma[place].astype(np.float32)
    missed[row[ok], column[ok]] = (luma[row, column] - there)[ok]
    told[row[ok], column[ok]] = True
    return missed, told


def _mixed(even: Array, made: Array, inside: Array, shares: list[Array], width: int) -> Array:
    """h w float32: what was `made`, and the rest as `even`, in a part of a plane whose hole is
    `inside`, as far as `shares` (h w each: what is believed, and what is plausible) say."""
    off = np.where(inside, made - even, np.float32(0)).astype(np.float32)
    fine = off - cv2.GaussianBlur(off, (0, 0), DETAIL * max(1.0, width / UNIT))
    share, alive = shares
    return even + share * off + (1 - share) * np.float32(LIFE) * alive * fine


def _around(hidden: Array) -> Window:
    """The part that an even filling of what is hidden goes by."""
    x, y, wide, high = cv2.boundingRect(hidden.astype(np.uint8))
    return np.s_[max(0, y - PAD) : y + high + PAD, max(0, x - PAD) : x + wide + PAD]
