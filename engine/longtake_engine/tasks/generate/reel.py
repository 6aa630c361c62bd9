"""Several stills in one shot: how long each is shown, and where one goes over into the next."""

from dataclasses import dataclass
from fractions import Fraction

DISSOLVE_S = Fraction(1, 2)
LEAST_SHOWN_S = Fraction(2)  # a still that is shown for less is cut to


@dataclass(frozen=True, slots=True)
class Part:
    """The frames of the shot in which one still is seen."""

    frames: range
    fade_in: int  # frames over which it comes in, over the one before

    def weight(self, frame: int) -> float:
        """How much of it is seen over what came before, 0 to 1."""
        into = frame - self.frames.start
        return 1.0 if into >= self.fade_in else (into + 1) / (self.fade_in + 1)


def share_out(frame_count: int, stills: int, rate: Fraction) -> tuple[Part, ...]:
    """When each still is seen: all about as long, with short dissolves where there is time, with
    cuts where there is not. No still is left out; there are at most as many as frames."""
    cuts = [round(Fraction(frame_count * number, stills)) for number in range(stills + 1)]
    dissolve = 0
    if Fraction(frame_count, stills) >= LEAST_SHOWN_S * rate:
        dissolve = round(DISSOLVE_S * rate)
    parts = []
    for number in range(stills):
        before = dissolve // 2 if number else 0
        after = dissolve - dissolve // 2 if number + 1 < stills else 0
        frames = range(cuts[number] - before, cuts[number + 1] + after)
        parts.append(Part(frames, dissolve if number else 0))
    return tuple(parts)
