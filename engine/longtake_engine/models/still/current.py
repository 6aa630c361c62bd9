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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np

from longtake_engine.ability import ModelInfo
from longtake_engine.models.still.drift import (
    FEATHER,
    REACH,
    Paths,
    carried,
    carried_values,
    half_over,
    trust_of,
)
from longtake_engine.picture import Picture, PictureFormat

Array = np.ndarray

FIELD_WIDTH = 640  # paths are followed at this width; the painted velocity is smooth
GOES = 0.10  # of the picture's width: as far as anything goes in one period
WITHIN = 1.5  # of the region's inner radius: the same
PERIOD_S = (1.0, 6.0)
TEXTURE = 0.02  # of the picture's width: brightness that varies over more is light, not texture
ALIVE = 0.3  # trust that a place needs to flow wholly; where it has none it stands
OVER = 0.4  # of a period that a place takes to go over from the one to the other
INFO = ModelInfo(
    name="current",
    description="Lets painted regions flow: water, cloud, smoke, hair.",
    tasks=("animate",),
    min_known_frames=1,
)
STRIP = 1 << 21  # pixels that are worked on at once
COARSE = 8  # pixels: light is measured on a picture so many times smaller


@dataclass(frozen=True, slots=True)
class Stroke:
    """A region and which way what is in it goes."""

    region: Array  # H W float32, 0 to 1, at the luma's size
    dx: float  # pixels of luma a second, to the right
    dy: float  # down


@dataclass(frozen=True, slots=True)
class _Site:
    """Where the regions lie in a picture."""

    region: Array  # H W float32, 0 to 1, at the luma's size
    depth: Array  # as small as the paths, H W float32: 0 outside to 1 well inside
    window: tuple[slice, slice] | None  # rows and columns that hold it

    @classmethod
    def of(cls, region: Array, small: tuple[int, ...]) -> "_Site":
        painted = (_small(region, small) > 0.5).astype(np.uint8)
        depth = cv2.distanceTransform(painted, cv2.DIST_L2, 3)
        reach = min(REACH * small[1], max(1.0, float(depth[painted > 0].max(initial=0))))
        return cls(region, np.clip(depth / reach, 0, 1), _window(region))

    def moved(self, move: Array) -> "_Site":
        """Where `move` (3 3) takes it."""
        size = (self.region.shape[1], self.region.shape[0])
        return _Site.of(cv2.warpPerspective(self.region, move, size), self.depth.shape)


def period_frames(
    strokes: Sequence[Stroke], format: PictureFormat, rate: Fraction, loop_frames: int = 0
) -> Fraction:
    """After how many frames the picture itself comes back.

    Short enough that nothing goes far from where it belongs, long enough not to be seen to repeat;
    an equal part of `loop_frames` where that is given, so that the end leads into the beginning.
    """
    seconds = PERIOD_S[1]
    for stroke in strokes:
        speed = max(float(np.hypot(stroke.dx, stroke.dy)), 1e-6)
        radius = cv2.distanceTransform((stroke.region > 0.5).astype(np.uint8), cv2.DIST_L2, 3).max()
        seconds = min(seconds, min(GOES * format.width, WITHIN * float(radius)) / speed)
    seconds = max(seconds, PERIOD_S[0])
    frames = max(2, round(seconds * rate))
    return (
        Fraction(loop_frames, max(1, round(loop_frames / frames)))
        if loop_frames
        else Fraction(frames)
    )


class Current:
    """Strokes on pictures of one format.

    Paths are followed once for a whole period and kept at a small size: about 8 bytes a pixel of
    `FIELD_WIDTH` and frame of the period, of `MOST_KEPT` frames at most.
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
        region = np.maximum.reduce([stroke.region for stroke in strokes])
        velocity, self._scale = _velocity(strokes, region, format, rate)
        self._site = _Site.of(region, velocity.shape[:2])
        # What is seen after n frames lay against the current, n frames long; and the other way.
        self._came = Paths.along(-velocity, math.ceil(period))
        self._goes = Paths.along(velocity, math.ceil(period))
        self._half_over = half_over(velocity.shape[:2])

    def paint(self, picture: Picture, frame: int, move: Array | None = None) -> Picture:
        """`picture` as it looks `frame` frames after the motion began.

        Pixels outside the regions are those of `picture`, and so are all of them at the start of
        every period.

        Args:
            picture: What flows; each frame of a clip anew.
            frame: 0 or more.
            move: 3 3: where the camera has taken what lay at a pixel of the picture that the
                regions were drawn on; None where it stands.
        """
        passed = frame % self.period
        site = self._site if move is None else self._site.moved(move)
        if passed == 0 or site.window is None:
            return picture
        gone = np.clip((float(passed / self.period) - self._half_over) / OVER + 0.5, 0, 1)
        late = gone * gone * (3 - 2 * gone)
        ways = [self._came.at(float(passed)), self._goes.at(float(self.period - passed))]
        if move is not None:
            ways = [carried(way, move, self._scale) for way in ways]
            late = carried_values(late, move, self._scale)
        came, goes = (trust_of(way, site.depth) for way in ways)
        # Whatever the time, the one that can be trusted is shown where the other cannot.
        share = late + (1 - late) * (1 - came) * goes  # of the second
        share *= 1 - (1 - goes) * came
        alive = np.clip(np.maximum(came, goes) / ALIVE, 0, 1)
        planes = [
            self._paint_plane(plane, number, site, (*ways, share, alive))
            for number, plane in enumerate(picture.planes)
        ]
        return Picture(tuple(planes), picture.format)

    def _paint_plane(
        self, plane: Array, number: int, site: _Site, fields: Sequence[Array]
    ) -> Array:
        part = self._part(site, number)
        mean = _light(plane)
        region = site.region
        if self._format.is_chroma(number):
            region = _on_chroma(region, self._format)
        result = plane.copy()
        for strip in part.strips():
            made = self._flowing(plane, mean, strip, fields)
            where = (strip.rows, strip.columns)
            amount = region[where] * strip.cut(fields[3], self._scale)
            mixed = plane[where] + amount * (made - plane[where])
            mixed = np.clip(np.rint(mixed), 0, self._format.max_value).astype(plane.dtype)
            result[where] = np.where(amount > 0, mixed, plane[where])
        return result

    def _flowing(self, plane: Array, mean: Array, part: "_Part", fields: Sequence[Array]) -> Array:
        """What flows through a part of a plane, whose light is `mean`: H W float32."""
        ys, xs = np.mgrid[part.rows, part.columns].astype(np.float32)
        seen, light = [], []
        for way in fields[:2]:
            x = xs + part.cut(way[..., 0], self._scale) * (part.scale_x / self._scale)
            y = ys + part.cut(way[..., 1], self._scale) * (part.scale_y / self._scale)
            edge = cv2.BORDER_REFLECT_101
            seen.append(cv2.remap(plane, x, y, cv2.INTER_CUBIC, borderMode=edge).astype("f4"))
            light.append(cv2.remap(mean, x, y, cv2.INTER_LINEAR, borderMode=edge))
        second = part.cut(fields[2], self._scale)
        first = 1 - second
        texture = first * (seen[0] - light[0]) + second * (seen[1] - light[1])
        return first * light[0] + second * light[1] + texture / np.hypot(first, second)

    def _part(self, site: _Site, number: int) -> "_Part":
        assert site.window is not None
        rows, columns = site.window
        if not self._format.is_chroma(number):
            return _Part(rows, columns, 1.0, 1.0)
        shift_y, shift_x = self._format.chroma_shift_y, self._format.chroma_shift_x
        height, width = self._format.plane_size(number)
        rows = slice(rows.start >> shift_y, min(height, -(-rows.stop >> shift_y)))
        columns = slice(columns.start >> shift_x, min(width, -(-columns.stop >> shift_x)))
        return _Part(rows, columns, 1 / (1 << shift_x), 1 / (1 << shift_y))


@dataclass(frozen=True, slots=True)
class _Part:
    """The part of a plane that regions lie in."""

    rows: slice
    columns: slice
    scale_x: float  # the plane's size against the luma's
    scale_y: float

    def strips(self) -> Iterator["_Part"]:
        """It, cut into pieces that fit the memory."""
        wide = self.columns.stop - self.columns.start
        high = max(1, STRIP // max(1, wide))
        for top in range(self.rows.start, self.rows.stop, high):
            rows = slice(top, min(top + high, self.rows.stop))
            yield _Part(rows, self.columns, self.scale_x, self.scale_y)

    def cut(self, values: Array, scale: float) -> Array:
        """A field's values at its pixels; `scale` is the field's size against the luma's."""
        step_x, step_y = scale / self.scale_x, scale / self.scale_y
        matrix = np.array(
            [
                [step_x, 0, (self.columns.start + 0.5) * step_x - 0.5],
                [0, step_y, (self.rows.start + 0.5) * step_y - 0.5],
            ]
        )
        size = (self.columns.stop - self.columns.start, self.rows.stop - self.rows.start)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        values = np.ascontiguousarray(values, np.float32)
        return cv2.warpAffine(values, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)


def _on_chroma(region: Array, format: PictureFormat) -> Array:
    """The region on a plane of chroma: the mean of the pixels of each sample, of no others."""
    down, across = 1 << format.chroma_shift_y, 1 << format.chroma_shift_x
    height, width = format.plane_size(1)
    below, right = height * down - region.shape[0], width * across - region.shape[1]
    whole = np.pad(region, ((0, below), (0, right)), mode="edge")
    return whole.reshape(height, down, width, across).mean((1, 3))


def _light(plane: Array) -> Array:
    """What of a plane varies over more than `TEXTURE`: H W float32."""
    height, width = plane.shape
    size = (max(1, width // COARSE), max(1, height // COARSE))
    small = cv2.resize(plane, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    small = cv2.GaussianBlur(small, (0, 0), max(0.5, TEXTURE * size[0]))
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)


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


def _small(region: Array, shape: tuple[int, ...]) -> Array:
    size = (shape[1], shape[0])
    return cv2.resize(region.astype(np.float32), size, interpolation=cv2.INTER_AREA)
