"""The grain of a clip: how strong it is at each level, and what it looks like, without the picture.

Grain is what is new in every picture: it is measured on what three pictures in turn, laid on each
other along their motion, do not share, in the flattest parts of the picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from longtake_engine.picture import Picture, PictureFormat

Array = np.ndarray
# Three pictures in turn, and the fields from the middle one to the first and to the third: H W 2
# in their own pixels, at any size.
Triple = tuple[tuple[Picture, Picture, Picture], tuple[Array, Array]]

SEEN = 1.2  # 8-bit levels of standard deviation; finer grain is not missed
SIDE = 24  # pixels of a block
MOST_BLOCKS = 1500
BANDS = 12  # of the luma
FLAT = 0.35  # share of a band's blocks, the flattest ones
FEWEST = 10  # flat blocks that a band is measured on
ALIKE = 1.8  # times the lower quartile of a band's variances, at most, that is grain and no more
COMMON = 0.45  # share of the flat blocks that are alike; fewer where something else is measured
# Change over two steps against over one, at most: what moves keeps changing. It was 2.3 and more in
# 28 clips where they change visibly, up to 2.0 with grain that was coded, over stones in motion.
INDEPENDENT = 2.1
REACH = 5  # pixels across which grain may hang together
COARSEST = 0.3  # of its variance that grain may still have in common at that distance


@dataclass(frozen=True, slots=True)
class Grain:
    """How strong the grain of a clip is and how it is spread over places and planes."""

    format: PictureFormat
    sigmas: tuple[Array, ...]  # of each plane: 256 float32, in its own numbers, by 8-bit level
    kernels: tuple[Array, ...]  # of each plane, odd sides: what makes white noise into this grain
    mixing: Array  # P P, lower triangular: how planes of one size share their grain
    strength: float  # standard deviation in the luma, 8-bit levels

    def sigma(self, picture: Picture, plane: int) -> Array:
        """Of the grain at each pixel of plane number `plane` of `picture`, H W float32."""
        return cv2.LUT(level_map(picture, plane), self.sigmas[plane])

    def reach(self, plane: int) -> float:
        """How many pixels hang together: the variance of a sum over that of one, per pixel."""
        return float(self.kernels[plane].sum() ** 2)


@dataclass(frozen=True, slots=True)
class _Sample:
    """One plane's grain in some blocks of one triple."""

    level: Array  # N, 8-bit
    grain: Array  # N SIDE SIDE: of standard deviation `sqrt(1.5)` times the grain's
    alike: Array  # N bool: flat, and as much of it as most of its band
    common: float  # share of the flat ones that are alike
    independence: float  # change over two steps against over one; 1 for what is new every time


def level_map(picture: Picture, plane: int) -> Array:
    """What the grain of plane number `plane` depends on: 8-bit levels, H W uint8.

    In RGB the plane itself, elsewhere the luma, made as small as the plane.
    """
    format = picture.format
    source = picture.planes[plane] if format.family == "rgb" else picture.luma
    height, width = format.plane_size(plane)
    if source.shape != (height, width):
        source = source[:: 1 << format.chroma_shift_y, :: 1 << format.chroma_shift_x]
    if format.bit_depth > 8:
        return cv2.convertScaleAbs(source, alpha=1 / (1 << (format.bit_depth - 8)))
    return np.ascontiguousarray(source)


def may_have_grain(triple: Triple) -> bool:
    """Whether a closer look at more pictures is worth while: for most clips it is not."""
    luma = _sample(triple, 0)
    if luma is None or luma.independence > 2 * INDEPENDENT:
        return False
    return _strength([luma]) * 255 / triple[0][0].format.max_value >= SEEN / 2


def measure_grain(triples: Sequence[Triple]) -> Grain | None:
    """The grain that the pictures of `triples` share; None where there is none to be seen."""
    if not triples:
        return None
    format = triples[0][0][0].format
    colors = format.plane_count - format.has_alpha
    sampled: list[list[_Sample]] = []
    for triple in triples:
        luma = _sample(triple, 0)
        if luma is None:
            return None
        rest = [_sample(triple, number) for number in range(1, colors)]
        sampled.append([luma, *(plane for plane in rest if plane is not None)])
    if any(len(planes) < colors for planes in sampled):
        return None
    lumas = [planes[0] for planes in sampled]
    strength = _strength(lumas) * 255 / format.max_value
    common = float(np.median([luma.common for luma in lumas]))
    independence = float(np.median([luma.independence for luma in lumas]))
    if strength < SEEN or common < COMMON or independence > INDEPENDENT:
        return None
    sigmas, kernels = [], []
    for number in range(colors):
        samples = [planes[number] for planes in sampled]
        spread = _spread(samples)
        if number == 0 and _edge(spread) > COARSEST:
            return None
        missed = 1 + max(0.0, -_edge(spread))  # what taking out each block's mean has taken too
        sigmas.append(_by_level(samples) * np.float32(missed**0.5))
        kernels.append(_kernel(spread))
    if format.has_alpha:
        sigmas.append(np.zeros(256, np.float32))
        kernels.append(np.ones((1, 1), np.float32))
    return Grain(format, tuple(sigmas), tuple(kernels), _mixing(sampled, format), strength)


def _sample(triple: Triple, plane: int) -> _Sample | None:
    """The grain of one plane; None where the plane is too small to tell."""
    (before, picture, after), fields = triple
    height, width = picture.format.plane_size(plane)
    down, across = height // SIDE, width // SIDE
    if down * across < 2 * FEWEST:
        return None
    rows, columns = np.divmod(np.arange(down * across), across)
    if len(rows) > MOST_BLOCKS:
        chosen = np.random.default_rng(0).permutation(len(rows))[:MOST_BLOCKS]
        rows, columns = rows[chosen], columns[chosen]
    top, left = rows * SIDE, columns * SIDE
    middle = _blocks(picture.planes[plane], top, left)
    moved = []
    inside = np.ones(len(top), bool)
    for other, field in ((before, fields[0]), (after, fields[1])):
        size = (across, down)
        shift = cv2.resize(field, size, interpolation=cv2.INTER_AREA)[rows, columns]
        shift = np.rint(shift * (width / field.shape[1], height / field.shape[0])).astype(int)
        y, x = top + shift[:, 1], left + shift[:, 0]
        inside &= (y >= 0) & (x >= 0) & (y <= height - SIDE) & (x <= width - SIDE)
        y, x = np.clip(y, 0, height - SIDE), np.clip(x, 0, width - SIDE)
        moved.append(_blocks(other.planes[plane], y, x))
    if inside.sum() < 2 * FEWEST:
        return None
    middle, first, last = middle[inside], moved[0][inside], moved[1][inside]
    level = _blocks(level_map(picture, plane), top, left)[inside].mean((1, 2))
    grain = _centred(middle - (first + last) / 2)
    return _judge(level, grain, _centred(last - first), (first + middle + last) / 3)


def _judge(level: Array, grain: Array, change: Array, shared: Array) -> _Sample:
    cells = shared.reshape(len(shared), 6, SIDE // 6, 6, SIDE // 6).mean((2, 4))
    texture = cells.std((1, 2))
    variance = grain.var((1, 2))
    alike = np.zeros(len(level), bool)
    flat_count = 0
    bands = int(np.clip(len(level) // (3 * FEWEST), 1, BANDS))
    band = (level * bands / 256).astype(int)
    for number in np.unique(band):
        own = np.flatnonzero(band == number)
        flat = own[np.argsort(texture[own])[: max(FEWEST, round(FLAT * len(own)))]]
        if len(flat) < FEWEST:
            continue
        flat_count += len(flat)
        base = float(np.quantile(variance[flat], 0.25))
        alike[flat[variance[flat] <= ALIKE * base]] = True
    common = float(alike.sum() / max(1, flat_count))
    once, twice = variance[alike] / 1.5, change.var((1, 2))[alike] / 2
    independence = float(twice.sum() / max(float(once.sum()), 1e-6))
    return _Sample(level, grain, alike, common, independence)


def _blocks(plane: Array, top: Array, left: Array) -> Array:
    """N SIDE SIDE float32."""
    windows = np.lib.stride_tricks.sliding_window_view(plane, (SIDE, SIDE))
    return windows[top, left].astype(np.float32)


def _centred(blocks: Array) -> Array:
    return blocks - blocks.mean((1, 2), keepdims=True)


def _strength(samples: Sequence[_Sample]) -> float:
    """Standard deviation of the grain over the levels that the picture has, own numbers."""
    variances = [float(s.grain[s.alike].var()) / 1.5 for s in samples if s.alike.any()]
    return float(np.median(variances)) ** 0.5 if variances else 0.0


def _by_level(samples: Sequence[_Sample]) -> Array:
    """Standard deviation of the grain at each of 256 levels."""
    levels, variances, weights = [], [], []
    for number in range(BANDS):
        low, high = (256 * n / BANDS for n in (number, number + 1))
        kept = [s.alike & (s.level >= low) & (s.level < high) for s in samples]
        found = [(s.level[k], s.grain[k]) for s, k in zip(samples, kept, strict=True) if k.any()]
        if found:
            levels.append(float(np.mean([level.mean() for level, _ in found])))
            variances.append(float(np.median([grain.var() for _, grain in found])) / 1.5)
            weights.append(sum(len(level) for level, _ in found))
    if not levels:
        return np.zeros(256, np.float32)
    # A few blocks tell little: neighbours lend them theirs.
    steady = np.array(variances)
    for here, (value, weight) in enumerate(zip(variances, weights, strict=True)):
        near = [n for n in (here - 1, here + 1) if 0 <= n < len(variances)]
        lent = [(min(weights[n], FEWEST), variances[n]) for n in near]
        total = weight + sum(w for w, _ in lent)
        steady[here] = (weight * value + sum(w * v for w, v in lent)) / total
    return np.interp(np.arange(256), levels, np.sqrt(steady)).astype(np.float32)


def _spread(samples: Sequence[_Sample]) -> Array:
    """The mean autocorrelation of the grain, lags up to REACH + 2 both ways; 1 in the middle."""
    size = 2 * SIDE
    power = np.zeros((size, size))
    for sample in samples:
        blocks = sample.grain[sample.alike]
        power += (np.abs(np.fft.fft2(blocks, (size, size))) ** 2).sum(0)
    ones = np.abs(np.fft.fft2(np.ones((SIDE, SIDE)), (size, size))) ** 2
    pairs = np.maximum(np.fft.ifft2(ones).real, 1)
    around = np.fft.fftshift(np.fft.ifft2(power).real / pairs)
    far = REACH + 2
    middle = around[size // 2 - far : size // 2 + far + 1, size // 2 - far : size // 2 + far + 1]
    return (middle / max(float(middle[far, far]), 1e-9)).astype(np.float32)


def _edge(spread: Array) -> float:
    """What is left of an autocorrelation beyond REACH."""
    rim = np.ones(spread.shape, bool)
    rim[2:-2, 2:-2] = False
    return float(spread[rim].mean())


def _kernel(spread: Array) -> Array:
    """The even kernel whose filtered white noise has the autocorrelation `spread`; its squares sum
    to 1."""
    far = spread.shape[0] // 2
    fade = np.hanning(2 * far + 3)[1:-1] ** 0.25
    lags = np.maximum(spread - _edge(spread), -1) * fade[:, None] * fade
    size = 4 * far + 4
    padded = np.zeros((size, size))
    padded[: 2 * far + 1, : 2 * far + 1] = lags
    power = np.fft.fft2(np.roll(padded, (-far, -far), (0, 1))).real
    kernel = np.fft.fftshift(np.fft.ifft2(np.sqrt(np.maximum(power, 0))).real)
    middle = size // 2
    kernel = kernel[middle - far : middle + far + 1, middle - far : middle + far + 1]
    return (kernel / np.sqrt((kernel**2).sum())).astype(np.float32)


def _mixing(sampled: Sequence[Sequence[_Sample]], format: PictureFormat) -> Array:
    """How the planes' grain hangs together: the Cholesky factor of its correlation."""
    colors = len(sampled[0])
    correlation = np.eye(format.plane_count)
    for one in range(colors):
        for other in range(one):
            if format.plane_size(one) == format.plane_size(other):
                correlation[one, other] = correlation[other, one] = np.mean(
                    [_correlation(planes[one], planes[other]) for planes in sampled]
                )
    values, vectors = np.linalg.eigh(correlation)
    sound = vectors @ np.diag(np.maximum(values, 1e-3)) @ vectors.T
    return np.linalg.cholesky(sound)


def _correlation(first: _Sample, second: _Sample) -> float:
    both = first.alike & second.alike
    if both.sum() < FEWEST:
        return 0.0
    a, b = first.grain[both].ravel(), second.grain[both].ravel()
    return float(np.corrcoef(a, b)[0, 1]) if a.std() > 0 and b.std() > 0 else 0.0


def in_turn(count: int) -> list[tuple[int, int, int]]:
    """Which of `count` pictures make triples: each next to the others, sharing one at most."""
    places = list(range(count - 1, -1, -2))
    return [(later - 2, later - 1, later) for later, earlier in pairwise(places) if earlier >= 0]
