"""Pictures from one pixel format to another, ranges and matrices minded."""

import re
from dataclasses import replace

import numpy as np
from av.video.format import VideoFormat
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation

from longtake_engine.media.codec import Encoding
from longtake_engine.media.color import color_numbers
from longtake_engine.media.pixel import pack, put_plane
from longtake_engine.picture import Color, Picture, PictureFormat

LIMITED, FULL = 1, 2  # FFmpeg's numbers of the ranges
_BT709, _SMPTE170M, _BT2020 = 1, 6, 9
# FFmpeg's numbers of the matrices that swscale knows, and swscale's own numbers for them.
SWSCALE_MATRICES = {1: 1, 4: 4, 5: 5, 6: 5, 7: 7, 9: 9}

# Mezzanines name the one BT.601 matrix by its American name only.
_MEZZANINES = ("prores_aw", "prores_ks", "dnxhd")
_SAME_MATRIX = {"bt470bg": "smpte170m"}


def range_of(format: PictureFormat) -> int:
    """FFmpeg's number of the range that a picture is in: as tagged, else the usual one."""
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


def color_written(format: PictureFormat, encoding: Encoding) -> Color:
    """The tags of a file that holds pictures of `format` in that encoding."""
    color = _range_and_matrix(format, encoding.pixel_format, full_range=encoding.full_range)
    if encoding.encoder in _MEZZANINES:
        return replace(color, matrix=_SAME_MATRIX.get(color.matrix, color.matrix))
    return color


def _range_and_matrix(format: PictureFormat, pixel_format: str, *, full_range: bool) -> Color:
    color = format.color
    if is_rgb(pixel_format):
        return replace(color, matrix="rgb")
    if format.family == "rgb":
        matrix = "bt2020nc" if matrix_of(format) == _BT2020 else "bt709"
        return replace(color, range="pc" if full_range else "tv", matrix=matrix)
    if range_of(format) == FULL and not full_range:
        return replace(color, range="tv")
    return color


def is_rgb(pixel_format: str) -> bool:
    """Whether FFmpeg's `pixel_format` holds RGB."""
    return pixel_format.startswith(("gbr", "rgb", "bgr", "argb", "abgr"))


def to_frame(picture: Picture, pixel_format: str, *, full_range: bool) -> VideoFrame:
    """An FFmpeg frame of `pixel_format` in limited or full range, from a picture of any format.

    Same format and range: the numbers stay as they are. `full_range` is about YCbCr; RGB is always
    full.
    """
    if picture.format.family == "gray" and not pixel_format.startswith("gray"):
        picture = gray_as_yuv(picture)
    if picture.format.family == "yuv" and not is_rgb(pixel_format):
        picture = _rescale(picture, _depth_of(pixel_format), full_range)
    format = picture.format
    frame = pack(picture)
    same_range = format.family != "yuv" or (range_of(format) == FULL) == full_range
    if pixel_format == format.pixel_format and same_range:
        return frame
    to_rgb = is_rgb(pixel_format)
    matrix = matrix_of(format) if matrix_of(format) in SWSCALE_MATRICES else _BT709
    frame.color_range = range_of(format)
    if format.family == "yuv":
        frame.colorspace = matrix
    made = frame.reformat(
        format=pixel_format,
        dst_colorspace=None if to_rgb else SWSCALE_MATRICES[matrix],
        dst_color_range=FULL if full_range or to_rgb else LIMITED,
        interpolation=Interpolation.BICUBIC | Interpolation.ACCURATE_RND,
        threads=1,
    )
    if format.has_alpha and _depth_of(pixel_format) != format.bit_depth:
        _put_alpha(made, picture)
    return made


def _rescale(picture: Picture, bit_depth: int, full_range: bool) -> Picture:
    """The same YCbCr picture in another depth and range, each number rounded once.

    By hand, because swscale widens full-range numbers by zeros: white would come out too dark.
    Left as it is where FFmpeg has no such format.
    """
    format = picture.format
    was_full = range_of(format) == FULL
    name = re.sub(r"p(\d+le)?$", "p" if bit_depth == 8 else f"p{bit_depth}le", format.pixel_format)
    if (bit_depth, full_range) == (format.bit_depth, was_full) or not _exists(name):
        return picture
    color = replace(format.color, range="pc" if full_range else "tv")
    made = replace(format, pixel_format=name, bit_depth=bit_depth, color=color)
    planes = []
    for number, plane in enumerate(picture.planes):
        alpha = format.has_alpha and number == 3
        if alpha or was_full or full_range or bit_depth < format.bit_depth:
            table = _table(format, made, alpha, format.is_chroma(number))
            planes.append(table[plane])
        else:
            planes.append(np.left_shift(plane, bit_depth - format.bit_depth, dtype=made.dtype))
    return Picture(tuple(planes), made)


def _table(old: PictureFormat, new: PictureFormat, alpha: bool, chroma: bool) -> np.ndarray:
    """What each number of an old plane becomes in a new one."""
    old_zero, old_span = _scale(old, alpha, chroma)
    new_zero, new_span = _scale(new, alpha, chroma)
    numbers = np.arange(old.max_value + 1, dtype=np.float64)
    scaled = np.rint((numbers - old_zero) / old_span * new_span + new_zero)
    return np.clip(scaled, 0, new.max_value).astype(new.dtype)


def _scale(format: PictureFormat, alpha: bool, chroma: bool) -> tuple[float, float]:
    """The number of no light (or no colour) and how many numbers there are from there to all."""
    unit = 1 << (format.bit_depth - 8)
    middle = 128.0 * unit if chroma else 0.0
    if alpha or range_of(format) == FULL:
        return middle, float(format.max_value)
    return (middle, 224.0 * unit) if chroma else (16.0 * unit, 219.0 * unit)


def _put_alpha(frame: VideoFrame, picture: Picture) -> None:
    """Replace the alpha of a frame that swscale widened by zeros, so that opaque stays opaque."""
    depth = _depth_of(frame.format.name)
    wide = replace(picture.format, bit_depth=depth)
    table = _table(picture.format, wide, True, False)
    put_plane(frame, 3, table[picture.planes[-1]])


def _depth_of(pixel_format: str) -> int:
    return max(c.bits for c in VideoFormat(pixel_format, 32, 32).components)


def _exists(pixel_format: str) -> bool:
    try:
        VideoFormat(pixel_format, 32, 32)
    except ValueError:
        return False
    return True


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
