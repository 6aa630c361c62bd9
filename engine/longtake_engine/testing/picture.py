"""Pictures of a painted world, for tests that must know where everything went."""

from collections.abc import Sequence
from fractions import Fraction
from functools import cache

import cv2
import numpy as np

from longtake_engine.canvas import Canvas, Known
from longtake_engine.media.pixel import describe
from longtake_engine.picture import Color, Picture, PictureFormat

WORLD_WIDTH, WORLD_HEIGHT = 800, 480
MARGIN = 120  # how far a view may lie left of or above the origin
LOW, HIGH = 40, 215  # of 255: darkest and brightest of the world


def format_of(
    pixel_format: str, width: int, height: int, color: Color | None = None
) -> PictureFormat:
    """The working format of pictures that FFmpeg calls `pixel_format`."""
    return describe(pixel_format, width, height, color or Color())


def textured(format: PictureFormat, x: int = 0, y: int = 0, seed: int = 0) -> Picture:
    """The view of a world from `x`, `y` (whole pixels, -MARGIN or more): every plane its own
    texture."""
    planes = []
    for number in range(format.plane_count):
        world = _world(seed * 4 + number)
        top, left = y + MARGIN, x + MARGIN
        part = world[top : top + format.height, left : left + format.width]
        assert part.shape == (format.height, format.width), "the view leaves the world"
        size = format.plane_size(number)[::-1]
        part = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
        levels = (LOW + (HIGH - LOW) * part) * (format.max_value / 255)
        planes.append((levels + 0.5).astype(format.dtype))
    return Picture(tuple(planes), format)


def panning(
    format: PictureFormat, count: int, step: tuple[int, int] = (2, 0), seed: int = 0
) -> list[Picture]:
    """`count` views, each `step` pixels (across, down) further into the world."""
    return [textured(format, step[0] * n, step[1] * n, seed) for n in range(count)]


def crossing(format: PictureFormat, count: int, step: int = 2, size: int = 24) -> list[Picture]:
    """A square of another world going right by `step` pixels a frame over a still background.

    It begins at x = 16 and is half way down; in whole luma pixels, of even numbers for chroma's
    sake.
    """
    ground, mover = textured(format), textured(format, seed=9)
    top = (format.height - size) // 2 // 2 * 2
    pictures = []
    for n in range(count):
        left = 16 + step * n
        planes = tuple(
            _pasted(under, over, format, number, (left, top, size))
            for number, (under, over) in enumerate(zip(ground.planes, mover.planes, strict=True))
        )
        pictures.append(Picture(planes, format))
    return pictures


def canvas_of(
    pictures: Sequence[Picture], wanted: range, rate: Fraction = Fraction(25), start: int = 0
) -> Canvas:
    """A canvas that knows `pictures`, the first of them being frame `start`."""
    known = {start + n: Known(picture) for n, picture in enumerate(pictures)}
    return Canvas(pictures[0].format, rate, known, wanted)


def psnr_db(first: Picture, second: Picture, plane: int = 0, inset: int = 0) -> float:
    """PSNR of one plane, 99 at most, `inset` pixels of the border left out."""
    cut = np.s_[inset:-inset, inset:-inset] if inset else np.s_[:]
    a, b = (p.planes[plane][cut].astype(np.float64) for p in (first, second))
    error = float(((a - b) ** 2).mean())
    return min(99.0, float(10 * np.log10(first.format.max_value**2 / max(error, 1e-9))))


@cache
def _world(seed: int) -> np.ndarray:
    """Texture of every scale from 4 pixels up, H W from 0 to 1."""
    random = np.random.default_rng(seed)
    total = np.zeros((WORLD_HEIGHT, WORLD_WIDTH), np.float32)
    for cell, weight in ((4, 0.6), (9, 0.8), (23, 1.0), (60, 1.0)):
        size = (WORLD_HEIGHT // cell + 2, WORLD_WIDTH // cell + 2)
        grid = random.normal(0, weight, size).astype(np.float32)
        wide = cv2.resize(grid, None, fx=cell, fy=cell, interpolation=cv2.INTER_CUBIC)
        total += wide[:WORLD_HEIGHT, :WORLD_WIDTH]
    return np.clip(total / 6 + 0.5, 0, 1)


def _pasted(
    under: np.ndarray,
    over: np.ndarray,
    format: PictureFormat,
    number: int,
    box: tuple[int, int, int],
) -> np.ndarray:
    left, top, size = box
    shift_x = format.chroma_shift_x if format.is_chroma(number) else 0
    shift_y = format.chroma_shift_y if format.is_chroma(number) else 0
    x, y, wide, high = left >> shift_x, top >> shift_y, size >> shift_x, size >> shift_y
    plane = under.copy()
    plane[y : y + high, x : x + wide] = over[:high, :wide]
    return plane
