"""The last picture with its surroundings: what earlier pictures saw beyond its borders and behind
its objects."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.camera import Similarity
from longtake_engine.models.flow import Array
from longtake_engine.picture import Picture, PictureFormat


@dataclass(frozen=True, slots=True)
class Plate:
    """A picture wider and higher by a margin on every side."""

    planes: tuple[
        Array, ...
    ]  # each larger than its plane of `format` by the margin, at its own subsampling
    seen: Array  # of the size of the first plane, uint8: 255 where some picture saw it
    format: PictureFormat
    margin_x: int  # luma pixels, a multiple of 16
    margin_y: int

    def render(self, source: Array, scale: float, *, sharp: bool = True) -> Picture:
        """The picture whose every pixel comes from where `source` says.

        Args:
            source: H W 2, absolute x and y in the picture without margins, on a grid `scale` times
                the full size and in its pixels.
            scale: Size of the grid over the size of the picture, up to 1.
            sharp: Sample by a cubic kernel rather than linearly.
        """
        kernel = cv2.INTER_CUBIC if sharp else cv2.INTER_LINEAR
        planes = []
        maps: dict[tuple[int, int], tuple[Array, Array]] = {}
        for number, plane in enumerate(self.planes):
            height, width = self.format.plane_size(number)
            if (height, width) not in maps:
                maps[height, width] = self._maps(source, scale, height, width, number)
            x, y = maps[height, width]
            mapped = cv2.remap(plane, x, y, kernel, borderMode=cv2.BORDER_REFLECT_101)
            planes.append(_clip(mapped, self.format))
        return Picture(tuple(planes), self.format)

    def _maps(
        self, source: Array, scale: float, height: int, width: int, number: int
    ) -> tuple[Array, Array]:
        """Absolute sampling positions in plane `number`, fixed-point, as cv2.remap wants them."""
        # Positions are resized as displacements from the grid: those are smooth up to the border.
        margins, maps = (self.margin_x, self.margin_y), []
        for axis, (shift, size) in enumerate(
            zip(self.shifts(number), (width, height), strict=True)
        ):
            places, count = source[..., axis], source.shape[1 - axis]
            own = np.arange(count, dtype=np.float32)
            offset = (places - (own if axis == 0 else own[:, None])) * np.float32(size / count)
            full = cv2.resize(offset, (width, height), interpolation=cv2.INTER_LINEAR)
            here = np.arange(size, dtype=np.float32) + np.float32(margins[axis] >> shift)
            full += here if axis == 0 else here[:, None]
            maps.append(full)
        return maps[0], maps[1]

    def shifts(self, number: int) -> tuple[int, int]:
        """log2 of the subsampling of plane `number`, across and down."""
        if self.format.is_chroma(number):
            return self.format.chroma_shift_x, self.format.chroma_shift_y
        return 0, 0


def _clip(plane: Array, format: PictureFormat) -> Array:
    """A cubic kernel overshoots; the format's bits are fewer than the type's for 10 and 12 bit."""
    if format.bit_depth in (8, 16):
        return plane
    return np.minimum(plane, format.max_value)


def build_plate(
    pictures: Sequence[Picture], to_last: Sequence[Similarity], margin_x: int, margin_y: int
) -> Plate:
    """The last of `pictures` in the middle, earlier ones around it where it saw nothing, the
    latest on top.

    `to_last[i]` leads from picture i to the last one, in full-size pixels. What none saw mirrors
    the border.
    """
    last = pictures[-1]
    format = last.format
    margin_x, margin_y = -(-margin_x // 16) * 16, -(-margin_y // 16) * 16
    planes, seen = _bordered(last, margin_x, margin_y)
    plate = Plate(tuple(planes), seen, format, margin_x, margin_y)
    if not margin_x and not margin_y:
        return plate
    for picture, move in list(zip(pictures, to_last, strict=True))[-2::-1]:
        if seen.all():
            break
        _add_surroundings(plate, picture, move, last)
    return plate


def _bordered(picture: Picture, margin_x: int, margin_y: int) -> tuple[list[Array], Array]:
    format = picture.format
    planes = []
    for number, plane in enumerate(picture.planes):
        chroma = format.is_chroma(number)
        mx = margin_x >> (format.chroma_shift_x if chroma else 0)
        my = margin_y >> (format.chroma_shift_y if chroma else 0)
        planes.append(cv2.copyMakeBorder(plane, my, my, mx, mx, cv2.BORDER_REFLECT_101))
    seen = np.zeros(planes[0].shape, np.uint8)
    height, width = picture.planes[0].shape
    seen[margin_y : margin_y + height, margin_x : margin_x + width] = 255
    return planes, seen


def _add_surroundings(plate: Plate, picture: Picture, move: Similarity, last: Picture) -> None:
    """Write into the plate's unseen part what `picture` saw of it, as bright as the last
    picture."""
    format = plate.format
    inside = _place(np.full(picture.luma.shape, 255, np.uint8), plate, move, 0, cv2.INTER_NEAREST)
    new = cv2.bitwise_and(cv2.erode(inside, np.ones((5, 5), np.uint8)), cv2.bitwise_not(plate.seen))
    if not new.any():
        return
    for number, plane in enumerate(picture.planes):
        target = plate.planes[number]
        mask = cv2.resize(new, target.shape[::-1], interpolation=cv2.INTER_NEAREST)
        placed = _place(plane, plate, move, number, cv2.INTER_CUBIC)
        drift = _drift(plate, last.planes[number], placed, inside, number)
        # Exposure drifts slowly; a large step is content that came or went.
        drift = drift if abs(drift) < format.max_value * 0.03 else 0.0
        value = np.clip(placed[mask > 0].astype(np.float32) + drift, 0, format.max_value)
        target[mask > 0] = value.astype(target.dtype)
    plate.seen[new > 0] = 255


def _drift(plate: Plate, last: Array, placed: Array, inside: Array, number: int) -> float:
    """How much brighter the last picture is than an earlier one where both see the same."""
    height, width = last.shape
    shift_x, shift_y = plate.shifts(number)
    top, left = plate.margin_y >> shift_y, plate.margin_x >> shift_x
    both = cv2.resize(inside, placed.shape[::-1], interpolation=cv2.INTER_NEAREST)
    window = slice(top, top + height), slice(left, left + width)
    mask = both[window]
    return cv2.mean(last, mask)[0] - cv2.mean(placed[window], mask)[0]


def _place(plane: Array, plate: Plate, move: Similarity, number: int, kernel: int) -> Array:
    """A plane of an earlier picture where it lies in the plate, 0 elsewhere."""
    format = plate.format
    height, width = plane.shape
    sx, sy = width / format.width, height / format.height
    matrix = move.matrix(format.height, format.width)
    matrix[:, 2] += (plate.margin_x, plate.margin_y)
    matrix = np.diag([sx, sy]) @ matrix @ np.diag([1 / sx, 1 / sy, 1])
    size = plate.planes[number].shape[::-1]
    return cv2.warpAffine(plane, matrix, size, flags=kernel, borderMode=cv2.BORDER_CONSTANT)
