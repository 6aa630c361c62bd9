"""What other frames of a shot saw of the border of one."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.models.removal.aligned import Aligned, Fill
from longtake_engine.models.removal.box import Box
from longtake_engine.models.removal.camera import Camera
from longtake_engine.models.removal.iris import Iris
from longtake_engine.models.removal.shot import Shot, dilated
from longtake_engine.models.spread import spread
from longtake_engine.models.synthesis import blend
from longtake_engine.models.synthesis.sample import mask_of
from longtake_engine.picture import Picture

Array = np.ndarray
SEEN = 0.5  # share of a pixel that others saw, from which on it counts as seen
EDGE = 9  # pixels within the known picture by which it is told how bright its border must be
SPECK = 5  # pixels: what is thinner is not made up but filled evenly


@dataclass(frozen=True, slots=True)
class Laid:
    """A frame with what of its border some frame saw."""

    picture: Picture
    blind: Array  # H W bool: what nobody saw; the picture holds anything there
    sure: Array  # H W float32: how far what is seen is agreed on; 1 where known


class Still(Camera):
    """A camera that is taken to stand: where something large moves before it, its own move cannot
    be told."""

    def step(self, frame: int) -> Array:
        """3 × 3 float64: none."""
        return np.eye(3)


class Sightings:
    """What others saw, frame by frame.

    Attributes:
        camera: How it moved in the shot.
    """

    def __init__(
        self, shot: Shot, camera: Camera, pool: ThreadPoolExecutor, cancel: CancelToken
    ) -> None:
        self.camera = camera
        self._shot = shot
        self._cancel = cancel
        self._aligned = Aligned(shot, self.camera, Iris(shot, self.camera), pool)

    def laid(self, frame: int) -> Laid:
        """The frame with what others saw of its border."""
        self._cancel.check()
        own, hidden = self._shot.picture(frame), self._shot.hidden(frame)
        fill = self._aligned.fill(frame)
        if hidden is None or fill is None:
            nothing = np.zeros(own.luma.shape, bool)
            return Laid(own, nothing, np.ones(own.luma.shape, np.float32))
        sure = self._sure(fill, hidden)
        told = hidden & (sure > SEEN)
        blind = _without_specks(hidden & ~told)
        picture = self._filled(own, hidden, told, fill)
        # What is told beside the edge and known there is compared, and the border made as bright.
        edge = dilated(hidden, EDGE) & ~hidden & (self._told(fill, hidden.shape) > SEEN)
        picture = blend(own, picture, hidden & ~blind, edge if edge.any() else None)
        return Laid(picture, blind, np.where(hidden, sure, np.float32(1)))

    def _told(self, fill: Fill, size: tuple[int, ...]) -> Array:
        """H W float32, at full size: the share of each pixel that others saw."""
        told = np.zeros(size, np.float32)
        scale = self._aligned.scales[0]
        told[scale.box(fill.box).part] = scale.bring(fill.seen, fill.box)
        return told

    def _sure(self, fill: Fill, hidden: Array) -> Array:
        return np.where(hidden, self._told(fill, hidden.shape), np.float32(0))

    def _filled(self, own: Picture, hidden: Array, told: Array, fill: Fill) -> Picture:
        """`own` with all that others told of it, and the rest of its border as they did beside
        it."""
        planes = []
        near = told | dilated(hidden, EDGE) & ~hidden
        for number, scale in enumerate(self._aligned.scales):
            part = scale.box(fill.box).part
            wanted = mask_of(near, own.format, number)[part]
            closed = mask_of(hidden, own.format, number)[part]
            plane = own.planes[number].copy()
            values = np.where(wanted, fill.planes[number], np.float32(0))
            known = (wanted | ~closed).astype(np.float32)
            values = np.where(closed | wanted, values, plane[part].astype(np.float32))
            whole = np.where(known > 0, values, spread(values, known))
            plane[part] = np.clip(np.rint(whole), 0, own.format.max_value).astype(plane.dtype)
            planes.append(plane)
        return Picture(tuple(planes), own.format)


def _without_specks(blind: Array) -> Array:
    """Without what is thinner than a few pixels: that is filled well enough from beside it."""
    if Box.around(blind) is None:
        return blind
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (SPECK, SPECK))
    whole = cv2.morphologyEx(blind.astype(np.uint8), cv2.MORPH_OPEN, kernel)
    return dilated(whole > 0, SPECK // 2) & blind
