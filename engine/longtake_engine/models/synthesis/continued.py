"""A hole filled smoothly, with the edges that run into it going on through it.

Edge-enhancing diffusion (Weickert 1994; as inpainting: Schmaltz, Peter, Mainberger, Ebel, Weickert
and Bruhn 2014): brightness spreads along edges and hardly across them. From coarse to fine, as far
as anything can still be told of the middle of the hole; what is finer lies at its border alone.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.synthesis.blend import membrane
from longtake_engine.models.synthesis.patch import Array

DEEP = 14.0  # pixels: how deep a hole is at most on the finest grid
SHALLOW = 2.0  # pixels: so deep it is on the coarsest one
LEAST_SIDE = 12  # pixels of a grid
PART_KNOWN = 0.3  # of a coarse pixel: its value is that
STEPS = 120  # on each grid
STEERED = 30  # of them by the same edges; then these are measured anew
STEP = 0.22  # of explicit steps: stable up to a quarter
NOISE = 0.6  # pixels by which a picture is smoothed before its edges are measured
LENGTH = 1.5  # pixels over which their direction is averaged
EDGE = 1.0  # 8-bit levels a pixel: what is steeper lets little through
# A pixel's neighbours, (down, across): east, west, south, north, then the corners.
BESIDE = ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1))


@dataclass(frozen=True, slots=True)
class _Grid:
    """One size of the picture."""

    values: Array  # h w float32
    share: Array  # h w float32: of each pixel, what is known


def continued(plane: Array, hidden: Array, levels: float = 1.0) -> Array:
    """`plane` with what is hidden filled from around it, h w float32.

    Args:
        plane: h w float32; meaningless where hidden.
        hidden: h w bool.
        levels: Of the plane, that one 8-bit level is.
    """
    if hidden.all() or not hidden.any():
        return membrane(plane, ~hidden)
    known = ~hidden
    grids = [_Grid(np.where(hidden, 0, plane).astype(np.float32), known.astype(np.float32))]
    depth = float(cv2.distanceTransform(np.pad(hidden, 1).astype(np.uint8), cv2.DIST_L2, 3).max())
    while depth > SHALLOW and min(known.shape) >= LEAST_SIDE << len(grids):
        grids.append(_halved(grids[-1]))
        depth /= 2
    finest = next((n for n in range(len(grids)) if depth * 2 ** (len(grids) - 1 - n) <= DEEP), 0)
    made = membrane(grids[-1].values, grids[-1].share > 0)
    for grid in grids[finest:][::-1]:
        told = grid.share > PART_KNOWN if grid is not grids[0] else known
        made = cv2.resize(made, told.shape[::-1], interpolation=cv2.INTER_LINEAR)
        made = _diffused(np.where(told, grid.values, made).astype(np.float32), ~told, levels)
    made = cv2.resize(made, known.shape[::-1], interpolation=cv2.INTER_LINEAR)
    off = np.where(known, plane - made, np.float32(0)).astype(np.float32)
    return np.where(known, plane, made + membrane(off, known)).astype(np.float32)


def _halved(grid: _Grid) -> _Grid:
    size = tuple(-(-n // 2) for n in grid.share.shape[::-1])
    share = cv2.resize(grid.share, size, interpolation=cv2.INTER_AREA)
    total = cv2.resize(grid.values * grid.share, size, interpolation=cv2.INTER_AREA)
    return _Grid(total / np.maximum(share, np.float32(1e-6)), share)


def _diffused(values: Array, hole: Array, levels: float) -> Array:
    """`values` (h w float32) after some steps of diffusion in the `hole` (h w bool)."""
    height, width = values.shape
    row, column = np.nonzero(hole)
    if not len(row):
        return values
    beside = [
        np.clip(row + down, 0, height - 1) * width + np.clip(column + across, 0, width - 1)
        for down, across in BESIDE
    ]
    own = row * width + column
    around = np.stack(beside)
    flat = values.ravel().copy()
    for _ in range(STEPS // STEERED):
        weights = _weights(flat.reshape(height, width) / np.float32(levels), own, around)
        total = weights.sum(0)
        for _ in range(STEERED):
            here = flat[own]
            flat[own] = here + np.float32(STEP) * ((weights * flat[around]).sum(0) - total * here)
    return flat.reshape(height, width)


def _weights(values: Array, own: Array, around: Array) -> Array:
    """8 N float32: how much the neighbours `around` (8 N) of each pixel `own` (N) give to it; by
    Weickert's standard discretisation of the divergence."""
    across, mixed, down = (part.ravel() for part in _tensors(values))
    east, west, south, north = around[:4]
    half, quarter = np.float32(0.5), np.float32(0.25)
    a, c = across[own], down[own]
    b_east, b_west, b_south, b_north = (mixed[place] * quarter for place in around[:4])
    return np.stack(
        [
            (across[east] + a) * half,
            (across[west] + a) * half,
            (down[south] + c) * half,
            (down[north] + c) * half,
            b_east + b_south,
            -b_east - b_north,
            -b_west - b_south,
            b_west + b_north,
        ]
    )


def _tensors(values: Array) -> tuple[Array, Array, Array]:
    """The diffusion tensor of each pixel (xx, xy, yy; h w float32 each): 1 along edges, and across
    them the less the steeper they are."""
    smooth = cv2.GaussianBlur(values, (0, 0), NOISE)
    slopes = [
        cv2.Sobel(smooth, cv2.CV_32F, *order, scale=1 / 8, borderType=cv2.BORDER_REPLICATE)
        for order in ((1, 0), (0, 1))
    ]
    xx, xy, yy = (
        cv2.GaussianBlur(product, (0, 0), LENGTH)
        for product in (slopes[0] ** 2, slopes[0] * slopes[1], slopes[1] ** 2)
    )
    apart = np.sqrt((xx - yy) ** 2 + 4 * xy * xy)
    through = 1 / np.sqrt(1 + apart / np.float32(EDGE**2))
    angle = np.float32(0.5) * np.arctan2(2 * xy, xx - yy)
    cosine, sine = np.cos(angle), np.sin(angle)
    return (
        through * cosine**2 + sine**2,
        (through - 1) * cosine * sine,
        through * sine**2 + cosine**2,
    )
