"""Motion between two neighbouring frames where either has a hole."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.removal.box import Array, Box
from longtake_engine.models.removal.camera import Camera, carried
from longtake_engine.models.removal.held import keep_near
from longtake_engine.models.removal.match import completed, lay, positions, read, rest
from longtake_engine.models.removal.shot import RUN, TRAIL, Shot, dilated

MARGIN = 20  # pixels around the holes
FARTHEST = 160  # pixels by which a part is made larger for a quick camera
SPOILT = 12  # pixels around a hole in which its edges spoil the measurement
HELD = RUN + TRAIL + 4  # pairs of frames: of one run, and as far as its trails go


@dataclass(frozen=True, slots=True)
class Link:
    """Where the pixels of a part of two neighbouring frames are seen in the other one."""

    box: Box
    onward: Array  # h w 2 float32: from the first to the second
    back: Array  # h w 2 float32: from the second to the first


class Links:
    """The motion between neighbouring frames, each measured once as long as it is needed."""

    def __init__(
        self,
        shot: Shot,
        camera: Camera,
        pool: ThreadPoolExecutor,
        filled: Callable[[int], Array] | None,
    ) -> None:
        """Measured on what `filled` gives of each frame (H W uint8); None: on the frames with
        their holes, in which the motion is taken from around them."""
        self._shot = shot
        self._camera = camera
        self._pool = pool
        self._filled = filled
        self._held: dict[int, Link] = {}

    def link(self, frame: int) -> Link:
        """Between `frame` and the next, one of which must have a hole."""
        if frame not in self._held:
            self._held[frame] = self._measure(frame)
            keep_near(self._held, frame, HELD)
        return self._held[frame]

    def _measure(self, frame: int) -> Link:
        views = self._shot.view(frame), self._shot.view(frame + 1)
        move = self._camera.step(frame)
        box = Box.around(views[0].near | views[1].near)
        assert box is not None
        corners = box.grid()[:: box.height - 1 or 1, :: box.width - 1 or 1]
        far = float(np.abs(carried(corners, move) - corners).max())
        box = box.grown(MARGIN + round(min(far, FARTHEST)), self._shot.size)
        if self._filled:
            lumas = self._filled(frame), self._filled(frame + 1)
        else:
            lumas = views[0].luma, views[1].luma
        pairs = (0, 1, move), (1, 0, np.linalg.inv(move))

        def one(pair: tuple[int, int, Array]) -> Array:
            own, other, way = pair
            holes = None if self._filled else (views[own].hole, views[other].hole)
            return _field(lumas[own], lumas[other], holes, way, box)

        onward, back = self._pool.map(one, pairs)
        return Link(box, onward, back)


def _field(
    own: Array, other: Array, holes: tuple[Array, Array] | None, move: Array, box: Box
) -> Array:
    """h w 2: where the pixels of `box` are seen in `other`."""
    near = holes[1] if holes else np.zeros(own.shape, bool)
    laid, inside = lay(other, near, move, box)
    luma = own[box.part]
    field = rest(luma, laid, fine=False)
    if holes:
        unknown = dilated(holes[0][box.part] | ~inside, SPOILT)
        again = read(laid, Box(0, 0, box.width, box.height).grid() + field)
        fit = cv2.blur(cv2.absdiff(luma, again).astype(np.float32), (5, 5))
        field = completed(field, unknown, fit)
    return positions(box, field, move)
