"""Regions of a picture, each showing a run of its own, put together at full size."""

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from longtake_engine.models.flow import Array, pixel_grid, sample
from longtake_engine.models.loop.itinerary import Run
from longtake_engine.models.loop.onward import Onward
from longtake_engine.models.loop.passage import Passage, measure_passage
from longtake_engine.models.loop.region import grid_size
from longtake_engine.models.reel import Reel
from longtake_engine.picture import Picture

STILL = 0.04  # small pixels: fields nowhere longer read the picture as it is
BORDER = 0.8  # cells: spread of the border between regions
FLICKER = 8.0  # 8-bit levels of change that is still flicker; half of it is carried over
RECENT = 8  # steps of the clip that the first made one is to be like
HASTE = 0.3  # 8-bit levels a step, while the first run is only the last picture carried on


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the picture, in cells, half-open."""

    top: int
    bottom: int
    left: int
    right: int

    def on(self, plane: Array, grid: tuple[int, int]) -> tuple[slice, slice]:
        """Its rows and columns in a plane."""
        height, width = plane.shape
        down, across = grid
        return (
            slice(self.top * height // down, -(-self.bottom * height // down)),
            slice(self.left * width // across, -(-self.right * width // across)),
        )


@dataclass(slots=True)
class Strand:
    """One region over all steps."""

    reel: Reel
    runs: tuple[Run, ...]
    onward: Onward
    speed: float  # of the region, small pixels a step
    mask: Array | None  # h w in cells, 0 to 1; None for the whole picture
    _passage: tuple[int, Passage] | None = None  # the latest, and the number of the run it leads to
    _flicker: float | None = None  # share of the first run's that its passage begins with

    def __post_init__(self) -> None:
        self._grid = grid_size(self.reel.small[0].luma)

    _grid: tuple[int, int] = (0, 0)

    @property
    def box(self) -> Box:
        """Where the region is."""
        height, width = self._grid
        if self.mask is None:
            return Box(0, height, 0, width)
        rows, columns = np.flatnonzero(self.mask.any(1)), np.flatnonzero(self.mask.any(0))
        return Box(int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1)

    def plane(self, number: int, step: int, box: Box) -> Array:
        """Plane `number` at `step`, the part in `box`."""
        at = max(n for n, run in enumerate(self.runs) if run.start <= step)
        run = self.runs[at]
        within = step - run.start
        second = self.reel.plane(run.at(step), number)
        part = box.on(second, self._grid)
        if within >= run.passage:
            return second[part]
        if self.runs[at - 1].way:
            return self._passing(at, step, box, number)
        if self._flicker is None:
            self._flicker = self._measure_flicker(at, step, box)
        return self._passing(at, step, box, number, self._flicker)

    def _passing(self, at: int, step: int, box: Box, number: int, flicker: float = 0.0) -> Array:
        """The part in `box` of plane `number` on the way from run `at` - 1 to run `at`.

        `flicker` is the share of the new run's small changes that the old picture, where it is
        carried on, flickers and shimmers with: 0 to 1.
        """
        run = self.runs[at]
        within = step - run.start
        passage = self._passage_to(at)
        first = self.reel.plane(self.runs[at - 1].at(step), number)
        second = self.reel.plane(run.at(step), number)
        share = self._enlarge(passage.share(within), box, second)
        left = self._read(first, passage.into_first[within], box, number).astype(np.float32)
        right = self._read(second, passage.into_second[within], box, number)
        if flicker:
            part = box.on(second, self._grid)
            begun = self.reel.plane(run.picture - run.way, number)[part]
            left += flicker * _small_change(begun, second[part], self.reel.format.max_value)
        mixed = left + share * (right - left)
        return (np.clip(mixed, 0, self.reel.format.max_value) + 0.5).astype(second.dtype)

    def _measure_flicker(self, at: int, step: int, box: Box) -> float:
        """The share of flicker that makes the first step as large as the clip's own."""
        count = len(self.reel)
        last = self.reel.plane(count - 1, 0)
        part = box.on(last, self._grid)

        def size(first: Array, second: Array) -> float:
            change = cv2.absdiff(first, second).astype(np.float32)
            if self.mask is not None:
                change *= self._enlarge(self.mask, box, last)
            return float(change.mean()) ** 2

        recent = (self.reel.plane(n, 0)[part] for n in range(max(0, count - RECENT - 1), count))
        usual = [size(a, b) for a, b in pairwise(recent)]
        without, whole = (
            size(self._passing(at, step, box, 0, share), last[part]) for share in (0.0, 1.0)
        )
        missing = float(np.mean(usual)) - without if usual else 0.0
        return float(np.clip(missing / max(whole - without, 1e-3), 0, 1)) ** 0.5

    def _passage_to(self, at: int) -> Passage:
        if self._passage is None or self._passage[0] != at:
            self._passage = at, self._measure(at)
        return self._passage[1]

    def _measure(self, at: int) -> Passage:
        run, before = self.runs[at], self.runs[at - 1]
        steps = range(run.start, run.start + run.passage)
        second = [self.reel.small[run.at(step)].luma for step in steps]
        first = [self.reel.small[before.at(step)].luma for step in steps]
        # What glides faster than the region moves by itself is seen.
        reach = 1 + self.speed * len(steps)
        if before.way:
            return measure_passage(first, second, self._grid, reach)
        # The clip is over: its last picture is carried on while the passage lasts.
        onward = [self.onward.field(step) for step in steps]
        places = pixel_grid(*first[0].shape)
        carried = [sample(a, places + field) for a, field in zip(first, onward, strict=True)]
        passage = measure_passage(carried, second, self._grid, reach, HASTE)
        fields = [
            into + sample(field, places + into)
            for into, field in zip(passage.into_first, onward, strict=True)
        ]
        return Passage(tuple(fields), passage.into_second, passage.moment, passage.feather)

    def _enlarge(self, cells: Array, box: Box, plane: Array) -> Array:
        """The cells in `box`, at the size of `plane`."""
        rows, columns = box.on(plane, self._grid)
        size = columns.stop - columns.start, rows.stop - rows.start
        part = cells[box.top : box.bottom, box.left : box.right]
        return cv2.resize(part, size, interpolation=cv2.INTER_LINEAR)

    def _read(self, plane: Array, field: Array, box: Box, number: int) -> Array:
        """The part of `plane` in `box`, read along `field`."""
        rows, columns = box.on(plane, self._grid)
        part = field[box.on(field[..., 0], self._grid)]
        if np.abs(part).max() < STILL:
            return plane[rows, columns]
        size = columns.stop - columns.start, rows.stop - rows.start
        offset = cv2.resize(part, size, interpolation=cv2.INTER_LINEAR)
        ratio_x, ratio_y = plane.shape[1] / field.shape[1], plane.shape[0] / field.shape[0]
        x = offset[..., 0] * ratio_x + np.arange(columns.start, columns.stop, dtype=np.float32)
        y = offset[..., 1] * ratio_y
        y += np.arange(rows.start, rows.stop, dtype=np.float32)[:, None]
        read = cv2.remap(plane, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        return np.minimum(read, plane.dtype.type(self.reel.format.max_value))


def _small_change(begun: Array, now: Array, max_value: int) -> Array:
    """The change from `begun` to `now` as far as it is small, float32."""
    most = np.float32(FLICKER / 255 * max_value)
    change = np.subtract(now, begun, dtype=np.float32)
    # What changes by more has moved, and would be seen twice.
    return change / (1 + np.square(change / most))


def soften(label: Array) -> Array:
    """How much each cell belongs to a region, h w float32, for the region's own cells h w bool."""
    soft = cv2.GaussianBlur(label.astype(np.float32), (0, 0), BORDER)
    soft[soft < 0.02] = 0
    return soft


def weave(strands: list[Strand], step: int, under: Picture | None = None) -> Picture:
    """The picture at `step`: the strands one over the other, on top of `under`.

    Where there is no `under`, the first strand is of the whole picture.
    """
    format = strands[0].reel.format
    planes = []
    for number in range(format.plane_count):
        if under is None:
            plane = np.array(strands[0].plane(number, step, strands[0].box))
        else:
            plane = np.array(under.planes[number])
        for strand in strands[0 if under else 1 :]:
            _lay_over(plane, strand, number, step)
        planes.append(plane)
    return Picture(tuple(planes), format)


def _lay_over(plane: Array, strand: Strand, number: int, step: int) -> None:
    box = strand.box
    over = strand.plane(number, step, box)
    part = box.on(plane, strand._grid)
    if strand.mask is None:
        plane[part] = over
        return
    mask = strand._enlarge(strand.mask, box, plane)
    under = plane[part].astype(np.float32)
    plane[part] = (under + mask * (over - under) + 0.5).astype(plane.dtype)
