"""Pictures from one pixel format to another where no number may be lost by mistake."""

from dataclasses import replace

import numpy as np

from longtake_engine.media.color import color_numbers
from longtake_engine.picture import Picture, PictureFormat

LIMITED, FULL = 1, 2  # FFmpeg's numbers of the ranges
_BT709, _SMPTE170M, _BT2020 = 1, 6, 9


def range_of(format: PictureFormat) -> int:
    """FFmpeg's number of the range that the picture's numbers are in: as tagged, else the usual one."""
    stated = color_numbers(format.color)[0]
    if format.family == "yuv":
        return stated or LIMITED
    return stated or FULL if format.family == "gray" else FULL


def matrix_of(format: PictureFormat) -> int:
    """FFmpeg's number of the YCbCr matrix: as tagged, else what players assume."""
    color = format.color
    if color.matrix and color.matrix != "rgb":
        return color_numbers(color)[1]
    if color.primaries == "bt2020":
        return _BT2020
    if format.family == "rgb":
        return _BT709
    return _BT709 if format.height >= 720 or format.width >= 1280 else _SMPTE170M


def gray_as_yuv(picture: Picture) -> Picture:
    """A grey picture as 4:2:0 with neutral colour, the grey numbers as they were.

    By hand, because swscale takes every grey picture for full range whatever its tag.
    """
    format = picture.format
    depth = "" if format.bit_depth == 8 else f"{format.bit_depth}le"
    stated = "pc" if range_of(format) == FULL else "tv"
    yuv = replace(
        format,
        pixel_format=f"yuv420p{depth}",
        family="yuv",
        chroma_shift_x=1,
        chroma_shift_y=1,
        color=replace(format.color, range=stated),
    )
    neutral = np.full(yuv.plane_size(1), 1 << (format.bit_depth - 1), format.dtype)
    return Picture((picture.planes[0], neutral, neutral), yuv)
