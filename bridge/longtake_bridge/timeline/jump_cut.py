"""Jump cuts: where one shot goes on with a piece taken out, and the frames that hide it.

A morph cut lays made frames over the last frames before the cut and the first ones after it; the
length of the timeline stays, and so does the sound.
"""

import math
from fractions import Fraction

from opentimelineio.schema import Track, Transition

from longtake_bridge.timeline.clip_search import find_stack
from longtake_bridge.timeline.gap_plan import missing_frames
from longtake_bridge.timeline.look import Look
from longtake_bridge.timeline.meant import Left
from longtake_bridge.timeline.piece import Beside, PiecePlan, frames_to_make
from longtake_bridge.timeline.spot import Spot
from longtake_bridge.timeline.timing import seconds_of

LONGEST_MISSING_S = Fraction(10)  # an answer cut short; past it it is rather another moment
# A sixth of a second on either side: 4 frames at 24, 5 at 30. Editors' own tools take from 4 frames
# in all to 30; here the sound is the original, and lips that part from it for longer are noticed.
_SIDE_S = Fraction(1, 6)
_FEWEST = 2  # frames on either side: with fewer there is nothing to see


def default_side_frames(rate: Fraction) -> int:
    """How many frames on either side of a cut are made, where nobody says."""
    return max(math.floor(_SIDE_S * rate + Fraction(1, 2)), _FEWEST)


def plan_cut(
    look: Look, spot: Spot, side_frames: int, longest_s: Fraction, *, named: bool
) -> PiecePlan | Left | None:
    """What goes over the cut at `spot`, or why it stays; None where it is no jump cut.

    A cut that was `named` may also join two shots, or one that jumps back or far ahead.

    Raises:
        BridgeError: The media of a clip beside it cannot be read.
    """
    assert spot.before is not None, "a cut has a shot before it"
    assert spot.after is not None, "a cut has a shot after it"
    before = look.beside(spot.nest, spot.track, spot.before)
    after = look.beside(spot.nest, spot.track, spot.after)
    rate = spot.span.rate
    missing = missing_frames(before, after, rate)
    jumps = missing is not None and missing >= Fraction(1, 2)
    if not named:
        if missing is None or not jumps:
            return None
        if missing > longest_s * rate:
            seconds = float(missing / rate)
            return Left(f"{seconds:.1f} s are left out, more than {float(longest_s):.3g} s", True)
    elif missing is not None and abs(missing) < Fraction(1, 2):
        return Left("the shot runs on across it, nothing jumps")
    track = find_stack(look.document.timeline, spot.nest)[spot.track]
    room = min(_room(track, spot.before, before, rate), _room(track, spot.after, after, rate))
    frames = min(side_frames, room)
    if frames < _FEWEST:
        return Left("the clips beside it are too short")
    notes = ()
    if frames < side_frames:
        notes = (
            f"Only {frames} frames on either side: the clips are too short for {side_frames}.",
        )
    return PiecePlan(
        action="overwrite",
        track=spot.ref,
        rate=rate,
        before=before,
        after=after,
        before_frames=-frames,
        after_frames=-frames,
        make_frames=frames_to_make(2 * frames, rate, before.media),
        notes=notes,
    )


def _room(track: Track, index: int, side: Beside, rate: Fraction) -> int:
    """Frames of a clip that may be laid over; the other half is for a cut at its other end."""
    faded_s = Fraction(0)
    for place in (index - 1, index + 1):
        if 0 <= place < len(track) and isinstance(track[place], Transition):
            offset = track[place].out_offset if place < index else track[place].in_offset
            faded_s += seconds_of(offset)
    own = side.anchor.record_range.duration_frames - math.ceil(faded_s * rate)
    return (own - 1) // 2
