"""The holes of a clip: runs of frames in which something is hidden, each within one shot."""

from collections.abc import Sequence
from dataclasses import dataclass

from longtake_engine.tasks.inpaint.matte import Mattes

APART = 60  # frames with nothing hidden between two holes: fewer are gone through as one


@dataclass(frozen=True, slots=True)
class Hole:
    """Frames to be completed together."""

    frames: range  # the first and the last of them have something hidden
    shot: range  # that they lie in, as far as it is looked at


def plan_holes(mattes: Mattes, shots: Sequence[range], filled: range) -> list[Hole]:
    """The holes in time order, of what `mattes` hides on the frames `filled`."""
    holes: list[Hole] = []
    hidden = [frame for frame in mattes.frames if frame in filled]
    for shot in shots:
        own = [frame for frame in hidden if frame in shot]
        start = 0
        for number in range(1, len(own) + 1):
            if number == len(own) or own[number] - own[number - 1] > APART:
                holes.append(Hole(range(own[start], own[number - 1] + 1), shot))
                start = number
    return holes
