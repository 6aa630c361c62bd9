"""Motion painted into a still or a clip: water, cloud, smoke and hair that flow where they lie.

A steady velocity is painted into a region. Every frame shows the picture carried along it for the
time that has passed, blended with the picture carried against it for the time that is left until
the period is over. The one runs dry upstream, the other downstream, so that together they never do;
at the end of a period only the picture itself is left, and it begins anew unseen.

Sources: Holynski, Curless, Seitz, Szeliski: Animating Pictures with Eulerian Motion Fields, CVPR
2021 (steady velocity, both ways); Heitz, Neyret: High-Performance By-Example Noise using a
Histogram-Preserving Blending Operator, HPG 2018 (a blend of two textures that keeps its contrast).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np

from longtake_engine.picture import Picture, PictureFormat

Array = np.ndarray

FIELD_WIDTH = 640  # paths are followed at this width; the painted velocity is smooth
FEATHER = 0.012  # of the picture's width: the velocity rises over it from the region's edge
GOES = 0.10  # of the picture's width: as far as anything goes in one period
PERIOD_S = (1.5, 6.0)
TEXTURE = 0.02  # of the picture's width: brightness that varies over more is light, not texture
LEAST_SPREAD = 0.25  # a place drawn out of less than this share of its own area counts for nothing


@dataclass(frozen=True, slots=True)
class Stroke:
    """A region and which way what is in it goes."""

    region: Array  # H W float32, 0 to 1, at the luma's size
    dx: float  # pixels of luma a second, to the right
    dy: float  # down


def period_frames(
    strokes: Sequence[Stroke], format: PictureFormat, rate: Fraction, loop_frames: int = 0
) -> Fraction:
    """After how many frames the picture itself comes back.

    Short enough that nothing goes far from where it belongs, long enough not to be seen to repeat;
    an equal part of `loop_frames` where that is given, so that the end leads into the beginning.
    """
    fastest = max(float(np.hypot(stroke.dx, stroke.dy)) for stroke in strokes)
    seconds = GOES * format.width / max(fastest, 1e-6)
    seconds = min(max(seconds, PERIOD_S[0]), PERIOD_S[1])
    frames = max(2, round(seconds * rate))
    return (
        Fraction(loop_frames, max(1, round(loop_frames / frames)))
        if loop_frames
        else Fraction(frames)
    )


class Current:
    """Strokes on pictures of one format.

    Paths are followed once for a whole period and kept at a small size: about 8 bytes a pixel of
    `FIELD_WIDTH` and frame of the period.
    """

    def __init__(
        self, strokes: Sequence[Stroke], format: PictureFormat, rate: Fraction, period: Fraction
    ) -> None:
        """Strokes lie over each other where they meet: there the velocity is their mean.

        Args:
            strokes: At least one, their regions at the luma's size.
            format: That of every picture to paint on.
            rate: Frames a second.
            period: Frames until the picture comes back; above 1.
        """
        self.period = period
        self._format = format
        self._region = np.maximum.reduce([stroke.region for stroke in strokes])
        self._window = _window(self._region)
        velocity, self._scale = _velocity(strokes, self._region, format, rate)
        # What is seen after n frames lay against the current, n frames long; and the other way.
        self._came = _paths(-velocity, math.ceil(period))
        self._goes = _paths(velocity, math.ceil(period))
        self._inside = _small(self._region, velocity.shape)

    def paint(self, picture: Picture, frame: int) -> Picture:
        """`picture` as it looks `frame` frames after the motion began.

        Pixels outside the regions are those of `picture`, and so are all of them at the start of
        every period.
        """
        passed = frame % self.period
        if passed == 0 or self._window is None:
            return picture
        # It lingers where only one of the two is seen.
        late = (1 - math.cos(math.pi * passed / self.period)) / 2
        ways = (_at(self._came, float(passed)), _at(self._goes, float(self.period - passed)))
        trust = [self._trust(way) for way in ways]
        weights = [(1 - late) * trust[0], late * trust[1]]
        total = weights[0] + weights[1] + 1e-6
        share = (weights[1] + late * 1e-6) / total  # of the second
        planes = [
            self._paint_plane(plane, number, ways, share)
            for number, plane in enumerate(picture.planes)
        ]
        return Picture(tuple(planes), picture.format)

    def _paint_plane(self, plane: Array, number: int, ways: Sequence[Array], share: Array) -> Array:
        rows, columns, scale_x, scale_y = self._on_plane(number)
        size = (columns.stop - columns.start, rows.stop - rows.start)
        ys, xs = np.mgrid[rows, columns].astype(np.float32)
        mean = cv2.GaussianBlur(plane.astype(np.float32), (0, 0), TEXTURE * plane.shape[1])
        seen, light = [], []
        for way in ways:
            x = xs + self._cut(way[..., 0], number, size) * (scale_x / self._scale)
            y = ys + self._cut(way[..., 1], number, size) * (scale_y / self._scale)
            edge = cv2.BORDER_REFLECT_101
            seen.append(cv2.remap(plane, x, y, cv2.INTER_CUBIC, borderMode=edge).astype("f4"))
            light.append(cv2.remap(mean, x, y, cv2.INTER_LINEAR, borderMode=edge))
        second = self._cut(share, number, size)
        first = 1 - second
        texture = first * (seen[0] - light[0]) + second * (seen[1] - light[1])
        made = first * light[0] + second * light[1] + texture / np.hypot(first, second)
        return self._composite(plane, made, number, rows, columns)

    def _composite(
        self, plane: Array, made: Array, number: int, rows: slice, columns: slice
    ) -> Array:
        region = self._region
        if self._format.is_chroma(number):
            region = cv2.resize(region, plane.shape[::-1], interpolation=cv2.INTER_AREA)
        amount = region[rows, columns]
        kept = plane[rows, columns]
        mixed = kept + amount * (made - kept)
        mixed = np.clip(np.rint(mixed), 0, self._format.max_value).astype(plane.dtype)
        result = plane.copy()
        result[rows, columns] = np.where(amount > 0, mixed, kept)
        return result

    def _trust(self, way: Array) -> Array:
        """How much what a path leads to is worth: it lies in the region and is not drawn out."""
        height, width = way.shape[:2]
        ys, xs = np.mgrid[:height, :width].astype(np.float32)
        x, y = xs + way[..., 0], ys + way[..., 1]
        inside = cv2.remap(self._inside, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
        x_down, x_across = np.gradient(x)
        y_down, y_across = np.gradient(y)
        area = x_across * y_down - x_down * y_across
        spread = np.clip((area - LEAST_SPREAD) / (1 - LEAST_SPREAD), 0, 1)
        return inside * spread.astype(np.float32)

    def _on_plane(self, number: int) -> tuple[slice, slice, float, float]:
        assert self._window is not None
        rows, columns = self._window
        if not self._format.is_chroma(number):
            return rows, columns, 1.0, 1.0
        shift_y, shift_x = self._format.chroma_shift_y, self._format.chroma_shift_x
        height, width = self._format.plane_size(number)
        rows = slice(rows.start >> shift_y, min(height, -(-rows.stop >> shift_y)))
        columns = slice(columns.start >> shift_x, min(width, -(-columns.stop >> shift_x)))
        return rows, columns, 1 / (1 << shift_x), 1 / (1 << shift_y)

    def _cut(self, values: Array, number: int, size: tuple[int, int]) -> Array:
        """A field's values at the pixels of a plane's window; `size` is (width, height)."""
        rows, columns, scale_x, scale_y = self._on_plane(number)
        step_x, step_y = self._scale / scale_x, self._scale / scale_y
        matrix = np.array(
            [
                [step_x, 0, (columns.start + 0.5) * step_x - 0.5],
                [0, step_y, (rows.start + 0.5) * step_y - 0.5],
            ]
        )
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        values = np.ascontiguousarray(values, np.float32)
        return cv2.warpAffine(values, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)


def _window(region: Array) -> tuple[slice, slice] | None:
    """Rows and columns that hold the region, whole blocks of chroma; None where it is empty."""
    rows, columns = np.flatnonzero(region.any(axis=1)), np.flatnonzero(region.any(axis=0))
    if not len(rows):
        return None
    height, width = region.shape
    top, left = int(rows[0]) // 4 * 4, int(columns[0]) // 4 * 4
    bottom, right = -(-int(rows[-1] + 1) // 4) * 4, -(-int(columns[-1] + 1) // 4) * 4
    return slice(top, min(height, bottom)), slice(left, min(width, right))


def _velocity(
    strokes: Sequence[Stroke], region: Array, format: PictureFormat, rate: Fraction
) -> tuple[Array, float]:
    """H W 2 float32, pixels of the small field a frame, and the field's size against luma's."""
    scale = min(1.0, FIELD_WIDTH / format.width)
    shape = (max(2, round(format.height * scale)), max(2, round(format.width * scale)))
    velocity = np.zeros((*shape, 2), np.float32)
    weight = np.full(shape, 1e-6, np.float32)
    for stroke in strokes:
        painted = _small(stroke.region, shape)
        velocity += painted[..., None] * np.array([stroke.dx, stroke.dy], np.float32)
        weight += painted
    velocity *= scale / float(rate) / weight[..., None]
    depth = cv2.distanceTransform((_small(region, shape) > 0).astype(np.uint8), cv2.DIST_L2, 3)
    rise = np.clip(depth / max(1.0, FEATHER * shape[1]), 0, 1)
    return velocity * rise[..., None].astype(np.float32), scale


def _paths(velocity: Array, count: int) -> Array:
    """COUNT + 1 H W 2 float16: how far off lies what 0, 1, 2, ... frames along it lead to."""
    height, width = velocity.shape[:2]
    ys, xs = np.mgrid[:height, :width].astype(np.float32)
    way = np.zeros_like(velocity)
    ways = np.zeros((count + 1, height, width, 2), np.float16)
    for step in range(1, count + 1):
        x, y = xs + way[..., 0], ys + way[..., 1]
        edge = cv2.BORDER_REPLICATE
        way = way + cv2.remap(velocity, x, y, cv2.INTER_LINEAR, borderMode=edge)
        ways[step] = way
    return ways


def _at(ways: Array, frames: float) -> Array:
    """How far off lies what `frames` frames lead to, between whole ones too."""
    before = int(frames)
    way = ways[before].astype(np.float32)
    return way if frames == before else way + (frames - before) * (ways[before + 1] - way)


def _small(region: Array, shape: tuple[int, ...]) -> Array:
    size = (shape[1], shape[0])
    return cv2.resize(region.astype(np.float32), size, interpolation=cv2.INTER_AREA)
