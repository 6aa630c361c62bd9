"""Dense motion between pictures, and warping by it.

Fields are H W 2 float32 in pixels of their own size, x before y: `field[y, x]` leads from (x, y)
of the first picture to where it is seen in the second.
"""

import cv2
import numpy as np

Array = np.ndarray


def dense_flow(first: Array, second: Array, *, fine: bool = True) -> Array:
    """Motion from `first` to `second`, both H W uint8 of 16 pixels or more a side.

    Dense inverse search (Kroeger et al. 2016) as OpenCV has it; `fine` is its medium preset, else
    fast.
    """
    preset = cv2.DISOPTICAL_FLOW_PRESET_MEDIUM if fine else cv2.DISOPTICAL_FLOW_PRESET_FAST
    search = cv2.DISOpticalFlow.create(preset)
    # The stubs do not know that None asks for a new field; a field given would be the first guess.
    return search.calc(first, second, None)  # pyright: ignore


def pixel_grid(height: int, width: int) -> Array:
    """H W 2 float32: every pixel's own x and y."""
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return np.dstack([x, y])


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
    off = ((forward + returned) ** 2).sum(-1)
    size = (forward**2).sum(-1) + (returned**2).sum(-1)
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

    What lands on one pixel is averaged by `weight` (H W, above 0), so that a much heavier layer
    covers the others:
    softmax splatting (Niklaus & Liu 2020) of fields rather than of colours. Returns H W C,
    undefined where nothing arrived, and the coverage H W: 1 where a whole pixel arrived, 0 where
    none did.
    """
    height, width = weight.shape
    at = pixel_grid(height, width) + displacement
    corner = np.floor(at).astype(np.int32)
    fraction = at - corner
    totals = [np.zeros(height * width) for _ in range(values.shape[2] + 2)]
    for dy in (0, 1):
        for dx in (0, 1):
            x, y = corner[..., 0] + dx, corner[..., 1] + dy
            share = np.abs(1 - dx - fraction[..., 0]) * np.abs(1 - dy - fraction[..., 1])
            inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
            index = (y * width + x)[inside]
            share = share[inside]
            heavy = share * weight[inside]
            for channel in range(values.shape[2]):
                totals[channel] += np.bincount(
                    index, heavy * values[..., channel][inside], height * width
                )
            totals[-2] += np.bincount(index, heavy, height * width)
            totals[-1] += np.bincount(index, share, height * width)
    weight_sum = np.maximum(totals[-2], 1e-9)
    carried = np.stack([t / weight_sum for t in totals[:-2]], -1).reshape(height, width, -1)
    return carried.astype(np.float32), totals[-1].reshape(height, width).astype(np.float32)
