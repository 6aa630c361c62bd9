"""The regions of a still or clip that flow, made ready."""

from collections.abc import Sequence
from fractions import Fraction

from longtake_engine.media.info import MediaInfo
from longtake_engine.models.still.current import Current, period_frames
from longtake_engine.models.still.current import Stroke as Painted
from longtake_engine.picture import PictureFormat
from longtake_engine.tasks.animate.region import stroke_direction, stroke_region
from longtake_engine.work import Stroke


def paint_strokes(strokes: Sequence[Stroke], source: MediaInfo) -> list[Painted]:
    """The regions of `strokes` on the stored picture, and which way they flow.

    Raises:
        EngineError: One of them cannot flow.
    """
    painted = []
    for stroke in strokes:
        dx, dy = stroke_direction(stroke, source.video)
        painted.append(Painted(stroke_region(stroke, source), dx, dy))
    return painted


def make_current(
    painted: Sequence[Painted], format: PictureFormat, rate: Fraction, loop_frames: int
) -> Current | None:
    """What lets them flow; None where there are none. `loop_frames` is 0 where nothing repeats."""
    if not painted:
        return None
    return Current(painted, format, rate, period_frames(painted, format, rate, loop_frames))
