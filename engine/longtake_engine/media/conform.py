"""Pictures of one clip brought to the size and kind of another's."""

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


def conform(picture: Picture, target: PictureFormat) -> Picture:
    """The picture in the format `target`: the very one where it is that already.

    Size, depth, sampling, range and YCbCr matrix are converted; primaries and transfer are only
    tagged, so both should have the same.
    """
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


def _means_the_same(one: PictureFormat, other: PictureFormat) -> bool:
    """Whether the same numbers show the same picture in both."""

    def numbers(format: PictureFormat) -> tuple[str, int, int, int, int]:
        matrix = 0 if format.family == "gray" else matrix_of(format)
        return format.pixel_format, format.width, format.height, range_of(format), matrix

    return numbers(one) == numbers(other)


def _known(matrix: int) -> int:
    """`matrix`, or BT.709 for one that swscale does not know."""
    return matrix if matrix in SWSCALE_MATRICES else _BT709
