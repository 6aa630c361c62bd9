"""Pictures that carry their number, so that a test can tell which frame it got."""

import numpy as np

from longtake_engine.picture import Picture, PictureFormat

_BITS = 12  # numbers up to 4095
_BLOCKS = _BITS + 2  # one bright before and one dark after tell a barcode from a picture
_DARK, _BRIGHT = 0.2, 0.8  # of the luma from black to white


def numbered_picture(format: PictureFormat, number: int, *, fields: bool = False) -> Picture:
    """A picture whose upper quarter is the barcode of `number`, over a scene that moves with it.

    With `fields` every second line shows the scene half a frame later, as an interlaced camera
    sees it.
    """
    height, width = format.height, format.width
    light = _scene(height, width, number)
    if fields:
        light[1::2] = _scene(height, width, number + 0.5)[1::2]
    code = [1, *((number >> bit) & 1 for bit in range(_BITS)), 0]
    for block, bright in enumerate(code):
        left, right = block * width // _BLOCKS, (block + 1) * width // _BLOCKS
        light[: height // 4, left:right] = _BRIGHT if bright else _DARK
    planes = []
    for plane in range(format.plane_count):
        size = format.plane_size(plane)
        if format.is_chroma(plane):
            across = np.linspace(0.35, 0.65, size[1]) if plane == 1 else np.full(size[1], 0.5)
            values = np.broadcast_to(across, size)
        elif format.has_alpha and plane == format.plane_count - 1:
            values = np.broadcast_to(np.linspace(0, 1, size[0])[:, None], size)
        else:
            values = light
        planes.append(_numbers(format, plane, values))
    return Picture(tuple(planes), format)


def read_number(picture: Picture) -> int:
    """The number that `numbered_picture` put there.

    Raises:
        ValueError: There is no barcode.
    """
    luma = picture.luma
    height, width = picture.format.height, picture.format.width
    row = luma[height // 12 : height // 6].astype(float).mean(axis=0)
    levels = []
    for block in range(_BLOCKS):
        left, right = block * width // _BLOCKS, (block + 1) * width // _BLOCKS
        third = max((right - left) // 3, 1)
        levels.append(row[left + third : right - third].mean())
    if levels[0] - levels[-1] < picture.format.max_value / 4:
        raise ValueError("this picture carries no barcode")
    middle = (levels[0] + levels[-1]) / 2
    return sum(1 << bit for bit in range(_BITS) if levels[1 + bit] > middle)


def _scene(height: int, width: int, number: float) -> np.ndarray:
    """Soft stripes that drift, and a square that wanders over them; H W, 0 to 1."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    light = 0.5 + 0.25 * np.sin((x + 2 * number) / 9.0) * np.cos((y - number) / 7.0)
    side = max(height // 6, 2)
    left = round(8 * number) % max(width - side, 1)
    top = height // 2 + round(height / 8 * np.sin(number / 5))
    light[top : top + side, left : left + side] = 0.9
    return light


def _numbers(format: PictureFormat, plane: int, values: np.ndarray) -> np.ndarray:
    """Values from 0 to 1 as the numbers of a plane, in the range that the format is tagged with."""
    low, high = 0.0, float(format.max_value)
    alpha = format.has_alpha and plane == format.plane_count - 1
    if format.family == "yuv" and not alpha and format.color.range != "pc":
        unit = 1 << (format.bit_depth - 8)
        low, high = 16.0 * unit, (240.0 if format.is_chroma(plane) else 235.0) * unit
    return np.rint(low + (high - low) * values).astype(format.dtype)
