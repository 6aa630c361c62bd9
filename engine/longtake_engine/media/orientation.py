"""How a player should turn stored pictures, told from FFmpeg's display matrix."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import numpy as np
from av.sidedata.sidedata import SideData, Type
from av.video.frame import VideoFrame


@dataclass(frozen=True, slots=True)
class Orientation:
    """What is to be done to a stored picture before it is shown."""

    rotation_degrees: int  # counter-clockwise: 0, 90, 180 or 270
    mirrored: bool
    skewed: bool  # turned by something else than quarter turns


def orientation_of(frame: VideoFrame) -> Orientation:
    """What the file asks to be done to a decoded picture."""
    degrees = frame.rotation
    return Orientation(
        rotation_degrees=round(degrees / 90) * 90 % 360,
        mirrored=_determinant(frame) < 0,
        skewed=degrees % 90 != 0,
    )


def side_data(frame: VideoFrame) -> tuple[SideData, ...]:
    """What FFmpeg tells of a picture beside its planes; nothing where PyAV cannot list it."""
    try:
        return tuple(cast(Iterable[SideData], frame.side_data))
    except ValueError:
        # PyAV 18.1 knows no EXIF (type 31) and then refuses all; may go when it does.
        return ()


def _determinant(frame: VideoFrame) -> float:
    """Below 0 where the display matrix mirrors."""
    for side in side_data(frame):
        if side.type == Type.DISPLAYMATRIX:
            # A buffer of nine numbers in 16.16 fixed point, though PyAV's types do not say so.
            a, b, _, c, d = np.frombuffer(cast(bytes, side), np.int32)[:5].astype(float)
            return a * d - b * c
    return 1.0
