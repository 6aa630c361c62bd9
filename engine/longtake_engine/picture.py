"""One frame of video as its own planes, and what its numbers mean."""

from dataclasses import dataclass
from typing import Literal

import numpy as np


@dataclass(frozen=True, slots=True)
class Color:
    """How a picture's numbers mean colours, by FFmpeg's names; empty where the file does not
    say."""

    range: str = ""  # "tv" or "pc"
    matrix: str = ""  # "bt709", "smpte170m", "bt2020nc", "rgb", ...
    primaries: str = ""
    transfer: str = ""


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """What the planes of a picture hold.

    Only planar layouts: packed and semi-planar sources are unpacked without loss on reading.
    """

    # FFmpeg's name of the planar format: "yuv422p10le", "gbrp", "gray", "yuva444p12le", ...
    pixel_format: str
    width: int
    height: int
    family: Literal["yuv", "rgb", "gray"]  # rgb planes lie in the order G, B, R, as FFmpeg has them
    bit_depth: int  # 8 to 16
    chroma_shift_x: int  # log2 of the chroma subsampling across: 1 for 4:2:0 and 4:2:2
    chroma_shift_y: int  # log2 of the chroma subsampling down: 1 for 4:2:0
    has_alpha: bool
    color: Color = Color()

    @property
    def plane_count(self) -> int:
        """1 to 4."""
        return (1 if self.family == "gray" else 3) + self.has_alpha

    @property
    def dtype(self) -> np.dtype:
        """uint8 up to 8 bits, else uint16."""
        return np.dtype(np.uint8 if self.bit_depth <= 8 else np.uint16)

    @property
    def max_value(self) -> int:
        """The largest number a plane may hold."""
        return (1 << self.bit_depth) - 1

    def is_chroma(self, plane: int) -> bool:
        """Whether plane number `plane` is U or V."""
        return self.family == "yuv" and plane in (1, 2)

    def plane_size(self, plane: int) -> tuple[int, int]:
        """(height, width) of plane number `plane`."""
        if not self.is_chroma(plane):
            return self.height, self.width
        return -(-self.height >> self.chroma_shift_y), -(-self.width >> self.chroma_shift_x)

    @property
    def size_bytes(self) -> int:
        """Bytes of one picture."""
        sizes = (self.plane_size(p) for p in range(self.plane_count))
        return sum(h * w for h, w in sizes) * self.dtype.itemsize


@dataclass(frozen=True, slots=True)
class Picture:
    """One frame: planes H W, C-contiguous, of `format.dtype`, in FFmpeg's order of components."""

    planes: tuple[np.ndarray, ...]
    format: PictureFormat

    @property
    def luma(self) -> np.ndarray:
        """The plane that motion is measured on, H W: Y, grey, or G of an RGB picture."""
        return self.planes[0]
