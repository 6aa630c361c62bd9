"""What no frame of a shot ever saw, made up so that it stays where it is in the scene.

A few frames are keys: their whole border is made up at once, from what is known beside it. All
other frames show the same again, where the camera's move says that it lies. So nothing flickers,
nothing gets softer on its way, and little is made twice.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.models.border.astir import astir
from longtake_engine.models.border.sighting import Laid, Sightings
from longtake_engine.models.border.still import evenly, make_up
from longtake_engine.models.removal.camera import carried
from longtake_engine.models.removal.shot import Shot
from longtake_engine.models.synthesis import blend
from longtake_engine.models.synthesis.sample import read, samples_in
from longtake_engine.picture import Picture

Array = np.ndarray
AHEAD = 24  # frames: what comes into sight until then is made up together
MOST_KEYS = 4
RIM = 17  # pixels: side of the square by which a hole is widened, to compare light
FEW = 0.002  # of the picture: less is not worth a key
CLEAN = 0.7  # trust in what other frames saw, from which on it may be copied
LEAST_STILL = 0.3  # of what may be copied, that stands still: else the rest is copied too
NONE = -1


@dataclass(frozen=True, slots=True)
class Key:
    """A frame whose border is made up."""

    frame: int
    picture: Picture  # nothing of it is unknown
    made: Array  # H W bool: made up
    source: Array  # H W 2 float32: x and y that each pixel was copied from; its own where known


@dataclass(frozen=True, slots=True)
class _Found:
    """Where pixels of a frame are found in keys."""

    key: Array  # H W int32: number of the key, NONE for nowhere
    place: Array  # H W 2 float32: x and y there


class Scenery:
    """The made-up border of a shot's frames, asked for in rising order."""

    def __init__(
        self,
        shot: Shot,
        sightings: Sightings,
        cancel: CancelToken,
        *,
        living: bool,
        seed: int,
    ) -> None:
        """`living` copies anew on every frame, from where the key copied; else the key is shown."""
        self._shot = shot
        self._sightings = sightings
        self._cancel = cancel
        self._living = living
        self._seed = seed
        self._keys: list[Key] = []

    def fill(self, frame: int, laid: Laid) -> Picture:
        """The frame with all of its border."""
        blind = laid.blind
        if not blind.any():
            return laid.picture
        least = FEW * blind.size
        if (blind & (self._found(frame, blind).key == NONE)).sum() > least:
            self._look_ahead(frame, least)
        found = self._found(frame, _around(blind))
        missing = blind & (found.key == NONE)
        picture = self._shown(frame, laid, found)
        if not missing.any():
            return picture
        if missing.sum() <= least:
            return evenly(picture, missing)
        whole, source = self._made_up(frame, picture, missing, laid)
        self._hold(Key(frame, whole, blind, source))
        return whole

    def _look_ahead(self, frame: int, least: float) -> None:
        """Make up what will have come into sight soon, while most is known beside it."""
        ahead = min(frame + AHEAD, self._shot.canvas.wanted.stop - 1)
        if ahead == frame or any(key.frame == ahead for key in self._keys):
            return
        laid = self._sightings.laid(ahead)
        found = self._found(ahead, _around(laid.blind))
        missing = laid.blind & (found.key == NONE)
        if missing.sum() <= least:
            return
        shown = self._shown(ahead, laid, found)
        whole, source = self._made_up(ahead, shown, missing, laid)
        self._hold(Key(ahead, whole, laid.blind, source))

    def _made_up(
        self, frame: int, picture: Picture, hole: Array, laid: Laid
    ) -> tuple[Picture, Array]:
        """`picture` with `hole` made up, and from where; of what stands still, where it can be."""
        allowed = ~hole & ~laid.blind & (laid.sure > CLEAN)
        still = allowed & ~astir(self._shot, self._sightings.camera, frame)
        if still.sum() > LEAST_STILL * allowed.sum():
            allowed = still
        return make_up(picture, hole, allowed, self._cancel, self._seed)

    def _hold(self, key: Key) -> None:
        self._keys = [*self._keys[-(MOST_KEYS - 1) :], key]

    def _found(self, frame: int, wanted: Array) -> _Found:
        """Where the pixels of `wanted` are found: the hidden ones in what is made up, those round
        them in anything."""
        height, width = wanted.shape
        key = np.full((height, width), NONE, np.int32)
        place = np.zeros((height, width, 2), np.float32)
        row, column = np.nonzero(wanted)
        own = np.stack([column, row], -1).astype(np.float32)
        for number in range(len(self._keys) - 1, -1, -1):
            held = self._keys[number]
            at = carried(own, self._move(frame, held.frame))
            near = np.rint(at).astype(np.int64)
            inside = ((near >= 0) & (near < (width, height))).all(1)
            near = np.clip(near, 0, (width - 1, height - 1))
            new = inside & (key[row, column] == NONE)
            key[row[new], column[new]] = number
            place[row[new], column[new]] = at[new]
        return _Found(key, place)

    def _move(self, frame: int, other: int) -> Array:
        """3 × 3: from full-size pixels of `frame` to those of `other`."""
        low, high = min(frame, other), max(frame, other)
        small = self._sightings.camera.moves(frame, range(low, high + 1))[other]
        format, (height, width) = self._shot.format, self._shot.size
        across, down = format.width / width, format.height / height
        # Pixels are squares: their centres lie half a pixel in, at every size.
        larger = np.array(
            [[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2], [0, 0, 1]], np.float64
        )
        return larger @ small @ np.linalg.inv(larger)

    def _shown(self, frame: int, laid: Laid, found: _Found) -> Picture:
        """The frame with what keys show of its border, in its own light."""
        blind = laid.blind
        held = found.key != NONE
        if not (blind & held).any():
            return laid.picture
        shown = self._gathered(laid.picture, found)
        rim = held & ~blind
        if self._living:
            alive = self._alive(frame, shown, laid, found)
            return blend(laid.picture, alive, blind & held)
        return blend(laid.picture, shown, blind & held, rim)

    def _gathered(self, picture: Picture, found: _Found) -> Picture:
        """`picture` with what is found in keys, sampled there."""
        format, planes = picture.format, []
        held = found.key != NONE
        for number, plane in enumerate(picture.planes):
            samples = samples_in(held, format, number)
            lead_x, lead_y = samples.leader.T
            x, y = samples.moved(found.place[lead_y, lead_x] - samples.leader)
            which = found.key[lead_y, lead_x]
            filled = plane.copy()
            for place, kept in enumerate(self._keys):
                own = which == place
                if own.any():
                    values = read(kept.picture.planes[number], x[own], y[own], format.max_value)
                    filled[samples.row[own], samples.column[own]] = values
            planes.append(filled)
        return Picture(tuple(planes), format)

    def _alive(self, frame: int, shown: Picture, laid: Laid, found: _Found) -> Picture:
        """`shown` with what is made up copied from this very frame, where it shows the place that
        the key copied from."""
        height, width = laid.blind.shape
        hidden = laid.blind & (found.key != NONE)
        row, column = np.nonzero(hidden)
        at = np.stack([column, row], -1).astype(np.float32)
        known = np.zeros(len(row), bool)
        for number, key in enumerate(self._keys):
            mine = np.flatnonzero(found.key[row, column] == number)
            if not len(mine):
                continue
            there = found.place[row[mine], column[mine]]
            near = np.clip(np.rint(there), 0, (width - 1, height - 1)).astype(int)
            source = key.source[near[:, 1], near[:, 0]] + (there - near)
            back = carried(source.astype(np.float32), self._move(key.frame, frame))
            here = np.rint(back).astype(int)
            inside = ((here >= 0) & (here < (width, height))).all(1)
            here = np.clip(here, 0, (width - 1, height - 1))
            seen = inside & ~laid.blind[here[:, 1], here[:, 0]]
            at[mine[seen]] = back[seen]
            known[mine[seen]] = True
        way = np.zeros((height, width, 2), np.float32)
        way[row[known], column[known]] = at[known]
        alive = np.zeros((height, width), bool)
        alive[row[known], column[known]] = True
        return _copied(shown, laid.picture, alive, way)


def _copied(picture: Picture, source: Picture, where: Array, place: Array) -> Picture:
    """`picture` with the pixels `where` as `source` has them at `place` (H W 2)."""
    format, planes = picture.format, []
    for number, plane in enumerate(picture.planes):
        samples = samples_in(where, format, number)
        lead_x, lead_y = samples.leader.T
        x, y = samples.moved(place[lead_y, lead_x] - samples.leader)
        filled = plane.copy()
        filled[samples.row, samples.column] = read(source.planes[number], x, y, format.max_value)
        planes.append(filled)
    return Picture(tuple(planes), format)


def _around(blind: Array) -> Array:
    return cv2.dilate(blind.astype(np.uint8), np.ones((RIM, RIM), np.uint8)) > 0
