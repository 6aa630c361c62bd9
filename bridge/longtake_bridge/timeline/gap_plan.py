"""How a gap is filled: real frames of both clips first, then made ones between them.

An editor pulls the clips on both sides out as far as they hold, no further than they meet, and
never so far that the same moment would be seen twice.
"""

import math
from fractions import Fraction

from longtake_bridge.timeline.look import Look
from longtake_bridge.timeline.piece import Beside, PiecePlan, frames_to_make
from longtake_bridge.timeline.spot import Spot

# Of the real frames that are missing: up to so many may be made beside them. A gap that is a frame
# or two longer than the missing piece gets the piece, one that is much longer would come to rest in
# its middle: there the motion is spread over all of it.
_MOST_MADE = Fraction(1, 4)


def plan_gap(look: Look, spot: Spot) -> PiecePlan:
    """What goes into the gap at `spot`, sound not yet thought of.

    Raises:
        BridgeError: The media of a clip beside it cannot be read.
    """
    assert spot.before is not None, "a gap without a shot before it is not planned"
    assert spot.after is not None, "a gap without a shot after it is not planned"
    before = look.beside(spot.nest, spot.track, spot.before)
    after = look.beside(spot.nest, spot.track, spot.after)
    rate, frames = spot.span.rate, spot.span.duration_frames
    missing = missing_frames(before, after, rate)
    if missing is None:
        share, notes = _share_two(before, after, frames, rate)
    else:
        share, notes = _share_one(before, after, frames, missing, rate)
    hole = frames - sum(share)
    return PiecePlan(
        action="fill_gap",
        track=spot.ref,
        rate=rate,
        before=before,
        after=after,
        before_frames=share[0],
        after_frames=share[1],
        make_frames=frames_to_make(hole, rate, before.media),
        notes=tuple(notes),
    )


def missing_frames(before: Beside, after: Beside, rate: Fraction) -> Fraction | None:
    """Timeline frames of the source that are left out between two clips of one shot.

    0 or less where the second begins no later than the first ends; None for different sources, and
    where the second shows something from before the first.
    """
    if before.media.path != after.media.path or after.use.start_s < before.use.start_s:
        return None
    return (after.use.start_s - before.use.end_s) * rate


def _share_two(
    before: Beside, after: Beside, frames: int, rate: Fraction
) -> tuple[tuple[int, int], list[str]]:
    """Real frames of each of two shots: all there are, or as many as meet in the middle."""
    tail = _whole_frames(before.use.tail_handle_s, rate)
    head = _whole_frames(after.use.head_handle_s, rate)
    if tail + head < frames:
        return (tail, head), _say_handles(before, after, (tail, head), frames)
    share = min(max((frames + 1) // 2, frames - head), tail)
    return (share, frames - share), _say_meeting(before, after, (share, frames - share))


def _share_one(
    before: Beside, after: Beside, frames: int, missing: Fraction, rate: Fraction
) -> tuple[tuple[int, int], list[str]]:
    """Real frames of one shot that was cut in two."""
    whole = math.floor(missing + Fraction(1, 2))
    name = _name(before)
    if abs(missing - frames) <= Fraction(1, 2):
        return (frames, 0), [f"The missing {_frames(frames)} of {name} {_are(frames)} put back."]
    if whole > frames:
        share, notes = _share_two(before, after, frames, rate)
        if sum(share) == frames:
            left = whole - frames
            notes.append(
                f"{_frames(left)} of {name} {_are(left)} still left out where they meet; "
                "`longtake fill --jump-cuts` hides the jump."
            )
        return share, notes
    if whole > 0 and frames - whole <= whole * _MOST_MADE:
        share = ((whole + 1) // 2, whole // 2)
        return share, _say_handles(before, after, share, frames)
    if whole > 0:
        note = f"{name} holds only {_frames(whole)} between them: its motion is spread over all."
    else:
        note = f"Nothing of {name} is missing between them; closing the gap would do as well."
    return (0, 0), [note]


def _whole_frames(length_s: Fraction, rate: Fraction) -> int:
    return max(math.floor(length_s * rate), 0)


def _say_meeting(before: Beside, after: Beside, share: tuple[int, int]) -> list[str]:
    if not share[1]:
        return [f"{_name(before)} runs on for {_frames(share[0])}; nothing is made."]
    if not share[0]:
        return [f"{_name(after)} starts {_frames(share[1])} earlier; nothing is made."]
    other = "starts again" if _name(before) == _name(after) else f"{_name(after)} starts"
    return [
        f"{_name(before)} runs on for {_frames(share[0])} and {other} {_frames(share[1])} "
        "earlier: they meet there, and nothing is made."
    ]


def _say_handles(before: Beside, after: Beside, share: tuple[int, int], frames: int) -> list[str]:
    if not any(share):
        return []
    sides = [(share[0], before), (share[1], after)]
    if _name(before) == _name(after):
        sides = [(sum(share), before)]
    parts = [f"{_frames(count)} of {_name(side)}" for count, side in sides if count]
    real, made = " and ".join(parts), frames - sum(share)
    return [f"{real} {_are(sum(share))} real, {_frames(made)} {_are(made)} made."]


def _name(side: Beside) -> str:
    return f'"{side.anchor.clip_name}"' if side.anchor.clip_name else side.media.path.name


def _frames(count: int) -> str:
    return "1 frame" if count == 1 else f"{count} frames"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
