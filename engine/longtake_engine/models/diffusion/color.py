"""Pictures in their own planes as the R'G'B' that models see, and back, without rounding between.

Numbers mean what the file says or, where it says nothing, what players assume. PQ and HLG pictures
are taken as they are coded: models know no other brightness than a screen's.
"""

import cv2
import numpy as np

from longtake_engine.picture import Color, Picture, PictureFormat

Array = np.ndarray

# Weights of red and blue in luma (ITU-R BT.709-6, BT.601-7, BT.2020-2, SMPTE 240M, FCC 73.682).
_WEIGHTS = {
    "bt709": (0.2126, 0.0722),
    "smpte170m": (0.299, 0.114),
    "bt470bg": (0.299, 0.114),
    "bt2020nc": (0.2627, 0.0593),
    "smpte240m": (0.212, 0.087),
    "fcc": (0.30, 0.11),
}


def to_rgb(picture: Picture) -> Array:
    """H W 3 float32, R'G'B' 0 to 1; alpha is left out."""
    format = picture.format
    levels = [_unscaled(plane, format, n) for n, plane in enumerate(picture.planes)]
    if format.family == "gray":
        return np.clip(np.repeat(levels[0][..., None], 3, axis=2), 0, 1)
    if format.family == "rgb":
        green, blue, red = levels[:3]
        return np.dstack((red, green, blue))
    luma = levels[0]
    cb, cr = (_upsampled(plane, format) for plane in levels[1:3])
    weight_r, weight_b = _weights(format)
    red = luma + 2 * (1 - weight_r) * cr
    blue = luma + 2 * (1 - weight_b) * cb
    green = (luma - weight_r * red - weight_b * blue) / (1 - weight_r - weight_b)
    return np.clip(np.dstack((red, green, blue)), 0, 1)


def from_rgb(rgb: Array, format: PictureFormat, alpha: Array | None = None) -> Picture:
    """The picture of `format` that shows `rgb`, H W 3 float32, 0 to 1.

    `alpha` is its plane of alpha; opaque where None.
    """
    red, green, blue = cv2.split(np.ascontiguousarray(rgb, np.float32))
    weight_r, weight_b = _weights(format)
    luma = weight_r * red + (1 - weight_r - weight_b) * green + weight_b * blue
    if format.family == "gray":
        levels = [luma]
    elif format.family == "rgb":
        levels = [green, blue, red]
    else:
        cb = (blue - luma) / (2 * (1 - weight_b))
        cr = (red - luma) / (2 * (1 - weight_r))
        levels = [luma, _downsampled(cb, format), _downsampled(cr, format)]
    planes = [_scaled(level, format, n) for n, level in enumerate(levels)]
    if format.has_alpha:
        opaque = np.full(format.plane_size(0), format.max_value, format.dtype)
        planes.append(opaque if alpha is None else alpha)
    return Picture(tuple(planes), format)


def _weights(format: PictureFormat) -> tuple[float, float]:
    return _WEIGHTS.get(_matrix(format.color, format), _WEIGHTS["bt709"])


def _matrix(color: Color, format: PictureFormat) -> str:
    """As tagged, else what players assume; by the same rule as pictures are written by."""
    if color.matrix and color.matrix != "rgb":
        return color.matrix
    if color.primaries == "bt2020":
        return "bt2020nc"
    large = format.height >= 720 or format.width >= 1280
    return "bt709" if format.family != "yuv" or large else "smpte170m"


def _scale(format: PictureFormat, plane: int) -> tuple[float, float]:
    """What a level of 0 is in a plane's numbers, and how many of them a level of 1 is more."""
    depth = format.bit_depth
    limited = format.family != "rgb" and format.color.range != "pc"
    if format.family == "gray" and format.color.range != "tv":
        limited = False
    step = 1 << (depth - 8)
    if format.is_chroma(plane):
        return 128.0 * step, 224.0 * step if limited else float(format.max_value)
    return (16.0 * step, 219.0 * step) if limited else (0.0, float(format.max_value))


def _unscaled(plane: Array, format: PictureFormat, number: int) -> Array:
    zero, one = _scale(format, number)
    return (plane.astype(np.float32) - np.float32(zero)) / np.float32(one)


def _scaled(level: Array, format: PictureFormat, number: int) -> Array:
    zero, one = _scale(format, number)
    numbers = np.rint(level * np.float32(one) + np.float32(zero))
    return np.ascontiguousarray(np.clip(numbers, 0, format.max_value).astype(format.dtype))


def _upsampled(plane: Array, format: PictureFormat) -> Array:
    """A plane of chroma at the size of the luma. Samples lie at the left of their pixels, in the
    middle of their lines, as MPEG-2 and H.264 have them."""
    across, down = 1 << format.chroma_shift_x, 1 << format.chroma_shift_y
    if across == down == 1:
        return plane
    place = np.array([[1 / across, 0, 0], [0, 1 / down, (1 / down - 1) / 2]], np.float64)
    size = (format.width, format.height)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(plane, place, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)


def _downsampled(plane: Array, format: PictureFormat) -> Array:
    """A full plane of chroma at its own size, each sample the mean of what it stands for."""
    across, down = 1 << format.chroma_shift_x, 1 << format.chroma_shift_y
    if across > 1:
        rising = np.arange(1, across + 1, dtype=np.float32)
        kernel = np.concatenate((rising, rising[-2::-1])) / across**2
        plane = cv2.sepFilter2D(
            plane, -1, kernel, np.ones(1, np.float32), borderType=cv2.BORDER_REPLICATE
        )
        plane = plane[:, ::across]
    if down > 1:
        height, width = plane.shape
        below = -height % down
        plane = cv2.copyMakeBorder(plane, 0, below, 0, 0, cv2.BORDER_REPLICATE)
        plane = plane.reshape(-1, down, width).mean(axis=1)
    return np.ascontiguousarray(plane)
