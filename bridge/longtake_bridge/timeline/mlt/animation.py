"""Values of effects that change over time, as MLT writes them: "time=value;time~=value"."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from longtake_bridge.timeline.mlt.clock import Clock

_KEYFRAME = re.compile(r"\s*(-?\d[\d:.,]*)\s*([^\d\s=]?)=(.*)", re.S)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_DISCRETE = ("|", "!")


@dataclass(frozen=True, slots=True)
class Keyframe:
    """One value of an animation."""

    time: str  # as it is written
    frame: int  # counted from the effect's first
    kind: str  # how it goes on to the next: "" straight, "|" or "!" not at all, others curved
    value: str


def read_keyframes(text: str, clock: Clock) -> tuple[Keyframe, ...]:
    """The keyframes in a property's text in their order; none where it is a plain value."""
    found = [_KEYFRAME.fullmatch(part) for part in text.strip().rstrip(";").split(";")]
    if not text.strip() or not all(found):
        return ()
    return tuple(
        Keyframe(match[1], clock.frame(match[1]), match[2], match[3]) for match in found if match
    )


def value_at(keyframes: Sequence[Keyframe], frame: int) -> str | None:
    """The value that an animation has at a frame; None where that takes more than a straight line.

    Times from the end, which MLT writes as negative ones, are none that can be told here.
    """
    if any(one.frame < 0 for one in keyframes):
        return None
    if frame <= keyframes[0].frame:
        return keyframes[0].value
    for before, after in pairwise(keyframes):
        if before.frame <= frame < after.frame:
            if frame == before.frame or before.kind in _DISCRETE or before.value == after.value:
                return before.value
            share = (frame - before.frame) / (after.frame - before.frame)
            return None if before.kind else _between(before.value, after.value, share)
    return keyframes[-1].value


def write_keyframes(keyframes: Iterable[Keyframe], at: Callable[[int], int], clock: Clock) -> str:
    """The text of an animation, each keyframe at the frame that `at` gives for its own."""
    return ";".join(
        f"{clock.text(at(one.frame), one.time)}{one.kind}={one.value}" for one in keyframes
    )


def hold_shape(text: str, frame: int, at: int) -> str | None:
    """The shape of a mask at a frame, as the one shape there is from `at` on.

    Masks are kept as JSON by frame. None where the text is none, or the mask moves there.
    """
    frames = _shapes(text)
    if not frames or (len(frames) > 1 and min(frames) < frame < max(frames)):
        return None
    nearest = min(frames, key=lambda one: abs(one - frame))
    return json.dumps({str(at): frames[nearest]}, separators=(",", ":"))


def move_shapes(text: str, at: Callable[[int], int]) -> str | None:
    """The shapes of a mask, each at the frame that `at` gives for its own; None for other text."""
    frames = _shapes(text)
    moved = {str(at(frame)): shape for frame, shape in frames.items()}
    return json.dumps(moved, separators=(",", ":")) if frames else None


def _shapes(text: str) -> dict[int, object]:
    try:
        return {int(key): shape for key, shape in json.loads(text).items()}
    except (ValueError, AttributeError):
        return {}


def _between(before: str, after: str, share: float) -> str | None:
    """Every number of a text on its way to that of another; None where they differ in kind."""
    if _NUMBER.sub("", before) != _NUMBER.sub("", after) or before.startswith(("#", "0x")):
        return None
    ends = iter(_NUMBER.findall(after))

    def go(match: re.Match[str]) -> str:
        start = float(match[0])
        return f"{start + (float(next(ends)) - start) * share:.6g}"

    return _NUMBER.sub(go, before)
