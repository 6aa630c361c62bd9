"""The grain of a still, told from one picture: what moves in it gets grain that lives, for its own
would be drawn along."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.picture import Picture
from longtake_engine.splice.clean import clean
from longtake_engine.splice.grain import Grain
from longtake_engine.splice.regrain import Stock

SEEN = 1.6  # 8-bit levels of standard deviation; finer grain is not missed
SIDE = 16  # pixels of a block
FLAT = 0.25  # share of the blocks, the flattest ones
ALIKE = 2.0  # times the lower quartile of their variances, at most, that is grain and no more
COMMON = 0.7  # share of the flat blocks that are alike; fewer where it is texture
FEWEST = 24  # blocks
COARSEST = 0.75  # in common with the next pixel, at most: more is texture
TAILED = 3.4  # kurtosis, at most: grain is normal, 3; texture of six real pictures had 3.9 and more
WHITE = 0.1  # in common with it, at most, that is none
CLIPPED = 0.03  # of the range, at both of its ends: grain is cut off there


@dataclass(frozen=True, slots=True)
class StillGrain:
    """Grain for what moves in a still, new in every picture."""

    stock: Stock

    @property
    def strength(self) -> float:
        """Standard deviation in the luma, 8-bit levels."""
        return self.stock.grain.strength

    def off(self, picture: Picture) -> Picture:
        """`picture` without its grain."""
        return clean(picture, self.stock.grain)

    def on(self, made: Picture, ground: Picture, where: np.ndarray, number: int) -> Picture:
        """`made`, which has no grain, with that of picture `number`, where `where` (H W bool) is
        set; else `ground`."""
        grained = self.stock.on(made, number)
        planes = []
        for new, kept in zip(grained.planes, ground.planes, strict=True):
            part = where
            if part.shape != kept.shape:
                size = (kept.shape[1], kept.shape[0])
                small = cv2.resize(where.astype(np.float32), size, interpolation=cv2.INTER_AREA)
                part = small > 0
            planes.append(np.where(part, new, kept))
        return Picture(tuple(planes), made.format)


def read_still_grain(picture: Picture, seed: int) -> StillGrain | None:
    """The grain of a still; None where there is none to be seen, or it cannot be told from texture.

    It is measured in the flattest parts of the picture, which must agree about it.
    """
    format = picture.format
    flat = _flat(picture)
    if flat is None:
        return None
    colors = format.plane_count - format.has_alpha
    rests = [_rests(picture.planes[number], flat, picture.luma.shape) for number in range(colors)]
    strength = float(rests[0].std()) * 255 / format.max_value
    if strength < SEEN or _common(rests[0]) > COARSEST or _kurtosis(rests[0]) > TAILED:
        return None
    sigmas = [np.full(256, rest.std(), np.float32) for rest in rests]
    kernels = [_kernel(_common(rest)) for rest in rests]
    if format.has_alpha:
        sigmas.append(np.zeros(256, np.float32))
        kernels.append(np.ones((1, 1), np.float32))
    mixing = _mixing(rests, format.plane_count)
    grain = Grain(format, tuple(sigmas), tuple(kernels), mixing, strength)
    return StillGrain(Stock.make(grain, seed))


def _flat(picture: Picture) -> np.ndarray | None:
    """N 2: rows and columns of the flattest blocks of the luma; None where they do not agree."""
    luma = picture.luma.astype(np.float32)
    height, width = (n // SIDE * SIDE for n in luma.shape)
    blocks = (width // SIDE, height // SIDE)
    if blocks[0] * blocks[1] * FLAT < FEWEST:
        return None
    luma = luma[:height, :width]
    cells = cv2.resize(luma, (blocks[0] * 4, blocks[1] * 4), interpolation=cv2.INTER_AREA)
    mean = cv2.resize(cells, blocks, interpolation=cv2.INTER_AREA)
    square = cv2.resize(cells * cells, blocks, interpolation=cv2.INTER_AREA)
    texture = square - mean * mean
    top = picture.format.max_value
    texture[(mean < CLIPPED * top) | (mean > (1 - CLIPPED) * top)] = np.inf
    usable = int(np.isfinite(texture).sum() * FLAT)
    if usable < FEWEST:
        return None
    flattest = np.argsort(texture.ravel())[:usable]
    found = np.column_stack(np.divmod(flattest, blocks[0]))
    variances = _rests(picture.luma, found, picture.luma.shape).var((1, 2))
    alike = variances <= ALIKE * float(np.quantile(variances, 0.25))
    return found[alike] if alike.mean() >= COMMON else None


def _rests(plane: np.ndarray, blocks: np.ndarray, luma: tuple[int, ...]) -> np.ndarray:
    """N SIDE SIDE float32: blocks of a plane without their mean and slopes."""
    high = SIDE * plane.shape[0] // luma[0]
    wide = SIDE * plane.shape[1] // luma[1]
    cut = [
        plane[row * high : (row + 1) * high, column * wide : (column + 1) * wide]
        for row, column in blocks
    ]
    parts = np.stack(cut).astype(np.float32)
    rows, columns = np.mgrid[:high, :wide]
    plain = np.column_stack([np.ones(high * wide), rows.ravel(), columns.ravel()])
    across = np.linalg.qr(plain)[0].astype(np.float32)
    flat = parts.reshape(len(parts), -1)
    return (flat - flat @ across @ across.T).reshape(parts.shape)


def _common(rests: np.ndarray) -> float:
    """How much grain has in common with that of the next pixel, across and down."""
    across = float((rests[:, :, 1:] * rests[:, :, :-1]).mean())
    down = float((rests[:, 1:] * rests[:, :-1]).mean())
    return (across + down) / 2 / max(float(rests.var()), 1e-9)


def _kurtosis(rests: np.ndarray) -> float:
    """How often blocks hold what is far off their usual: 3 where they are normal."""
    squares = (rests * rests).mean((1, 2))
    return float(((rests**4).mean((1, 2)) / np.maximum(squares**2, 1e-9)).mean())


def _kernel(common: float) -> np.ndarray:
    """The bell that gives white noise as much in common with the next pixel; its squares sum to
    1."""
    if common < WHITE:
        return np.ones((1, 1), np.float32)
    wide = math.sqrt(-1 / (4 * math.log(min(common, 0.95))))
    bell = cv2.getGaussianKernel(2 * math.ceil(3 * wide) + 1, wide)
    kernel = bell @ bell.T
    return (kernel / np.sqrt((kernel**2).sum())).astype(np.float32)


def _mixing(rests: list[np.ndarray], planes: int) -> np.ndarray:
    """P P: how planes of one size share their grain, the Cholesky factor of its correlation."""
    correlation = np.eye(planes)
    for one in range(len(rests)):
        for other in range(one):
            if rests[one].shape == rests[other].shape:
                shared = float(np.corrcoef(rests[one].ravel(), rests[other].ravel())[0, 1])
                correlation[one, other] = correlation[other, one] = 0.98 * shared
    return np.linalg.cholesky(correlation)
