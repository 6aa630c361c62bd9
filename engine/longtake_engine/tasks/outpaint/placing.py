"""The old picture laid into the new one: pixel for pixel, or resampled."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from PIL import Image

from longtake_engine.picture import Picture
from longtake_engine.tasks.outpaint.layout import Axis, Layout

PAD = 4  # pixels beyond the picture, for boxes that reach over its edge
WHOLE = 1 / 64  # pixels: nearer to a whole one is that
LEFT_SITED = 0.5  # luma pixels from a chroma sample's left edge to where it was sampled


@dataclass(frozen=True, slots=True)
class Place:
    """Where the old picture begins in the new one, luma pixels; below 0 where it is cut off."""

    x: float
    y: float


def fixed_place(layout: Layout) -> Place:
    """Where it lies when nothing is followed."""
    return Place(float(layout.across.at), float(layout.down.at))


def known_part(layout: Layout, plane: int) -> tuple[slice, slice]:
    """Rows and columns of a plane of the new picture that the old one covers."""
    chroma = layout.format.is_chroma(plane)
    parts = []
    for axis in (layout.down, layout.across):
        step = axis.step if chroma else 1
        parts.append(slice(axis.known.start // step, -(-axis.known.stop // step)))
    return parts[0], parts[1]


def hidden_mask(layout: Layout) -> np.ndarray:
    """H W uint8: 255 where the new picture is to be made, 0 where the old one covers it."""
    hidden = np.full((layout.format.height, layout.format.width), 255, np.uint8)
    hidden[known_part(layout, 0)] = 0
    return hidden


def lay(picture: Picture, layout: Layout, place: Place) -> Picture:
    """The new picture with the old one in it; where it does not reach, the numbers are 0."""
    planes = []
    for number, plane in enumerate(picture.planes):
        new = np.zeros(layout.format.plane_size(number), plane.dtype)
        part = known_part(layout, number)
        chroma = layout.format.is_chroma(number)
        new[part] = _part(plane, layout, place, part, chroma)
        planes.append(new)
    return Picture(tuple(planes), layout.format)


def with_known(made: Picture, laid: Picture, layout: Layout) -> Picture:
    """`made` with every number of the old picture as it is in `laid`."""
    planes = []
    for number, (new, own) in enumerate(zip(made.planes, laid.planes, strict=True)):
        plane = new.copy()
        part = known_part(layout, number)
        plane[part] = own[part]
        planes.append(plane)
    return Picture(tuple(planes), layout.format)


def known_picture(laid: Picture, layout: Layout) -> Picture:
    """What of the new picture the old one covers, as a picture of its own."""
    planes = tuple(
        np.ascontiguousarray(plane[known_part(layout, number)])
        for number, plane in enumerate(laid.planes)
    )
    height, width = planes[0].shape
    return Picture(planes, replace(laid.format, width=width, height=height))


def _part(
    plane: np.ndarray, layout: Layout, place: Place, part: tuple[slice, slice], chroma: bool
) -> np.ndarray:
    """What of an old plane covers a part of the new one."""
    rows, columns = part
    across, down = layout.across, layout.down
    left = _copied(across, place.x, columns, chroma)
    top = _copied(down, place.y, rows, chroma)
    high, wide = rows.stop - rows.start, columns.stop - columns.start
    if left is not None and top is not None:
        return plane[top : top + high, left : left + wide]
    span_x = _span(across, place.x, columns, chroma, sited=LEFT_SITED)
    span_y = _span(down, place.y, rows, chroma, sited=None)
    padded = cv2.copyMakeBorder(plane.astype(np.float32), PAD, PAD, PAD, PAD, cv2.BORDER_REPLICATE)
    box = (span_x[0] + PAD, span_y[0] + PAD, span_x[1] + PAD, span_y[1] + PAD)
    # Pillow's filter grows with the reduction, and its box may begin anywhere within a pixel.
    resized = Image.fromarray(padded).resize((wide, high), Image.Resampling.LANCZOS, box)
    top_value = (1 << layout.format.bit_depth) - 1
    return np.clip(np.rint(np.asarray(resized)), 0, top_value).astype(plane.dtype)


def _copied(axis: Axis, at: float, pixels: slice, chroma: bool) -> int | None:
    """The first old sample that is copied; None where they must be resampled."""
    if axis.scaled != axis.old:
        return None
    step = axis.step if chroma else 1
    start = (pixels.start * step - at) / step
    # Chroma that lies between samples is resampled, and luma with it, or the two would part.
    if abs(at / axis.step - round(at / axis.step)) > WHOLE:
        return None
    return round(start)


def _span(
    axis: Axis, at: float, pixels: slice, chroma: bool, *, sited: float | None
) -> tuple[float, float]:
    """Where `pixels` begin and end in the old plane, its own samples.

    Args:
        axis: Across or down.
        at: Where the old picture begins.
        pixels: Samples of the new plane.
        chroma: Whether it is a chroma plane.
        sited: Where in its luma pixels a chroma sample lies, from their edge; None for amid them.
    """
    step = axis.step if chroma else 1
    centre = step / 2 if sited is None or step == 1 else sited

    def old(edge: float) -> float:
        luma = (edge - 0.5) * step + centre  # of the sample whose edge it is
        return ((luma - at) / axis.scale - centre) / step + 0.5

    return old(pixels.start), old(pixels.stop)
