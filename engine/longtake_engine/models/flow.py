"""Dense motion between pictures, and warping by it.

Fields are H W 2 float32 in pixels of their own size, x before y: `field[y, x]` leads from (x, y)
of the first picture to where it is seen in the second.
"""

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np

Array = np.ndarray

LEAST_SIDE = 48  # pixels that dense inverse search is given at least


def dense_flow(first: Array, second: Array, *, fine: bool = True) -> Array:
    """Motion from `first` to `second`, both H W uint8 of any size.

    Dense inverse search (Kroeger et al. 2016) as OpenCV has it; `fine` is its medium preset, else
    fast.
    """
    height, width = first.shape
    # OpenCV chooses the levels of its pyramid by the width alone, and reads beyond the coarsest
    # ones of low pictures (seen with 5.0: a crash at 480×29).
    below = max(0, max(LEAST_SIDE, width // 12) - height)
    right = max(0, LEAST_SIDE - width)
    if below or right:
        border = (0, below, 0, right, cv2.BORDER_REFLECT)
        first, second = (cv2.copyMakeBorder(image, *border) for image in (first, second))
    preset = cv2.DISOPTICAL_FLOW_PRESET_MEDIUM if fine else cv2.DISOPTICAL_FLOW_PRESET_FAST
    search = cv2.DISOpticalFlow.create(preset)
    # The stubs do not know that None asks for a new field; a field given would be the first guess.
    field = search.calc(first, second, None)  # pyright: ignore
    return np.ascontiguousarray(field[:height, :width])


def pixel_grid(height: int, width: int) -> Array:
    """H W 2 float32: every pixel's own x and y."""
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return np.dstack([x, y])


def squared_length(field: Array) -> Array:
    """H W, of H W 2. (Several times quicker than summing over an axis of two.)"""
    return field[..., 0] * field[..., 0] + field[..., 1] * field[..., 1]


def sample(image: Array, at: Array) -> Array:
    """`image` read between its pixels at `at` (H W 2, absolute x and y), linearly."""
    x, y = np.ascontiguousarray(at[..., 0]), np.ascontiguousarray(at[..., 1])
    return cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def consistency(forward: Array, backward: Array) -> Array:
    """How far `forward` and `backward` undo each other, H W float32 from 1 (exactly) to 0 (not at
    all).

    The tolerance grows with the motion, as in Sundaram et al. 2010.
    """
    grid = pixel_grid(*forward.shape[:2])
    returned = sample(backward, grid + forward)
    off = squared_length(forward + returned)
    size = squared_length(forward) + squared_length(returned)
    return np.exp(-off / (0.02 * size + 0.5)).astype(np.float32)


def fill_unsure(field: Array, weight: Array) -> Array:
    """`field` with what `weight` (H W, 0 to 1) calls unsure taken from its sure surroundings.

    Normalised convolution over a pyramid: each unsure pixel takes the finest level that knows
    something.
    """
    values, weights = [field * weight[..., None]], [weight]
    while min(weights[-1].shape) > 2:
        size = tuple(-(-n // 2) for n in weights[-1].shape[::-1])
        values.append(cv2.resize(values[-1], size, interpolation=cv2.INTER_AREA))
        weights.append(cv2.resize(weights[-1], size, interpolation=cv2.INTER_AREA))
    filled = values[-1] / np.maximum(weights[-1], 1e-6)[..., None]
    for value, known in zip(values[-2::-1], weights[-2::-1], strict=True):
        coarse = cv2.resize(filled, known.shape[::-1], interpolation=cv2.INTER_LINEAR)
        trust = np.minimum(known * 4, 1)[..., None]
        filled = trust * value / np.maximum(known, 1e-6)[..., None] + (1 - trust) * coarse
    return filled


def splat(values: Array, displacement: Array, weight: Array) -> tuple[Array, Array]:
    """`values` (H W C) carried along `displacement` (H W 2), and how much arrived at each pixel.

    Each value goes whole to the pixel nearest to where it lands; what lands on one pixel is
    averaged by `weight` (H W, above 0), so that a much heavier layer covers the others: softmax
    splatting (Niklaus & Liu 2020) of fields rather than of colours. Returns H W C, undefined where
    nothing arrived, and the coverage H W: how many arrived.
    """
    height, width = weight.shape
    # A border of one pixel takes what leaves the picture.
    wide, high = width + 2, height + 2
    columns, rows = (np.arange(n, dtype=np.float32) + np.float32(1.5) for n in (width, height))
    column = np.clip(displacement[..., 0] + columns, 0, width + 1).astype(np.int32)
    row = np.clip(displacement[..., 1] + rows[:, None], 0, height + 1).astype(np.int32)
    index = (row * wide + column).ravel()

    def total(layer: Array | None) -> Array:
        sums = np.bincount(index, None if layer is None else layer.ravel(), wide * high)
        return sums.reshape(high, wide)[1:-1, 1:-1].astype(np.float32)

    heavy = np.maximum(total(weight), np.float32(1e-9))
    carried = [total(weight * values[..., channel]) / heavy for channel in range(values.shape[2])]
    return np.dstack(carried), total(None)


def flow_both_ways(first: Array, second: Array) -> tuple[Array, Array]:
    """`dense_flow` from `first` to `second` and back, side by side: it runs on one core only."""
    with ThreadPoolExecutor(1) as pool:
        backward = pool.submit(dense_flow, second, first)
        return dense_flow(first, second), backward.result()
