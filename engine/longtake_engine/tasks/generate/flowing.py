"""Motion strokes as they lie on a still before the camera."""

from collections.abc import Sequence
from fractions import Fraction

import cv2
import numpy as np

from longtake_engine.errors import BadInput
from longtake_engine.luma import luma8
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.still.current import Current, period_frames
from longtake_engine.models.still.current import Stroke as Painted
from longtake_engine.picture import Picture
from longtake_engine.tasks.generate.still import Still
from longtake_engine.work import Stroke


def flow_of(
    strokes: Sequence[Stroke], still: Still, picture: Picture, rate: Fraction
) -> Current | None:
    """The flow of `strokes`, which were drawn on `still`, on `picture`, which is as it lies before
    the camera; None of no strokes.

    Raises:
        BadInput: A region cannot be read, or has not the size of the still.
    """
    if not strokes:
        return None
    format = picture.format
    scale_x = format.width / still.picture.format.width
    scale_y = format.height / still.picture.format.height
    painted = []
    for stroke in strokes:
        region = _read_region(stroke, still)
        region = cv2.resize(region, (format.width, format.height), interpolation=cv2.INTER_AREA)
        painted.append(Painted(region, stroke.dx * scale_x, stroke.dy * scale_y))
    return Current(painted, format, rate, period_frames(painted, format, rate))


def _read_region(stroke: Stroke, still: Still) -> np.ndarray:
    """H W float32 at the size of the still, 1 where it flows."""
    wants = still.picture.format
    if stroke.region_path is None:
        region = np.zeros((wants.height, wants.width), np.float32)
        box = stroke.box
        if box is not None:
            rows, columns = (max(0, box.y), box.y + box.height), (max(0, box.x), box.x + box.width)
            region[slice(*rows), slice(*columns)] = 1
        return region
    path = stroke.region_path
    picture = next(VideoReader(probe(path)).frames(0, 1))
    has = picture.format
    if (has.width, has.height) != (wants.width, wants.height):
        raise BadInput(
            f"{path.name} has {has.width}x{has.height} pixels and {still.path.name}"
            f" {wants.width}x{wants.height}; draw the region at the size of the still."
        )
    return luma8(picture).astype(np.float32) / 255
