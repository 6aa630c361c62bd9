"""How much lighter or darker the camera shows the same from frame to frame: one number for each."""

import cv2
import numpy as np

from longtake_engine.models.removal.box import Array
from longtake_engine.models.removal.camera import Camera, carried
from longtake_engine.models.removal.match import read
from longtake_engine.models.removal.shot import CELL, Shot
from longtake_engine.picture import PictureFormat

BLACK = 16  # 8-bit level of black where the range is limited
LEAST = 12.0  # 8-bit levels over black that a ratio can be told from
ALIKE = 0.06  # of the ratio: what differs by more is something that moved
FEW = 24  # cells
STEADY = 0.0015  # a smaller change is noise of the measurement
MOST = 1.5  # times, from frame to frame


class Iris:
    """The changes between neighbouring frames of a shot, each measured once."""

    def __init__(self, shot: Shot, camera: Camera) -> None:
        self._shot = shot
        self._camera = camera
        self._steps: dict[int, float] = {}
        self._black = _black(shot.format)

    def ratio(self, source: int, target: int) -> float:
        """What the light of frame `source` is multiplied by in frame `target`."""
        first, last = min(source, target), max(source, target)
        steps = float(np.prod([self._step(frame) for frame in range(first, last)]))
        return steps if source < target else 1 / steps

    def lit(self, values: Array, number: int, ratio: float) -> Array:
        """`values` of plane `number` (float32) in a light `ratio` times as strong."""
        if ratio == 1:
            return values
        format = self._shot.format
        if format.has_alpha and number == format.plane_count - 1:
            return values
        level = (format.max_value + 1) / 256
        rest = np.float32(128 * level if format.is_chroma(number) else self._black * level)
        return rest + np.float32(ratio) * (values - rest)

    def lit_luma(self, values: Array, ratio: float) -> Array:
        """8-bit levels of the luma (float32) in a light `ratio` times as strong."""
        black = np.float32(self._black)
        return black + np.float32(ratio) * (values - black)

    def _step(self, frame: int) -> float:
        if frame not in self._steps:
            self._steps[frame] = self._measure(frame)
        return self._steps[frame]

    def _measure(self, frame: int) -> float:
        shot = self._shot
        closed, beyond = shot.cells(frame), shot.cells(frame + 1)
        height, width = closed.shape
        before, after = (
            cv2.resize(
                shot.view(number).luma, (width, height), interpolation=cv2.INTER_AREA
            ).astype(np.float32)
            - self._black
            for number in (frame, frame + 1)
        )
        rows, columns = np.nonzero(~closed & (before > LEAST))
        if len(rows) < FEW:
            return 1.0
        centres = (np.stack([columns, rows], -1).astype(np.float32) + 0.5) * CELL - 0.5
        at = (carried(centres, self._camera.step(frame)) + 0.5) / CELL - 0.5
        there = np.rint(at).astype(int)
        inside = (there >= 0).all(1) & (there[:, 0] < width) & (there[:, 1] < height)
        there = np.clip(there, 0, (width - 1, height - 1))
        inside &= ~beyond[there[:, 1], there[:, 0]]
        if inside.sum() < FEW:
            return 1.0
        was = before[rows, columns][inside]
        now = read(after, at[None, inside])[0]
        ratio = float(np.median(now / was))
        same = np.abs(now / was - ratio) < ALIKE
        if same.sum() < FEW:
            return 1.0
        ratio = float(now[same].sum() / was[same].sum())
        return ratio if abs(ratio - 1) > STEADY and 1 / MOST < ratio < MOST else 1.0


def _black(format: PictureFormat) -> float:
    """8-bit level of the luma."""
    limited = format.family == "yuv" and format.color.range != "pc"
    return float(BLACK) if limited else 0.0
