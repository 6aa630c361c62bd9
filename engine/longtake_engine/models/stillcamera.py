"""A camera that moves over a still: pushes, pulls and pans, eased, in fractions of a pixel.

What a rostrum camera did, and with a layer cut out before its ground what a true move would: what
is near goes by faster than what is far.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from longtake_engine.picture import Picture, PictureFormat

Array = np.ndarray

EASE = 0.25  # of the move's length at either end, from rest to full speed
NEAR = 1.3  # how much farther what is near goes than the ground
ANTIALIAS = (
    0.45  # sigma in pixels of the still for every pixel that one of the picture takes over 1
)


@dataclass(frozen=True, slots=True)
class Framing:
    """What of a still is shown: the middle, in shares of the still, and how much of it.

    `width` is a share of the widest view of the wanted shape that the still has room for.
    """

    x: float = 0.5
    y: float = 0.5
    width: float = 1.0

    def toward(self, other: "Framing", share: float) -> "Framing":
        """What is shown `share` of the way to `other`: the same part of the view is gone through
        in the same time, however close it is, and one point of the still stays where it is."""
        width = self.width * (other.width / self.width) ** share
        if abs(other.width - self.width) > 1e-6:
            share = (width - self.width) / (other.width - self.width)
        x = self.x + share * (other.x - self.x)
        return Framing(x, self.y + share * (other.y - self.y), width)


@dataclass(frozen=True, slots=True)
class Layer:
    """What stands before the ground of a still."""

    matte: Array  # H W float32, 0 to 1, at the still's luma size
    ground: Picture  # the still without it


class StillCamera:
    """One move over one still."""

    def __init__(
        self,
        still: Picture,
        format: PictureFormat,
        start: Framing,
        end: Framing,
        *,
        frame_count: int,
        layer: Layer | None = None,
    ) -> None:
        """`still` has pixels as `format` has them (shape, depth, subsampling), but a size of its
        own; `format` is that of the pictures to make."""
        self._still, self._format, self._layer = still, format, layer
        self._start, self._end = _within(start, still, format), _within(end, still, format)
        self._count = frame_count

    def shoot(self, frame: int) -> Picture:
        """Picture number `frame` of the move, 0 to `frame_count` - 1."""
        passed = frame / max(1, self._count - 1)
        framing = self._start.toward(self._end, eased(passed))
        if self._layer is None:
            return self._view(self._still, framing)
        near = self._nearer(framing)
        ground = self._view(self._layer.ground, framing)
        front = self._view(self._still, near)
        planes = []
        for number, (below, above) in enumerate(zip(ground.planes, front.planes, strict=True)):
            alpha = self._alpha(number, near)
            mixed = below + alpha * (above.astype(np.float32) - below)
            planes.append(np.rint(mixed).astype(below.dtype))
        return Picture(tuple(planes), self._format)

    def _nearer(self, framing: Framing) -> Framing:
        start = self._start
        return Framing(
            start.x + NEAR * (framing.x - start.x),
            start.y + NEAR * (framing.y - start.y),
            start.width * (framing.width / start.width) ** NEAR,
        )

    def _alpha(self, number: int, framing: Framing) -> Array:
        assert self._layer is not None
        height, width = self._still.format.plane_size(number)
        matte = cv2.resize(self._layer.matte, (width, height), interpolation=cv2.INTER_AREA)
        seen = self._warp(matte, framing, number, cv2.INTER_LINEAR, cv2.BORDER_CONSTANT)
        return np.clip(seen, 0, 1)

    def _view(self, still: Picture, framing: Framing) -> Picture:
        planes = []
        for number, plane in enumerate(still.planes):
            edge = cv2.BORDER_REPLICATE
            seen = self._warp(plane.astype(np.float32), framing, number, cv2.INTER_LANCZOS4, edge)
            seen = np.clip(np.rint(seen), 0, self._format.max_value)
            planes.append(seen.astype(self._format.dtype))
        return Picture(tuple(planes), self._format)

    def _warp(self, plane: Array, framing: Framing, number: int, kind: int, edge: int) -> Array:
        height, width = plane.shape
        rows, columns = self._format.plane_size(number)
        widest, highest = _widest(self._still.format, self._format)
        step_x = framing.width * widest * width / columns
        step_y = framing.width * highest * height / rows
        if max(step_x, step_y) > 1.02:  # else single pixels are skipped
            sigmas = [max(1e-3, ANTIALIAS * (step**2 - 1) ** 0.5) for step in (step_x, step_y)]
            plane = cv2.GaussianBlur(plane, (0, 0), sigmas[0], sigmaY=sigmas[1])
        matrix = np.array(
            [
                [step_x, 0, framing.x * width - 0.5 - step_x * (columns - 1) / 2],
                [0, step_y, framing.y * height - 0.5 - step_y * (rows - 1) / 2],
            ]
        )
        flags = kind | cv2.WARP_INVERSE_MAP
        return cv2.warpAffine(plane, matrix, (columns, rows), flags=flags, borderMode=edge)


def eased(passed: float) -> float:
    """How much of a move is done when `passed` (0 to 1) of its time is: it sets off and stops
    gently and goes evenly between."""
    top = 1 / (1 - EASE)
    if passed < EASE:
        return top * passed**2 / (2 * EASE)
    if passed > 1 - EASE:
        return 1 - eased(1 - passed)
    return top * (passed - EASE / 2)


def _widest(still: PictureFormat, format: PictureFormat) -> tuple[float, float]:
    """Shares of the still's width and height that the widest view of the wanted shape has."""
    wanted = format.width / format.height
    has = still.width / still.height
    return min(1.0, wanted / has), min(1.0, has / wanted)


def _within(framing: Framing, still: Picture, format: PictureFormat) -> Framing:
    """`framing`, moved so that no border of the still comes into the picture."""
    width = min(1.0, framing.width)
    across, down = (width * share / 2 for share in _widest(still.format, format))
    x = min(max(framing.x, across), 1 - across)
    return replace(framing, x=x, y=min(max(framing.y, down), 1 - down), width=width)
