"""The drift of the light over a clip taken out, so that any picture can stand beside the last."""

import cv2
import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.models.flow import Array
from longtake_engine.models.reel import Reel, Small
from longtake_engine.picture import Picture

CELLS = (6, 4)  # across and down: light is told in so many places
SPREAD_S = 0.6  # what comes and goes more quickly is flicker, and lives on
ROUNDS = 8
VISIBLE = 1.0  # 8-bit levels that the light is off somewhere, from which on it is taken out
MOST = 24.0  # 8-bit levels; more is not light


def even_light(reel: Reel, rate: float, cancel: CancelToken) -> float:
    """How far the light had drifted at most, 8-bit levels; `reel` is laid anew where that can be
    seen.

    Medians of large cells, smoothed over time, are brought to those of the last pictures as far as
    they change alike: what is lively goes on within, and what grows or goes by hardly tells.
    """
    planes = reel.small[-1].luma, *reel.small[-1].colors
    if len(reel) < 3 or min(min(plane.shape) for plane in planes) < max(CELLS):
        return 0.0
    light = np.stack([_light(small) for small in reel.small])  # T P h w
    slow = _slow(light, SPREAD_S * rate)
    off = np.clip(_slanted(slow[-1] - slow), -MOST, MOST)
    worst = np.abs(off).max((1, 2, 3))
    if worst.max() < VISIBLE:
        return 0.0
    for number in np.flatnonzero(worst > VISIBLE / 4):
        cancel.check()
        reel.replace(int(number), _lit(reel.picture(int(number)), off[number]))
    return float(worst.max())


def _light(small: Small) -> Array:
    """P h w float32: the median of each cell of each plane, 8-bit levels."""
    across, down = CELLS
    return np.stack(
        [
            [
                [np.median(cell) for cell in np.array_split(row, across, axis=1)]
                for row in np.array_split(plane, down, axis=0)
            ]
            for plane in (small.luma, *small.colors)
        ]
    ).astype(np.float32)


def _slow(light: Array, spread: float) -> Array:
    """`light` smoothed over time by lines through what is near, so that a drift goes on up to both
    ends."""
    times = np.arange(len(light), dtype=np.float64)
    apart = times[None] - times[:, None]
    weights = np.exp(-0.5 * (apart / max(spread, 1.0)) ** 2)
    sums = [(weights * apart**power).sum(1, keepdims=True) for power in (0, 1, 2)]
    weights *= sums[2] - apart * sums[1]
    weights /= weights.sum(1, keepdims=True)
    return np.tensordot(weights.astype(np.float32), light, 1)


def _slanted(off: Array) -> Array:
    """The plane through the cells of each T P h w that the most of them lie near.

    Least absolute deviations, by weighted squares: a few cells that something else has changed
    have no say.
    """
    count, planes, height, width = off.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    basis = np.stack([np.ones(y.size), x.ravel(), y.ravel()], 1)
    flat = off.reshape(-1, height * width).astype(np.float64)
    weights, fitted = np.ones_like(flat), flat
    for _ in range(ROUNDS):
        normal = np.einsum("nc,ci,cj->nij", weights, basis, basis)
        target = np.einsum("nc,nc,ci->ni", weights, flat, basis)
        fitted = np.linalg.solve(normal, target[..., None])[..., 0] @ basis.T
        weights = 1 / np.maximum(np.abs(flat - fitted), 0.1)
    return fitted.reshape(count, planes, height, width).astype(np.float32)


def _lit(picture: Picture, off: Array) -> Picture:
    """`picture` with `off` (P h w, 8-bit levels) added evenly to its planes; alpha stays."""
    format = picture.format
    planes = list(picture.planes)
    for number, cells in enumerate(off):
        height, width = planes[number].shape
        field = cv2.resize(cells, (width, height), interpolation=cv2.INTER_LINEAR)
        field *= np.float32(format.max_value / 255)
        value = planes[number] + field + np.float32(0.5)
        planes[number] = np.clip(value, 0, format.max_value).astype(format.dtype)
    return Picture(tuple(planes), format)
