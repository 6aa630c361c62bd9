"""How well a backend makes borders of this very clip: strips at the edges of the known picture are
hidden, made again, and compared."""

from collections.abc import Callable, Mapping

import numpy as np

from longtake_engine.media.video_reader import VideoReader
from longtake_engine.picture import Picture
from longtake_engine.tasks.backtest import shrink
from longtake_engine.tasks.inpaint.trial import MOST_BESIDE, TRIED, WIDTH, Trial
from longtake_engine.tasks.outpaint.layout import Axis, Layout
from longtake_engine.tasks.outpaint.placing import Place, known_picture, lay

MOST_HIDDEN = 0.2  # of the known picture, on each side
LEAST_HIDDEN = 4  # pixels of the small picture


def plan_trial(
    reader: VideoReader,
    layout: Layout,
    places: Mapping[int, Place],
    shot: range,
    check: Callable[[], None],
) -> Trial:
    """A trial amid `shot`: of the known picture alone, less a strip on each side that is made.

    Args:
        reader: Of the clip.
        layout: Of the new picture.
        places: Where the old one lies, by frame.
        shot: Frames of one shot.
        check: Called between pictures; raises to stop.
    """
    start = max(shot.start, (shot.start + shot.stop - TRIED) // 2)
    tried = range(start, min(start + TRIED, shot.stop))
    shown = range(
        max(shot.start, tried.start - MOST_BESIDE), min(shot.stop, tried.stop + MOST_BESIDE)
    )
    pictures: dict[int, Picture] = {}
    for frame, picture in zip(shown, reader.frames(shown.start, shown.stop), strict=True):
        check()
        pictures[frame] = shrink(known_picture(lay(picture, layout, places[frame]), layout), WIDTH)
    small = pictures[tried.start].format
    hidden = np.zeros((small.height, small.width), np.uint8)
    hidden[_strips(layout, small.width, small.height)] = 255
    asked = hidden > 0
    return Trial(pictures, dict.fromkeys(pictures, hidden), dict.fromkeys(tried, asked), tried)


def _strips(layout: Layout, width: int, height: int) -> np.ndarray:
    """H W bool: what is hidden of the small picture."""
    strips = np.ones((height, width), bool)
    strips[_kept(layout.down, height), _kept(layout.across, width)] = False
    return strips


def _kept(axis: Axis, size: int) -> slice:
    """What stays of a side of the small picture."""
    before = axis.known.start / axis.size
    after = (axis.size - axis.known.stop) / axis.size
    return slice(_depth(before, size), size - _depth(after, size))


def _depth(share: float, size: int) -> int:
    if not share:
        return 0
    return min(size // 4, max(LEAST_HIDDEN, round(min(share, MOST_HIDDEN) * size)))
