"""Colour continuity: made frames begin in the colours in which the known ones end."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from longtake_engine.picture import Picture
from longtake_engine.splice.look import Look, median_color_step

UNSEEN = 0.4  # 8-bit levels of a plane's mean


@dataclass(frozen=True, slots=True)
class ColorShift:
    """What to add to each plane of the made frames, in the format's own numbers; empty for
    nothing."""

    offsets: tuple[float, ...] = ()

    def apply(self, pictures: Iterable[Picture]) -> Iterator[Picture]:
        """`pictures` with the shift taken out."""
        for picture in pictures:
            yield self._shifted(picture) if self.offsets else picture

    def _shifted(self, picture: Picture) -> Picture:
        planes = []
        for plane, offset in zip(picture.planes, self.offsets, strict=True):
            moved = plane.astype(np.float32) + np.float32(offset + 0.5)
            planes.append(np.clip(moved, 0, picture.format.max_value).astype(plane.dtype))
        return Picture(tuple(planes), picture.format)


def measure_shift(known: Sequence[Picture], made: Picture) -> ColorShift:
    """The colour step into the first made picture, where it is more than the clip's own steps.

    Args:
        known: Pictures beside the join, the one at the join last; two or more.
        made: The made picture at the join.
    """
    looks = [Look.of(picture) for picture in known]
    step = Look.of(made).means - looks[-1].means
    drift = np.mean([b.means - a.means for a, b in pairwise(looks)], axis=0)
    excess = step - drift
    if np.abs(excess).max() <= max(UNSEEN, 3 * median_color_step(looks)):
        return ColorShift()
    scale = made.format.max_value / 255
    color_planes = len(made.planes) - made.format.has_alpha
    offsets = [float(-value * scale) for value in excess[:color_planes]]
    return ColorShift((*offsets, *([0.0] * made.format.has_alpha)))
