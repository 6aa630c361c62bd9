"""Which moment of a clip each frame of a slower or converted one shows, exactly."""

import math
from dataclasses import dataclass
from fractions import Fraction

from longtake_engine.errors import WrongCall
from longtake_engine.work import Interpolate

_LONGEST_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Course:
    """The moments that the made frames show.

    Time is counted in frames of the source: its frame n stands for the moment n. Frame k of the
    made file shows the moment first + k · step. There are as many as come nearest to the length
    that was asked for, a half counting up, and one at least.
    """

    rate: Fraction  # frames a second of the made file
    step: Fraction  # frames of the source from one made frame to the next
    frame_count: int  # of the made file
    stretch: (
        Fraction  # how many times as long as the source it lasts: 1 where the rate alone changes
    )
    first: int = 0  # frame of the source that the first made one shows

    def moment(self, frame: int) -> Fraction:
        """What frame `frame` of the made file shows, in frames of the source."""
        return self.first + frame * self.step

    @property
    def made_frames(self) -> int:
        """Frames that show no moment of the source exactly, if none of its pictures are held."""
        own = -(-self.frame_count // self.step.denominator)
        return self.frame_count - own


def plan_course(
    work: Interpolate, source_rate: Fraction, source_frames: int, first: int = 0
) -> Course:
    """The course through `source_frames` frames of one clip from `first` on that `work` asks for.

    Raises:
        WrongCall: It asks for nothing, or for more than a day.
    """
    if work.frame_rate is not None:
        step, rate, stretch = source_rate / work.frame_rate, work.frame_rate, Fraction(1)
    elif work.factor is not None:
        if work.factor <= 1:
            raise WrongCall("--factor must be more than 1; 2 makes twice the frames.")
        step, rate, stretch = 1 / work.factor, source_rate, work.factor
    else:
        raise WrongCall("Say what to make: --factor 2 for slow motion, or --rate 25 to convert.")
    count = max(1, math.floor(source_frames / step + Fraction(1, 2)))
    if count > _LONGEST_S * rate:
        raise WrongCall("That would last longer than a day; give a smaller --factor.")
    return Course(rate, step, count, stretch, first)
