"""A clip with holes: what a backend is shown, and the truth."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from longtake_engine.canvas import Canvas, Known
from longtake_engine.media.pixel import describe
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.picture import Picture
from longtake_engine.tasks.inpaint.shots import find_shots
from measure.footage import IMAGE_RATE, clip_path, excerpt

Array = np.ndarray
PAINT = 0.5  # of the largest value: what lies under a hole is painted over with grey


@dataclass(frozen=True, slots=True)
class Scene:
    """Frames with holes in them."""

    name: str
    truth: tuple[Picture, ...]
    shown: tuple[Picture, ...]  # holes painted over
    holes: tuple[Array, ...]  # H W bool
    rate: Fraction
    shots: tuple[range, ...]  # that its frames belong to

    def canvases(self) -> Iterator[Canvas]:
        """What a backend gets, shot by shot, as the engine's task gives it."""
        for shot in self.shots:
            known = {
                number: Known(
                    self.shown[number], np.where(self.holes[number], np.float32(0), np.float32(1))
                )
                for number in shot
            }
            yield Canvas(self.shown[0].format, self.rate, known, shot)


def resized(picture: Picture, height: int) -> Picture:
    """`picture` made smaller to `height`, its width even; as it is where it is no higher."""
    old = picture.format
    if old.height <= height:
        return picture
    width = round(old.width * height / old.height / 2) * 2
    new = describe(old.pixel_format, width, height, old.color, opaque=not old.has_alpha)
    planes = [
        cv2.resize(plane, new.plane_size(number)[::-1], interpolation=cv2.INTER_AREA)
        for number, plane in enumerate(picture.planes)
    ]
    return Picture(tuple(planes), new)


def hide(picture: Picture, hole: Array) -> Picture:
    """`picture` with its hole painted over, in each plane."""
    planes = []
    for number, plane in enumerate(picture.planes):
        height, width = picture.format.plane_size(number)
        share = cv2.resize(hole.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA)
        grey = plane.dtype.type(PAINT * picture.format.max_value)
        planes.append(np.where(share > 0, grey, plane))
    return Picture(tuple(planes), picture.format)


def load(footage: Path, name: str, frames: int, height: int, start: int = 0) -> tuple:
    """Some frames of a shared clip at most `height` high, and their rate."""
    clip = excerpt(footage, name, frames, start)
    return tuple(resized(picture, height) for picture in clip.pictures), clip.rate


def shots_of(footage: Path, name: str, frames: int) -> tuple[range, ...]:
    """The shots that the first `frames` frames of a shared clip belong to."""
    reader = VideoReader(probe(clip_path(footage, name), IMAGE_RATE))
    first = range(min(frames, reader.frame_count))
    return tuple(shot for shot in find_shots(reader, first) if shot is not None)


def scene(
    name: str,
    pictures: tuple[Picture, ...],
    rate: Fraction,
    holes: list[Array],
    shots: tuple[range, ...] = (),
) -> Scene:
    """The frames with their holes painted over, of one shot unless they are said to be of more."""
    shown = tuple(hide(picture, hole) for picture, hole in zip(pictures, holes, strict=True))
    return Scene(name, pictures, shown, tuple(holes), rate, shots or (range(len(pictures)),))
