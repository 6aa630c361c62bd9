"""A camera that moves over a still: pushes, pulls and pans, eased, in fractions of a pixel.

What a rostrum camera did, and with a layer cut out before its ground what a true move would: what
is near goes by faster than what is far.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import cv2
import numpy as np
from PIL import Image

from longtake_engine.ability import ModelInfo
from longtake_engine.picture import Picture, PictureFormat

Array = np.ndarray

INFO = ModelInfo(
    name="still",
    description="Moves a camera over stills, and before a matte what is near by what is far.",
    tasks=("generate",),
    min_known_frames=1,
    foretells=False,
)
EASE = 0.25  # of the move's length at either end, from rest to full speed
NEAR = 1.3  # how much farther what is near goes than the ground
WAVES_HZ = (0.3, 0.7, 1.3)  # of a hand
HAND_DOWN = 0.7  # a hand sways less up and down than across


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
    near: float = NEAR  # how far it goes against the ground; 0: it stays while the ground goes by


@dataclass(frozen=True, slots=True)
class Hand:
    """A hand that holds the camera: it sways slowly about where it should be.

    The sway is a sum of three sines for each direction, the slow ones wide.
    """

    reach: float  # shares of the view that it may be off at most
    rate: Fraction  # frames a second
    seed: int = 0

    def at(self, frame: int) -> tuple[float, float]:
        """How far off it is, shares of the view's width and height."""
        random = np.random.default_rng(self.seed)
        waves = np.array(WAVES_HZ) * random.uniform(0.85, 1.15, (2, len(WAVES_HZ)))
        phases = random.uniform(0, 2 * np.pi, waves.shape)
        amounts = (1 / waves) / (1 / waves).sum(axis=1, keepdims=True)
        swaying = np.sin(2 * np.pi * waves * float(frame / self.rate) + phases)
        across, down = self.reach * (amounts * swaying).sum(axis=1)
        return float(across), float(HAND_DOWN * down)


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
        hand: Hand | None = None,
    ) -> None:
        """`still` has pixels as `format` has them (shape, depth, subsampling), but a size of its
        own; `format` is that of the pictures to make."""
        self._still, self._format, self._layer, self._hand = still, format, layer, hand
        room = hand.reach if hand is not None else 0.0
        self._start = _within(start, still, format, room)
        self._end = _within(end, still, format, room)
        self._count = frame_count

    def shoot(self, frame: int, still: Picture | None = None) -> Picture:
        """Picture number `frame` of the move, 0 to `frame_count` - 1.

        `still` is what lies before the camera now, of the still's own format, where it lives.
        """
        still = still or self._still
        passed = frame / max(1, self._count - 1)
        framing = self._start.toward(self._end, eased(passed))
        near = self._swayed(self._nearer(framing), frame)
        framing = self._swayed(framing, frame)
        if self._layer is None:
            return self._picture(still.planes, framing)
        ground = self._picture(self._layer.ground.planes, framing)
        pads = self._pads(near)
        front = self._picture(_padded(still.planes, pads, cv2.BORDER_REPLICATE), near, pads)
        planes = []
        for number, (below, above) in enumerate(zip(ground.planes, front.planes, strict=True)):
            alpha = self._alpha(number, near, pads)
            mixed = below + alpha * (above.astype(np.float32) - below)
            planes.append(np.rint(mixed).astype(below.dtype))
        return Picture(tuple(planes), self._format)

    def _nearer(self, framing: Framing) -> Framing:
        if self._layer is None:
            return framing
        start, near = self._start, self._layer.near
        return Framing(
            start.x + near * (framing.x - start.x),
            start.y + near * (framing.y - start.y),
            start.width * (framing.width / start.width) ** near,
        )

    def _swayed(self, framing: Framing, frame: int) -> Framing:
        if self._hand is None:
            return framing
        across, down = self._hand.at(frame)
        widest, highest = _widest(self._still.format, self._format)
        x = framing.x + across * framing.width * widest
        return replace(framing, x=x, y=framing.y + down * framing.width * highest)

    def _pads(self, framing: Framing) -> list[tuple[int, int]]:
        """Of each plane, rows and columns that a view reaches beyond it."""
        found = []
        for number in range(self._still.format.plane_count):
            height, width = self._still.format.plane_size(number)
            left, top, right, bottom = self._box(framing, number)
            rows, columns = max(-top, bottom - height, 0), max(-left, right - width, 0)
            found.append((int(np.ceil(rows)), int(np.ceil(columns))))
        return found

    def _alpha(self, number: int, framing: Framing, pads: Sequence[tuple[int, int]]) -> Array:
        assert self._layer is not None
        height, width = self._still.format.plane_size(number)
        matte = cv2.resize(self._layer.matte, (width, height), interpolation=cv2.INTER_AREA)
        (padded,) = _padded((matte,), pads[number : number + 1], cv2.BORDER_CONSTANT)
        return np.clip(self._view(padded, framing, number, pads[number]), 0, 1)

    def _picture(
        self,
        planes: Sequence[Array],
        framing: Framing,
        pads: Sequence[tuple[int, int]] | None = None,
    ) -> Picture:
        made = []
        for number, plane in enumerate(planes):
            pad = pads[number] if pads is not None else (0, 0)
            seen = self._view(plane.astype(np.float32), framing, number, pad)
            seen = np.clip(np.rint(seen), 0, self._format.max_value)
            made.append(seen.astype(self._format.dtype))
        return Picture(tuple(made), self._format)

    def _box(self, framing: Framing, number: int) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of a view, in pixels of plane `number` of the still."""
        height, width = self._still.format.plane_size(number)
        widest, highest = _widest(self._still.format, self._format)
        across, down = framing.width * widest * width / 2, framing.width * highest * height / 2
        x, y = framing.x * width, framing.y * height
        return x - across, y - down, x + across, y + down

    def _view(
        self, plane: Array, framing: Framing, number: int, pad: tuple[int, int] = (0, 0)
    ) -> Array:
        """What of a plane lies in the view, at the size of the picture: Lanczos, as wide as the
        view is larger than the picture. `pad` are rows and columns that `plane` has beyond the
        still's own, on each side.

        By Pillow: OpenCV places samples on steps of 1/32 pixel, which a slow move shows.
        """
        rows, columns = self._format.plane_size(number)
        left, top, right, bottom = self._box(framing, number)
        height, width = plane.shape
        box = (
            max(0.0, left + pad[1]),
            max(0.0, top + pad[0]),
            min(float(width), right + pad[1]),
            min(float(height), bottom + pad[0]),
        )
        image = Image.fromarray(np.ascontiguousarray(plane, np.float32))
        return np.asarray(image.resize((columns, rows), Image.Resampling.LANCZOS, box))


def eased(passed: float) -> float:
    """How much of a move is done when `passed` (0 to 1) of its time is: it sets off and stops
    gently and goes evenly between."""
    top = 1 / (1 - EASE)
    if passed < EASE:
        return top * passed**2 / (2 * EASE)
    if passed > 1 - EASE:
        return 1 - eased(1 - passed)
    return top * (passed - EASE / 2)


def _padded(
    planes: Sequence[Array], pads: Sequence[tuple[int, int]], border: int
) -> tuple[Array, ...]:
    made = []
    for plane, (rows, columns) in zip(planes, pads, strict=True):
        made.append(cv2.copyMakeBorder(plane, rows, rows, columns, columns, border, value=0))
    return tuple(made)


def _widest(still: PictureFormat, format: PictureFormat) -> tuple[float, float]:
    """Shares of the still's width and height that the widest view of the wanted shape has."""
    wanted = format.width / format.height
    has = still.width / still.height
    return min(1.0, wanted / has), min(1.0, has / wanted)


def _within(framing: Framing, still: Picture, format: PictureFormat, room: float) -> Framing:
    """`framing`, moved so that no border of the still comes into the picture, also where the view
    is off by `room` of itself."""
    width = min(1 / (1 + 2 * room), framing.width)
    across, down = (width * share * (0.5 + room) for share in _widest(still.format, format))
    x = min(max(framing.x, across), 1 - across)
    return replace(framing, x=x, y=min(max(framing.y, down), 1 - down), width=width)
