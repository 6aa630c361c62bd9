"""Where a thing is, between the boxes that were drawn for it."""

from dataclasses import dataclass

import numpy as np

from longtake_engine.work import BoxPath


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle, in pixels of the picture, between two too."""

    x: float
    y: float
    width: float
    height: float


class BoxCourse:
    """A smooth course through the boxes of a path, at rest beyond its ends.

    Splines through the boxes (Catmull and Rom 1974, for uneven times); a coordinate that turns at a
    box does not swing beyond it.
    """

    def __init__(self, path: BoxPath) -> None:
        self._frames = np.array([box.frame for box in path.boxes], np.float64)
        self._boxes = np.array(
            [(box.x, box.y, box.width, box.height) for box in path.boxes], np.float64
        )
        steps = np.diff(self._frames)[:, None]
        speeds = np.diff(self._boxes, axis=0) / steps
        slopes = np.zeros_like(self._boxes)
        if len(speeds) > 1:
            before, after = speeds[:-1], speeds[1:]
            mean = (before * steps[1:] + after * steps[:-1]) / (steps[1:] + steps[:-1])
            least = 2 * np.minimum(abs(before), abs(after))
            turned = before * after <= 0
            slopes[1:-1] = np.where(turned, 0, np.sign(mean) * np.minimum(abs(mean), least))
        slopes[0], slopes[-1] = speeds[0], speeds[-1]
        self._slopes = slopes

    def at(self, frame: float) -> Place:
        """Where the thing is at a frame, between whole ones too."""
        frames = self._frames
        frame = float(np.clip(frame, frames[0], frames[-1]))
        number = int(np.clip(np.searchsorted(frames, frame, "right") - 1, 0, len(frames) - 2))
        step = frames[number + 1] - frames[number]
        t = (frame - frames[number]) / step
        one, two = self._boxes[number], self._boxes[number + 1]
        out, into = self._slopes[number] * step, self._slopes[number + 1] * step
        value = (
            (2 * t**3 - 3 * t**2 + 1) * one
            + (t**3 - 2 * t**2 + t) * out
            + (3 * t**2 - 2 * t**3) * two
            + (t**3 - t**2) * into
        )
        x, y, width, height = (float(part) for part in value)
        return Place(x, y, max(width, 1.0), max(height, 1.0))
