"""Which samples of a plane a hole takes, and which pixel of the luma leads each."""

from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.synthesis.patch import Array
from longtake_engine.picture import PictureFormat


@dataclass(frozen=True, slots=True)
class Samples:
    """Some samples of one plane."""

    row: Array  # N
    column: Array  # N
    leader: Array  # N 2: x and y of the luma pixel whose way each sample goes
    scale: tuple[int, int]  # luma pixels across and down that a sample stands for

    def moved(self, way: Array) -> tuple[Array, Array]:
        """Where the samples are found, x and y in the plane's own, each `way` (N 2, luma pixels)
        off."""
        return self.column + way[:, 0] / self.scale[0], self.row + way[:, 1] / self.scale[1]


def samples_in(mask: Array, format: PictureFormat, number: int) -> Samples:
    """The samples of plane `number` that stand for any pixel of `mask` (H W bool, luma size)."""
    if not format.is_chroma(number):
        row, column = np.nonzero(mask)
        return Samples(row, column, np.stack([column, row], 1), (1, 1))
    height, width = format.plane_size(number)
    wide, high = 1 << format.chroma_shift_x, 1 << format.chroma_shift_y
    padded = np.zeros((height * high, width * wide), bool)
    padded[: mask.shape[0], : mask.shape[1]] = mask
    blocks = padded.reshape(height, high, width, wide).transpose(0, 2, 1, 3)
    blocks = blocks.reshape(height, width, high * wide)
    row, column = np.nonzero(blocks.any(axis=2))
    down, across = np.divmod(blocks[row, column].argmax(1), wide)
    leader = np.stack([column * wide + across, row * high + down], 1)
    return Samples(row, column, leader, (wide, high))


def mask_of(mask: Array, format: PictureFormat, number: int) -> Array:
    """`mask` at the size of plane `number`: True where a sample stands for any pixel of it."""
    found = samples_in(mask, format, number)
    small = np.zeros(format.plane_size(number), bool)
    small[found.row, found.column] = True
    return small


def read(plane: Array, x: Array, y: Array, max_value: int) -> Array:
    """`plane` at `x` and `y` (N each), between its samples by a cubic kernel; N of its own kind."""
    # cv2.remap takes no more than 32767 places a row.
    count = len(x)
    side = max(1, int(np.ceil(np.sqrt(count))))
    at = np.zeros((2, side * side), np.float32)
    at[0, :count], at[1, :count] = x, y
    maps = at.reshape(2, side, side)
    values = cv2.remap(plane, maps[0], maps[1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.minimum(values.ravel()[:count], plane.dtype.type(max_value))
