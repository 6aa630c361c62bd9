"""From a canvas to a model's block, and from what the model made of it back to pictures."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import cv2
import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed, Known
from longtake_engine.models.between import Between
from longtake_engine.models.diffusion.block import GREY, Block
from longtake_engine.models.diffusion.color import from_rgb, to_rgb
from longtake_engine.models.diffusion.drift import measure_drift
from longtake_engine.models.diffusion.family import Conditioning, Grid
from longtake_engine.models.diffusion.fit import Fit, Region, fit, region_round
from longtake_engine.models.diffusion.layout import Layout, plan_layout, plan_masked
from longtake_engine.picture import Picture

Array = np.ndarray


@dataclass(slots=True)
class Assembly:
    """One canvas on the grid of one family."""

    canvas: Canvas
    layout: Layout
    fit: Fit
    _between: tuple[int, Between] | None = field(default=None, init=False)

    def block(self, cancel: CancelToken) -> Block:
        """What the model is asked for.

        Raises:
            Cancelled: `cancel` was set; noticed between frames.
        """
        size = (self.fit.grid_height, self.fit.grid_width)
        count = len(self.layout.moments)
        frames = np.full((count, *size, 3), GREY, np.float32)
        unknown = np.ones((count, *size), np.float32)
        for number in self._in_time():
            cancel.check()
            known = self._known_at(self.layout.moments[number])
            if known is None:
                continue
            frames[number] = self.fit.shown(to_rgb(known.picture))
            unknown[number] = 0 if known.mask is None else self.fit.hidden(known.mask)
        frames[unknown > 0] = GREY
        return Block(frames, unknown, self.layout.rate)

    def completed(self, block: Block, made: Array, cancel: CancelToken) -> Iterator[Completed]:
        """Each wanted frame of the canvas, from what the model made of the block, which is changed.

        Raises:
            Cancelled: `cancel` was set; noticed between frames.
        """
        measure_drift(block, made, self.layout.used).take_out(made)
        pictures = _Made(self, made)
        for frame in self.canvas.wanted:
            cancel.check()
            known = self.canvas.known.get(frame) if self.layout.masked else None
            if known is None:
                yield Completed(frame, pictures.at(frame))
            elif known.mask is None:
                yield Completed(frame, pictures.at(frame) if self._remade(block) else known.picture)
            else:
                yield Completed(frame, self._laid_into(known, made, frame), known.mask)

    def frames(self) -> tuple[float, ...]:
        """The frame of the canvas that each frame of the block stands for, some between two."""
        return tuple(float(moment) for moment in self.layout.moments)

    def _in_time(self) -> list[int]:
        """Numbers of the block's frames by their moments: a canvas is read upward."""
        return sorted(range(len(self.layout.moments)), key=self.layout.moments.__getitem__)

    def _remade(self, block: Block) -> bool:
        """Whether frames that are wholly known are made anew all the same (`strength`)."""
        return not block.unknown.any()

    def _known_at(self, moment: Fraction) -> Known | None:
        """What is known at a moment: of one between two known frames, what motion shows there."""
        known, frame = self.canvas.known, moment.numerator // moment.denominator
        if moment == frame:
            return known.get(frame)
        if frame not in known or frame + 1 not in known:
            return None
        if self._between is None or self._between[0] != frame:
            pair = known[frame].picture, known[frame + 1].picture
            self._between = frame, Between.measure(*pair)
        return Known(self._between[1].make(float(moment - frame)).picture)

    def _laid_into(self, known: Known, made: Array, frame: int) -> Picture:
        """The known picture with what was made where it is hidden; every other number as it was."""
        assert known.mask is not None
        number, _ = self.layout.place(frame)
        region = self.fit.region
        rgb = to_rgb(known.picture)
        rgb[region.slices] = self.fit.back(made[number])
        format = self.canvas.format
        alpha = known.picture.planes[-1] if format.has_alpha else None
        filled = from_rgb(rgb, format, alpha)
        share = 1 - known.mask
        planes = tuple(
            _mixed(own, new, _on_plane(share, own.shape))
            for own, new in zip(known.picture.planes, filled.planes, strict=True)
        )
        return Picture(planes, format)


def assemble(canvas: Canvas, grid: Grid, conditioning: Conditioning) -> Assembly:
    """How a canvas lies on a family's grid."""
    format = canvas.format
    whole = Region(0, 0, format.height, format.width)
    if not any(frame in canvas.known for frame in canvas.wanted):
        layout = plan_layout(canvas.known.keys(), canvas.wanted, canvas.rate, grid, conditioning)
        return Assembly(canvas, layout, fit(grid, whole))
    layout = plan_masked(canvas.known.keys(), canvas.wanted, canvas.rate, grid)
    hidden = np.zeros((format.height, format.width), bool)
    for frame in canvas.wanted:
        known = canvas.known.get(frame)
        if known is None:
            hidden[:] = True
        elif known.mask is not None:
            hidden |= known.mask < 1
    region = region_round(hidden, grid.area) if hidden.any() else whole
    return Assembly(canvas, layout, fit(grid, region))


class _Made:
    """Pictures of the canvas at any moment of the block."""

    def __init__(self, assembly: Assembly, made: Array) -> None:
        self._assembly = assembly
        self._made = made
        self._alpha = _alpha_beside(assembly.canvas)
        self._between: tuple[int, Between] | None = None

    def at(self, frame: int) -> Picture:
        """What the block shows at a frame of the canvas; between two of its frames, by motion."""
        number, share = self._assembly.layout.place(frame)
        if not share:
            return self._picture(number)
        if self._between is None or self._between[0] != number:
            pair = self._picture(number), self._picture(number + 1)
            self._between = number, Between.measure(*pair)
        return self._between[1].make(float(share)).picture

    def _picture(self, number: int) -> Picture:
        """Frame `number` of the block: the real one where there is one."""
        canvas, layout = self._assembly.canvas, self._assembly.layout
        moment = layout.moments[number]
        if not layout.masked and moment.denominator == 1:
            known = canvas.known.get(moment.numerator)
            if known is not None and known.mask is None:
                return known.picture
        rgb = self._assembly.fit.back(self._made[number])
        return from_rgb(rgb, canvas.format, self._alpha)


def _alpha_beside(canvas: Canvas) -> Array | None:
    """The plane of alpha of the known frame that is nearest to what is wanted."""
    if not canvas.format.has_alpha or not canvas.known:
        return None
    middle = canvas.wanted.start if canvas.forward else canvas.wanted.stop
    nearest = min(canvas.known, key=lambda frame: abs(frame - middle))
    return canvas.known[nearest].picture.planes[-1]


def _on_plane(share: Array, size: tuple[int, ...]) -> Array:
    """`share`, H W of the luma, at the size of a plane: of a sample the most of its pixels."""
    if share.shape == size:
        return share
    down, across = (-(-a // b) for a, b in zip(share.shape, size, strict=True))
    below, right = size[0] * down - share.shape[0], size[1] * across - share.shape[1]
    share = cv2.copyMakeBorder(share, 0, below, 0, right, cv2.BORDER_REPLICATE)
    return share.reshape(size[0], down, size[1], across).max(axis=(1, 3))


def _mixed(own: Array, new: Array, share: Array) -> Array:
    mixed = np.rint(own + share * (new.astype(np.float32) - own))
    return np.ascontiguousarray(np.where(share > 0, mixed, own).astype(own.dtype))
