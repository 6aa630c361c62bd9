"""Grain made anew: every made picture gets its own, as strong and as coarse as the clip's."""

from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.picture import Picture
from longtake_engine.splice.grain import Array, Grain

SIDE = 16  # pixels of a block that grain is looked for in
FLAT = 0.33  # share of the blocks, the flattest ones
ENOUGH = 0.93  # of the clip's grain: what is missing is not missed
ROOM = (89, 97)  # rows and columns by which a sheet of grain may be moved: primes
STRIDE = (53, 37)  # from picture to picture: far enough that grain is not seen to travel


@dataclass(frozen=True, slots=True)
class Stock:
    """Sheets of grain, one for each plane, larger than the picture; each picture shows another
    part of them. (Making new ones for each would take several times as long.)"""

    grain: Grain
    sheets: tuple[Array, ...]  # H W float32, of standard deviation 1
    calm: tuple[Array | None, ...]  # H W float32: share of the grain that each place has
    start: tuple[int, int]

    @classmethod
    def make(cls, grain: Grain, seed: int, quiet: Array | None = None) -> "Stock":
        """The same ones for the same seed.

        Args:
            grain: What it shall be like.
            seed: 0 or more.
            quiet: H W uint8, 255 where the clip has no grain: titles, bars. None for nowhere.
        """
        random = np.random.default_rng([seed & 0xFFFFFFFF, 0x6A1])
        format = grain.format
        sheets: list[Array] = []
        for number, kernel in enumerate(grain.kernels):
            height, width = format.plane_size(number)
            size = (height + ROOM[0], width + ROOM[1])
            white = random.standard_normal(size, np.float32)
            sheet = cv2.filter2D(white, cv2.CV_32F, kernel, borderType=cv2.BORDER_REFLECT)
            sheets.append(sheet / max(float(sheet.std()), 1e-6))
        mixed = []
        for number, sheet in enumerate(sheets):
            total = np.zeros_like(sheet)
            for other, share in enumerate(grain.mixing[number, : number + 1]):
                if share and sheets[other].shape == sheet.shape:
                    total += np.float32(share) * sheets[other]
            mixed.append(total)
        calm = tuple(_calm(quiet, format.plane_size(n)) for n in range(len(sheets)))
        start = random.integers(0, ROOM)
        return cls(grain, tuple(mixed), calm, (int(start[0]), int(start[1])))

    def on(self, picture: Picture, number: int, strength: float = 1.0) -> Picture:
        """`picture`, which has no grain, with that of picture `number`, times `strength`."""
        format = picture.format
        top, left = ((s + number * t) % r for s, t, r in zip(self.start, STRIDE, ROOM, strict=True))
        planes = []
        for place, plane in enumerate(picture.planes):
            if not self.grain.sigmas[place].any():
                planes.append(plane)
                continue
            height, width = plane.shape
            amount = self.grain.sigma(picture, place)
            calm = self.calm[place]
            if calm is not None:
                amount = cv2.multiply(amount, calm)
            sheet = self.sheets[place][top : top + height, left : left + width]
            noise = cv2.multiply(amount, sheet, scale=strength)
            kind = cv2.CV_8U if format.bit_depth <= 8 else cv2.CV_16U
            grained = cv2.add(plane, noise, dtype=kind)
            planes.append(np.minimum(grained, plane.dtype.type(format.max_value)))
        return Picture(tuple(planes), format)


def graininess(picture: Picture) -> float:
    """How strong the grain in the flat parts of `picture` is, to compare with other pictures of the
    clip; in the luma's own numbers."""
    luma = picture.luma.astype(np.float32)
    height, width = (n // SIDE * SIDE for n in luma.shape)
    if not height or not width:
        return 0.0
    cells = cv2.resize(
        luma[:height, :width], (width // 4, height // 4), interpolation=cv2.INTER_AREA
    )
    rest = cv2.subtract(luma, cv2.blur(luma, (5, 5)))[:height, :width]
    blocks = (width // SIDE, height // SIDE)
    energy = cv2.resize(rest * rest, blocks, interpolation=cv2.INTER_AREA).ravel()
    mean = cv2.resize(cells, blocks, interpolation=cv2.INTER_AREA)
    square = cv2.resize(cells * cells, blocks, interpolation=cv2.INTER_AREA)
    flattest = np.argsort((square - mean * mean).ravel())[: max(1, round(FLAT * energy.size))]
    return float(np.sqrt(np.median(energy[flattest])))


def missing(picture: Picture, usual: float) -> float:
    """The share of the clip's grain that makes up for what `picture` lacks of its `usual`
    graininess; 0 where that is little."""
    share = graininess(picture) / max(usual, 1e-6)
    return 0.0 if share > ENOUGH else float(np.sqrt(1 - share * share))


def _calm(quiet: Array | None, size: tuple[int, int]) -> Array | None:
    if quiet is None or not quiet.any():
        return None
    small = cv2.resize(quiet, size[::-1], interpolation=cv2.INTER_AREA)
    return (1 - small.astype(np.float32) / 255).astype(np.float32)
