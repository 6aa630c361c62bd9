"""A picture growing lighter or darker at its end, as by a camera's exposure, clouds or dusk."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from longtake_engine.models.camera import measure_camera
from longtake_engine.picture import Picture, PictureFormat
from longtake_engine.tasks.ending.fade import ends
from longtake_engine.tasks.glance import Glance

STEPS = 8  # in the last second that are compared
EASE_S = 0.5  # in which the change falls to a third of its speed
LEAST = 1.25  # 8-bit levels a second that can be seen to stop
MOST = 5.0  # 8-bit levels of the mean that it goes on by in all
MOST_GAIN = 0.12  # and natural logarithm of the gain
EVEN = 0.5  # of the speed: how far the last half second's steps lie off it, on average
SHADOW, WHITE = 16, 245  # 8-bit levels: what is darker or brighter says little
FEWEST = 200  # pixels that a step is measured on
SHOULDER = 0.8  # of the way from black to white, from where on less and less changes


@dataclass(frozen=True, slots=True)
class Light:
    """A change of the light that goes on and eases out."""

    speed: float  # natural logarithm of the gain from one frame to the next, at the join
    ease: float  # frames

    def gain(self, step: int) -> float:
        """How much lighter than the last real picture the one `step` frames after it is."""
        return float(np.exp(self.speed * self.ease * (1 - np.exp(-step / self.ease))))

    def at(self, picture: Picture, step: int) -> Picture:
        """`picture`, as light as the last real one, `step` frames after it."""
        format, gain = picture.format, self.gain(step)
        planes = list(picture.planes)
        for number in range(format.plane_count - format.has_alpha):
            table = _curve(format, gain, chroma=format.is_chroma(number))
            plane = planes[number]
            planes[number] = cv2.LUT(plane, table) if plane.dtype == np.uint8 else table[plane]
        return Picture(tuple(planes), format)


def find_light(glances: Sequence[Glance], format: PictureFormat, rate: float) -> Light | None:
    """The even change of light that the frames of one shot end in, if they clearly do.

    Places are followed as the camera moves, and what comes, goes or moves by itself is left out.
    """
    apart = max(1, round(rate / STEPS))
    if len(glances) < STEPS * apart + 1:
        return None
    chosen = list(glances)[-1::-apart][: STEPS + 1][::-1]
    black = ends(format)[0]
    level = chosen[-1].mean - black
    steps = []
    for before, after in pairwise(chosen):
        step = _step(before.luma, after.luma, black)
        if not step or (steps and step * steps[0] < 0):
            return None
        steps.append(step)
    speeds = np.array(steps) / apart
    recent = speeds[STEPS // 2 :]
    usual, latest = float(np.median(recent)), float(recent[-2:].mean())
    speed = min(usual, latest, key=abs)
    uneven = float(np.abs(recent - usual).mean()) > EVEN * abs(usual)
    if uneven or abs(speed) * level * rate < LEAST:
        return None
    ease = EASE_S * rate
    most = min(MOST / max(level, 1.0), MOST_GAIN) / ease
    return Light(float(np.clip(speed, -most, most)), ease)


def _step(before: np.ndarray, after: np.ndarray, black: float) -> float:
    """Natural logarithm of the gain from one luma to the other, H W uint8; 0 where it cannot be
    told."""
    height, width = after.shape
    move = measure_camera(before, after, width).matrix(height, width)
    first = cv2.warpAffine(before.astype(np.float32), move, (width, height))
    whole = np.full(before.shape, 255, np.uint8)
    inside = cv2.warpAffine(whole, move, (width, height), flags=cv2.INTER_NEAREST)
    use = (inside > 0) & (first > black + SHADOW) & (first < WHITE)
    if use.sum() < FEWEST:
        return 0.0
    first, second = first[use] - black, after[use].astype(np.float32) - black
    off = np.abs(second - np.median(second / first) * first)
    same = off <= max(3.0, 1.5 * float(np.median(off)))
    return float(np.log(max(second[same].sum(), 1.0) / first[same].sum()))


def _curve(format: PictureFormat, gain: float, *, chroma: bool) -> np.ndarray:
    """What becomes of each number of a plane. White stays: what is burnt out does not turn grey."""
    values = np.arange(format.max_value + 1, dtype=np.float32)
    if chroma:
        middle = float(1 << (format.bit_depth - 1))
        values = middle + (values - middle) * gain
    else:
        scale = (format.max_value + 1) / 256
        black, white = (end * scale for end in ends(format))
        share = (1 - (values - black) / (white - black)) / (1 - SHOULDER)
        values = values + (values - black) * (gain - 1) * np.clip(share, 0, 1)
    return np.clip(np.rint(values), 0, format.max_value).astype(format.dtype)
