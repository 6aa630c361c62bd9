"""Room round what is hidden: the soft edge of a thing, its blur, the foot of its shadow."""

from collections.abc import Iterator

import cv2
import numpy as np

from longtake_engine.tasks.inpaint.matte import Mattes

BASE = 1 / 160  # of the picture's height: what a soft edge and a coarse outline take
LEAST_BASE = 2  # pixels
BLUR = 0.5  # of the way a thing goes in a frame: a shutter is open about half of it, on both sides
MOST_BLUR = 1 / 20  # of the picture's height
FEATHER = 1.0  # pixels of standard deviation


def least_margin(height: int) -> int:
    """Pixels that the edge of a thing takes in a picture of this height."""
    return max(LEAST_BASE, round(height * BASE))


def grow_all(source: Mattes, target: Mattes, margin: int | None) -> Iterator[int]:
    """Let `target` hide what `source` does and a margin round it; the number of each frame done.

    Args:
        source: Mattes of things that were followed.
        target: Takes them with their margin, and a soft edge beyond it.
        margin: Pixels; None for as much as the picture's size and the things' speed ask for.
    """
    base = least_margin(source.size[0])
    for frame in source.frames:
        radius = margin if margin is not None else base + _blur(source, frame)
        target.add((frame,), grow(source.matte(frame), radius))
        yield frame


def grow(matte: np.ndarray, radius: int, *, feather: bool = True) -> np.ndarray:
    """A matte H W uint8 larger by `radius` pixels on all sides, with a soft edge outside that."""
    if not radius:
        return matte
    size = 2 * radius + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    grown = cv2.dilate(matte, kernel)
    if not feather:
        return grown
    return np.maximum(grown, cv2.GaussianBlur(grown, (0, 0), FEATHER))


def _blur(mattes: Mattes, frame: int) -> int:
    """Pixels by which motion blurs what is hidden of a frame: by how far it goes to the next."""
    here = mattes.window(frame)
    assert here is not None, "only frames with something hidden are grown"
    ways = [0.0]
    for other in (mattes.window(frame - 1), mattes.window(frame + 1)):
        if other is None:
            continue
        # Of opposite edges the slower one: a thing that only grows, as an arm is held out, is slow.
        across = min(abs(other.left - here.left), abs(other.right - here.right))
        down = min(abs(other.top - here.top), abs(other.bottom - here.bottom))
        ways.append(float(np.hypot(across, down)))
    return round(min(BLUR * max(ways), MOST_BLUR * mattes.size[0]))
