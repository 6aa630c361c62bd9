"""What lies beyond the last picture of a shot by less than a frame: its motion carried on."""

from collections.abc import Sequence
from fractions import Fraction

from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Known
from longtake_engine.models.motion import Motion
from longtake_engine.picture import Picture
from longtake_engine.work import Guidance

PARTS = 8  # of a frame that moments beyond the last picture are told apart by
KNOWN = 4  # pictures that its motion is measured on

Moments = tuple[tuple[Fraction, Picture], ...]  # when each picture was, in frames; the last one 0


def carry_on(
    known: Moments, moments: Sequence[Fraction], rate: Fraction, cancel: CancelToken
) -> list[Picture]:
    """The pictures at `moments` (in frames, over 0 and rising) after the last of `known`.

    Args:
        known: Two pictures of one shot at least.
        moments: When they are wanted.
        rate: Frames a second.
        cancel: Ends the work.
    """
    parts = [max(1, round(moment * PARTS)) for moment in moments]
    canvas = Canvas(
        known[-1][1].format,
        rate * PARTS,
        {round(moment * PARTS): Known(picture) for moment, picture in known},
        range(1, max(parts) + 1),
    )
    made = {c.frame: c.picture for c in Motion().complete(canvas, Guidance(), cancel)}
    return [made[part] for part in parts]
