"""Pictures of one clip brought to the size and kind of another's."""

from dataclasses import replace

import numpy as np
from av.video.reformatter import Interpolation

from longtake_engine.media.convert import (
    FULL,
    LIMITED,
    SWSCALE_MATRICES,
    gray_as_yuv,
    is_rgb,
    matrix_of,
    range_of,
)
from longtake_engine.media.pixel import pack, unpack
from longtake_engine.picture import Picture, PictureFormat

_BT709 = 1


def fit_within(shape: float, target: PictureFormat, target_shape: float) -> tuple[int, int]:
    """Width and height, in even pixels of `target`, of the largest picture of `shape` within it.

    Shapes are width over height as shown.
    """
    share = shape / target_shape
    width, height = target.width * min(1, share), target.height * min(1, 1 / share)
    return max(2, round(width / 2) * 2), max(2, round(height / 2) * 2)


def conform(
    picture: Picture, target: PictureFormat, inside: tuple[int, int] | None = None
) -> Picture:
    """The picture in the format `target`: the very one where it is that already.

    Size, depth, sampling, range and YCbCr matrix are converted; primaries and transfer are only
    tagged, so both should have the same. Where `inside` (width, height) is smaller than `target`,
    the picture lies in its middle with black around it.
    """
    if inside is not None and inside != (target.width, target.height):
        small = replace(target, width=inside[0], height=inside[1])
        return _framed(conform(picture, small), target)
    if picture.format == target:
        return picture
    if _means_the_same(picture.format, target):
        return Picture(picture.planes, target)
    if picture.format.family == "gray" and target.family != "gray":
        picture = gray_as_yuv(picture)
    frame = pack(picture)
    frame.color_range = range_of(picture.format)
    if picture.format.family == "yuv":
        frame.colorspace = _known(matrix_of(picture.format))
    to_rgb = is_rgb(target.pixel_format)
    made = frame.reformat(
        width=target.width,
        height=target.height,
        format=target.pixel_format,
        dst_colorspace=None if to_rgb else SWSCALE_MATRICES[_known(matrix_of(target))],
        dst_color_range=FULL if to_rgb or range_of(target) == FULL else LIMITED,
        interpolation=(
            Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
        ),
        threads=1,
    )
    return unpack(made, target)


def _framed(picture: Picture, target: PictureFormat) -> Picture:
    """`picture` in the middle of a black one."""
    planes = []
    for number, plane in enumerate(picture.planes):
        height, width = target.plane_size(number)
        made = np.full((height, width), _black(target, number), target.dtype)
        # Whole chroma samples: half of what is over, in luma pixels, cut down to them.
        left, top = (
            (target.width - picture.format.width) // 4 * 2,
            (target.height - picture.format.height) // 4 * 2,
        )
        if target.is_chroma(number):
            left, top = left >> target.chroma_shift_x, top >> target.chroma_shift_y
        part = made[top : top + plane.shape[0], left : left + plane.shape[1]]
        part[:] = plane[: part.shape[0], : part.shape[1]]
        planes.append(made)
    return Picture(tuple(planes), target)


def _black(format: PictureFormat, plane: int) -> int:
    """What plane number `plane` holds of black, opaque."""
    if format.has_alpha and plane == format.plane_count - 1:
        return format.max_value
    if format.is_chroma(plane):
        return 1 << (format.bit_depth - 1)
    limited = format.family != "rgb" and range_of(format) != FULL
    return 16 << (format.bit_depth - 8) if limited else 0


def _means_the_same(one: PictureFormat, other: PictureFormat) -> bool:
    """Whether the same numbers show the same picture in both."""

    def numbers(format: PictureFormat) -> tuple[str, int, int, int, int]:
        matrix = 0 if format.family == "gray" else matrix_of(format)
        return format.pixel_format, format.width, format.height, range_of(format), matrix

    return numbers(one) == numbers(other)


def _known(matrix: int) -> int:
    """`matrix`, or BT.709 for one that swscale does not know."""
    return matrix if matrix in SWSCALE_MATRICES else _BT709
