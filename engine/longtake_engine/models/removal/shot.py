"""The frames of a canvas with holes, as motion is measured on them."""

from collections import OrderedDict
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.canvas import Canvas
from longtake_engine.luma import luma8
from longtake_engine.models.removal.box import Array, Box
from longtake_engine.models.spread import spread
from longtake_engine.picture import Picture

WIDEST = 1000  # pixels of the size that motion is measured at
FAR_BYTES = 256 << 20  # of pictures at full depth: if more lie within FAR, nobody looks that far
MOST_BYTES = 768 << 20  # of them that are held
HELD_VIEWS = 112
RUN = 16  # frames that are made together
TRAIL = 16  # frames to either side that a hidden pixel is followed: further, errors add up
ALIGNED = 30  # frames to either side that a hole is filled from
FAR = 120  # the same where nearer ones do not show what lies behind, and memory allows
CELL = 8  # pixels: what frames show is compared by cells of this size
KNOWN = 0.999  # of a mask: less is hidden, at least in part
TELLING = 4  # pixels that the filters which read a picture reach into a hole
AROUND = 16  # pixels around a hole that its even filling is taken from


@dataclass(frozen=True, slots=True)
class View:
    """One frame at the size that motion is measured at."""

    luma: Array  # H W uint8, holes filled evenly from around them
    _hole: Array  # eight pixels a byte: many views are held
    _near: Array

    @classmethod
    def of(cls, luma: Array, hole: Array) -> "View":
        """Of a luma (H W uint8) whose `hole` (H W bool) is filled."""
        near = dilated(hole, TELLING) if hole.any() else hole
        return cls(luma, np.packbits(hole), np.packbits(near))

    @property
    def hole(self) -> Array:
        """H W bool: hidden."""
        return self._unpacked(self._hole)

    @property
    def near(self) -> Array:
        """H W bool: hidden, or so near that reading there touches the hole."""
        return self._unpacked(self._near)

    def _unpacked(self, bits: Array) -> Array:
        size = self.luma.shape
        return np.unpackbits(bits, count=size[0] * size[1]).view(bool).reshape(size)


class Shot:
    """What is known of the frames of a canvas, each looked at once as long as it is needed.

    Nothing that lies under a hole gets out of here.
    """

    def __init__(self, canvas: Canvas) -> None:
        format = canvas.format
        times = max(1, round(format.width / WIDEST + 0.2))
        self.canvas = canvas
        self.format = format
        self.frames = range(min(canvas.known), max(canvas.known) + 1)
        self.width = -(-format.width // times)
        self.height = -(-format.height // times)
        affordable = max(2, MOST_BYTES // format.size_bytes)
        # What a run is filled from, and a few that lie far off and are asked again and again.
        self._held_pictures = min(affordable, 2 * RUN + 2 * (TRAIL + ALIGNED))
        self._views: OrderedDict[int, View] = OrderedDict()
        self._cells: dict[int, Array] = {}
        self._pictures: OrderedDict[int, Picture] = OrderedDict()

    @property
    def reaches(self) -> tuple[int, ...]:
        """Frames to either side that a hole is filled from: at first, and where that does not
        show it."""
        near = min(ALIGNED, max(2, (self._held_pictures - RUN - 2 * TRAIL) // 2))
        return (near, FAR) if 2 * FAR * self.format.size_bytes < FAR_BYTES else (near,)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the views."""
        return self.height, self.width

    def picture(self, frame: int) -> Picture:
        """The frame at its full size and depth; its hole holds anything."""
        picture = self._pictures.pop(frame, None) or self.canvas.known[frame].picture
        self._pictures[frame] = picture
        while len(self._pictures) > self._held_pictures:
            self._pictures.popitem(last=False)
        return picture

    def hidden(self, frame: int) -> Array | None:
        """H W bool at full size: what of the frame is not, or not wholly, known; None for
        nothing."""
        mask = self.canvas.known[frame].mask
        if mask is None or mask.min() >= KNOWN:
            return None
        return mask < KNOWN

    def view(self, frame: int) -> View:
        """The frame as motion is measured on it."""
        view = self._views.pop(frame, None) or self._look(frame)
        self._views[frame] = view
        while len(self._views) > HELD_VIEWS:
            self._views.popitem(last=False)
        return view

    def cells(self, frame: int) -> Array:
        """h w bool: the cells of CELL pixels that are more than half in or near a hole; all that
        are at all where none is."""
        if frame not in self._cells:
            near = self.view(frame).near
            height, width = near.shape
            size = (-(-width // CELL), -(-height // CELL))
            share = _smaller(near.astype(np.float32), size)
            cells = share > 0.5
            self._cells[frame] = cells if cells.any() else share > 0
            while len(self._cells) > 4 * FAR:
                del self._cells[next(iter(self._cells))]
        return self._cells[frame]

    def _look(self, frame: int) -> View:
        size = (self.width, self.height)
        hidden = self.hidden(frame)
        luma = luma8(self.picture(frame))
        if hidden is None:
            small = luma if luma.shape == self.size else _smaller(luma, size)
            return View.of(small, np.zeros(self.size, bool))
        if luma.shape == self.size:
            hole, small = hidden, luma.copy()
        else:
            # Weighted by what is known: what lies in the hole must not leak into its border.
            known = np.where(hidden, np.float32(0), np.float32(1))
            share = _smaller(known, size)
            hole = share < KNOWN
            light = _smaller(luma * known, size) / np.maximum(share, 1e-3)
            small = np.clip(light + 0.5, 0, 255).astype(np.uint8)
        box = Box.around(hole, AROUND)
        assert box is not None
        part, open_ = box.part, ~hole[box.part]
        even = spread(small[part].astype(np.float32), open_.astype(np.float32))
        small[part] = np.where(open_, small[part], np.clip(even + 0.5, 0, 255).astype(np.uint8))
        return View.of(small, hole)


def dilated(hole: Array, reach: int) -> Array:
    """`hole` (H W bool) and all within `reach` pixels of it."""
    side = 2 * reach + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    box = Box.around(hole, reach)
    grown = np.zeros(hole.shape, np.uint8)
    if box is not None:
        grown[box.part] = cv2.dilate(hole[box.part].view(np.uint8), kernel)
    return grown.view(bool)


def _smaller(image: Array, size: tuple[int, int]) -> Array:
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)


def over_plane(hidden: Array, size: tuple[int, int]) -> Array:
    """H W bool: the samples of a plane of `size` that any hidden pixel has a part in."""
    if hidden.shape == size:
        return hidden
    share = cv2.resize(hidden.astype(np.float32), size[::-1], interpolation=cv2.INTER_AREA)
    return share > 1e-3
