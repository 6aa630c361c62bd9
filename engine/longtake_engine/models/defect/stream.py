"""Defects of single frames, as mattes to be filled."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.luma import luma8
from longtake_engine.models.defect.spark import find_spots
from longtake_engine.models.flow import Array
from longtake_engine.picture import Picture

REACH = 2  # pixels beyond what is told of a spot: its soft edge, and what coding leaves around it


@dataclass(frozen=True, slots=True)
class Dusty:
    """What is to be mended on one frame."""

    frame: int
    matte: Array | None  # H W float32, 1 on a defect, else 0; None where there is none


def find_dust(
    pictures: Mapping[int, Picture], frames: range, cancel: CancelToken | None = None
) -> Iterator[Dusty]:
    """The dust, dirt and sparkles of each of `frames`, one shot, in time order; nothing is told of
    the first and the last.

    Raises:
        Cancelled: `cancel` was set.
    """
    cancel = cancel or CancelToken()
    held: dict[int, Array] = {}
    for frame in frames:
        cancel.check()
        held = {n: luma for n, luma in held.items() if n >= frame - 1}
        for near in range(frame - 1, frame + 2):
            if near in frames and near not in held:
                held[near] = luma8(pictures[near])
        yield Dusty(frame, _matte(held, frame))


def _matte(lumas: Mapping[int, Array], frame: int) -> Array | None:
    if frame - 1 not in lumas or frame + 1 not in lumas:
        return None
    spots = find_spots(lumas[frame - 1], lumas[frame], lumas[frame + 1])
    found = (spots.labels > 0).astype(np.uint8)
    if not found.any():
        return None
    side = 2 * REACH + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return (cv2.dilate(found, kernel) > 0).astype(np.float32)
