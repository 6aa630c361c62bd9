"""A fade at the end: found, carried to its end at its own pace, and taken out of what is known."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from longtake_engine.picture import Picture, PictureFormat
from longtake_engine.tasks.glance import Glance

LEAST = 6  # frames
DEPTH = 0.15  # share of its contrast that the picture has lost by then, at least
LONGEST_S = 6  # a picture that takes longer to go is growing dark by itself
STRAIGHT = 0.06  # of what is lost: how far levels may lie off a straight line


@dataclass(frozen=True, slots=True)
class Fade:
    """A picture going to black or white in equal steps of its code values.

    The level of the last real frame is 1; `slope` is what each further frame loses of it.
    """

    white: bool
    slope: float
    steps: int  # real frames that it has lasted, the last one not counted

    def level(self, step: int) -> float:
        """The level `step` frames after the last real one; negative steps lie before it."""
        return max(0.0, 1 - self.slope * max(step, -self.steps))

    def at(self, picture: Picture, level: float, start: float = 1.0) -> Picture:
        """`picture`, which is at the level `start`, at `level`; the very one where both are the
        same."""
        if level == start:
            return picture
        targets = _targets(picture.format, self.white)
        planes = tuple(
            plane if target is None else _toward(plane, target, level / start, picture.format)
            for plane, target in zip(picture.planes, targets, strict=True)
        )
        return Picture(planes, picture.format)


def find_fade(glances: Sequence[Glance], format: PictureFormat, rate: float) -> Fade | None:
    """The fade to black or white that the frames of one shot end in, if they clearly do."""
    spreads = np.array([glance.spread for glance in glances])
    for white in (False, True):
        end = ends(format)[white]
        away = np.array([(end - g.mean if white else g.mean - end) for g in glances])
        for steps in range(len(glances), LEAST - 1, -1):
            slope = _fit(spreads[-steps:], away[-steps:])
            if slope * LONGEST_S * rate > 1:
                return Fade(white, slope, steps - 1)
    return None


def _fit(spreads: np.ndarray, away: np.ndarray) -> float:
    """What each frame loses, where contrast and distance from the end fall evenly and together;
    else 0."""
    slopes = []
    for values in (spreads, away):
        lost = values[0] - values[-1]
        if lost < DEPTH * values[0] or values[-1] < 1 or lost < 4:
            return 0.0
        time = np.arange(len(values)) - (len(values) - 1)
        slope, last = np.polyfit(time, values, 1)
        if np.abs(values - last - slope * time).max() > max(STRAIGHT * lost, 0.5):
            return 0.0
        slopes.append(-slope / last)
    # Both are shares of what is left: in a fade they are the same.
    return float(np.mean(slopes)) if max(slopes) < 1.25 * min(slopes) else 0.0


def ends(format: PictureFormat) -> tuple[float, float]:
    """8-bit codes of black and white in the luma."""
    full = format.color.range == "pc" or (format.family == "rgb" and format.color.range != "tv")
    return (0.0, 255.0) if full else (16.0, 235.0)


def _targets(format: PictureFormat, white: bool) -> list[float | None]:
    """What each plane ends at; None for alpha."""
    scale = 1 << (format.bit_depth - 8)
    code = ends(format)[white]
    end = format.max_value if code == 255 else code * scale
    colors = format.plane_count - format.has_alpha
    middle = float(1 << (format.bit_depth - 1))
    return [
        None if number >= colors else middle if format.is_chroma(number) else end
        for number in range(format.plane_count)
    ]


def _toward(plane: np.ndarray, target: float, share: float, format: PictureFormat) -> np.ndarray:
    """`target` plus `share` of what the plane is away from it."""
    value = (plane.astype(np.float32) - np.float32(target)) * np.float32(share)
    value += np.float32(target + 0.5)
    return np.clip(value, 0, format.max_value).astype(plane.dtype)
