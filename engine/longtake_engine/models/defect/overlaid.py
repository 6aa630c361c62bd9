"""What is laid over a shot: logos for all of it, titles for as long as they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.luma import luma8
from longtake_engine.models.defect.logo import find_signs
from longtake_engine.models.defect.stack import Stack
from longtake_engine.models.defect.title import TitleWatch
from longtake_engine.models.flow import Array
from longtake_engine.picture import Picture

LOGO_WIDTH = 960
TITLE_WIDTH = 640
REACH = 0.003  # of the width: beyond its outline, for soft edges and what coding leaves


@dataclass(frozen=True, slots=True)
class Standing:
    """Something laid over some frames, at the same place on all of them."""

    frames: range
    matte: Array  # H W float32, 1 on it, else 0


def find_logo(
    pictures: Mapping[int, Picture], frames: range, cancel: CancelToken | None = None
) -> tuple[Standing, ...]:
    """What is laid over `frames`, one shot, by itself: logos on all of them, where the scene moves
    under them; titles where they come or go.

    Nothing can be told of what stays for all of a shot that stands still.

    Raises:
        Cancelled: `cancel` was set.
    """
    cancel = cancel or CancelToken()
    if not frames:
        return ()
    first = pictures[frames[0]]
    size = (first.format.width, first.format.height)
    found = []
    signs = find_signs(Stack.sampled(pictures, frames, LOGO_WIDTH, cancel))
    if signs is not None:
        found.append(Standing(frames, _matte(signs, size)))
    watch, shown = TitleWatch(), []
    for frame in frames:
        cancel.check()
        shown += watch.see(frame, luma8(pictures[frame], TITLE_WIDTH))
    for title in (*shown, *watch.end(frames.stop)):
        run = range(max(title.start_frame, frames.start), min(title.stop_frame, frames.stop))
        found.append(Standing(run, _matte(title.mask, size)))
    return tuple(found)


def _matte(mask: Array, size: tuple[int, int]) -> Array:
    """At full size, H W float32."""
    whole = cv2.resize(mask, size, interpolation=cv2.INTER_LINEAR)
    side = 2 * max(1, round(REACH * size[0])) + 1
    return (cv2.dilate(whole, np.ones((side, side), np.uint8)) > 0).astype(np.float32)
