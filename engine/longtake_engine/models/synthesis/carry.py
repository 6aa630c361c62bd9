"""Invented pixels that stay with the scene from frame to frame, so that nothing flickers.

Not colours are carried on but places: where in which earlier picture a pixel is to be found. So a
pixel is sampled once, however far it came, and does not get softer on its way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.models.flow import pixel_grid
from longtake_engine.models.synthesis.blend import blend
from longtake_engine.models.synthesis.network_run import FillRun
from longtake_engine.models.synthesis.patch import Array
from longtake_engine.models.synthesis.sample import read, samples_in
from longtake_engine.models.synthesis.settle import settled
from longtake_engine.models.synthesis.still import fill_still
from longtake_engine.picture import Picture

RIM = 17  # pixels: side of the square by which a hole is widened
MOST_KEYS = 6  # pictures held; with more, all is sampled anew into the latest
NEAR = 1.5  # pixels between the places of neighbours that lie in one piece
NONE = -1


@dataclass(slots=True)
class Carried:
    """Where each pixel of a hole, and of a rim around it, is to be found."""

    made: Array  # H W bool: it was invented
    key: Array  # H W int32: in which picture; NONE for nowhere yet
    place: Array  # H W 2 float32: x and y there, luma pixels


@dataclass(slots=True)
class Synthesis:
    """Fills what no frame ever saw, frame after frame in one direction.

    The first frame is filled from its own surroundings; each next one shows the same again where
    `back` says that it lies, and only what is newly uncovered is filled anew.
    """

    cancel: CancelToken = field(default_factory=CancelToken)
    seed: int = 0
    cautious: bool = False  # what is made up is taken back where it may not belong there
    network: FillRun | None = None  # betters what is filled evenly, where it is cautious
    _keys: dict[int, Picture] = field(default_factory=dict)
    _last: Carried | None = None
    _count: int = 0

    def fill(
        self,
        picture: Picture,
        hole: Array,
        back: Array | None = None,
        allowed: Array | None = None,
    ) -> Picture:
        """`picture` with its hole filled; outside the hole every number is kept.

        Args:
            picture: The next frame; what lies in the hole is never read.
            hole: H W bool, at the luma's size: what is still unknown of it.
            back: H W 2 float32, luma pixels: from each pixel to where it lies in the frame that
                was filled before. Known within the hole too. None where nothing is to be carried
                on: the first frame, or after a cut.
            allowed: H W bool: what may be copied; None for all outside the hole. (Keep out what
                stands in front and is to stay.)

        Raises:
            Cancelled: `cancel` was set.
        """
        around = cv2.dilate(hole.astype(np.uint8), np.ones((RIM, RIM), np.uint8)) > 0
        carried = self._carried(around, back)
        self._last = carried
        if not hole.any():
            return picture
        old = hole & carried.made
        new = hole & ~old
        pieces = picture
        if old.any():
            # The rim shows how bright the scene was then and is now.
            shown = gathered(picture, self._keys, around, carried)
            rim = around & ~hole & (carried.key != NONE)
            pieces = blend(picture, shown, old, rim)
        if new.any():
            free = ~hole if allowed is None else allowed & ~hole
            made = fill_still(pieces, new, free | old, cancel=self.cancel, seed=self.seed)
            blended = blend(pieces, made.picture, new)
            if self.cautious:
                blended = settled(pieces, blended, new, made.source, self.network)
            pieces = blended
            fresh = new | (around & ~hole & (carried.key == NONE))
            self._keep(pieces, fresh, carried)
        carried.made = hole
        return pieces

    def branch(self) -> "Synthesis":
        """Another that goes on from the same frame, in the other direction."""
        last = self._last
        copy = None if last is None else Carried(last.made, last.key.copy(), last.place.copy())
        return replace(self, _keys=dict(self._keys), _last=copy)

    def _carried(self, around: Array, back: Array | None) -> Carried:
        """Where the pixels of `around` are found, by what was known of the frame before."""
        height, width = around.shape
        key = np.full((height, width), NONE, np.int32)
        carried = Carried(np.zeros_like(around), key, np.zeros((height, width, 2), np.float32))
        last = self._last
        if back is None or last is None or last.key.shape != around.shape:
            self._keys.clear()
            return carried
        row, column = np.nonzero(around)
        at = np.stack([column, row], 1) + back[row, column]
        near = np.rint(at).astype(np.int64)
        inside = ((near >= 0) & (near < (width, height))).all(1)
        near = np.clip(near, 0, (width - 1, height - 1))
        found = np.where(inside, last.key[near[:, 1], near[:, 0]], NONE)
        key[row, column] = found
        carried.made[row, column] = (found != NONE) & last.made[near[:, 1], near[:, 0]]
        carried.place[row, column] = _between(last, near, at - near)
        used = set(np.unique(found).tolist())
        self._keys = {number: kept for number, kept in self._keys.items() if number in used}
        return carried

    def _keep(self, picture: Picture, fresh: Array, carried: Carried) -> None:
        """Let `fresh` be found in `picture`, and all of it if many pictures are held."""
        number, self._count = self._count, self._count + 1
        if len(self._keys) >= MOST_KEYS:
            self._keys.clear()
            fresh = fresh | (carried.key != NONE)
        self._keys[number] = picture
        carried.key[fresh] = number
        carried.place[fresh] = pixel_grid(*fresh.shape)[fresh]


def gathered(
    picture: Picture, keys: Mapping[int, Picture], around: Array, carried: Carried
) -> Picture:
    """`picture` with those pixels of `around` that are carried, each sampled where it is found."""
    format, planes = picture.format, []
    held = around & (carried.key != NONE)
    for number, plane in enumerate(picture.planes):
        samples = samples_in(held, format, number)
        lead_x, lead_y = samples.leader.T
        x, y = samples.moved(carried.place[lead_y, lead_x] - samples.leader)
        which = carried.key[lead_y, lead_x]
        filled = plane.copy()
        for key, kept in keys.items():
            own = which == key
            values = read(kept.planes[number], x[own], y[own], format.max_value)
            filled[samples.row[own], samples.column[own]] = values
        planes.append(filled)
    return Picture(tuple(planes), format)


def _between(last: Carried, near: Array, rest: Array) -> Array:
    """The places that pixels of the last frame had, at `near` + `rest` (N 2 each) of it.

    Between neighbours of one piece the place lies between theirs too, so that growing and turning
    add up; at a piece's edge it goes on as the camera's pixels do, one for one.
    """
    height, width = last.key.shape
    start = last.place[near[:, 1], near[:, 0]]
    moved = start.copy()
    for axis, unit in enumerate(((1, 0), (0, 1))):
        share = rest[:, axis]
        toward = np.sign(share).astype(np.int64)[:, None] * np.array(unit)
        beside = np.clip(near + toward, 0, (width - 1, height - 1))
        slope = last.place[beside[:, 1], beside[:, 0]] - start
        straight = toward.astype(np.float32)
        same = last.key[beside[:, 1], beside[:, 0]] == last.key[near[:, 1], near[:, 0]]
        smooth = same & (np.abs(slope - straight).max(1) < NEAR)
        slope = np.where(smooth[:, None], slope, straight)
        moved += slope * np.abs(share)[:, None]
    return moved
