"""From the time stamps of a stream's packets to a constant rate and a count of frames."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from longtake_engine.media.info import Timing
from longtake_engine.rate import snap_rate

_COMMON_RATES = tuple(
    [Fraction(n * 1000, 1001) for n in (24, 30, 48, 60, 120)]
    + [Fraction(n) for n in (24, 25, 30, 48, 50, 60, 100, 120)]
)
_MAX_RATE = Fraction(480)


@dataclass(frozen=True, slots=True)
class Measured:
    """What the stamps of a stream say."""

    timing: Timing
    frame_count: int
    variable_rate: bool


def measure(
    stamps: array, last_duration: int, time_base: Fraction, stated: Iterable[Fraction | None]
) -> Measured:
    """The timing of a stream whose pictures are shown at `stamps`.

    Args:
        stamps: Presentation times in `time_base`, all different, in any order, at least one.
        last_duration: How long the last picture stays, or 0 where that is not known.
        time_base: Seconds.
        stated: Frame rates that the file claims, likeliest first; unknown ones may be None or 0.
    """
    times = sorted(stamps)
    claims = [snap_rate(r) for r in stated if r and 0 < r <= _MAX_RATE]
    if len(times) == 1:
        rate = claims[0] if claims else Fraction(24)
        return Measured(Timing("even", rate, times[0], time_base), 1, False)
    span = (times[-1] - times[0]) * time_base
    average = (len(times) - 1) / span
    near = [r for r in _COMMON_RATES if abs(r - average) * 500 < average]
    for rate in [*claims, *near]:
        # A clip of seconds that claims 30.02 means 30: within a twentieth of a frame at its end.
        if rate in _COMMON_RATES and _largest_error(times, time_base * rate) <= Fraction(1, 20):
            return Measured(Timing("even", rate, times[0], time_base), len(times), False)
    loose: Fraction | None = None
    for rate in [*claims, snap_rate(average), average.limit_denominator(1001)]:
        error = _largest_error(times, time_base * rate)
        # One tick is rounding to the time base; 2 % of a frame is below what anybody could see.
        if error <= max(Fraction(3, 2) * time_base * rate, Fraction(1, 50)) and error < Fraction(
            1, 2
        ):
            return Measured(Timing("even", rate, times[0], time_base), len(times), False)
        if error < Fraction(45, 100) and loose is None:
            loose = rate
    if loose is not None:
        # The clock shakes, but every picture still has a frame of its own: keep them one to one.
        return Measured(Timing("even", loose, times[0], time_base), len(times), True)
    rate = _usual_rate(times, time_base, average)
    timing = Timing("shown", rate, times[0], time_base)
    end = timing.frame_at(times[-1] + last_duration) if last_duration > 0 else 0
    return Measured(timing, max(end, timing.frame_at(times[-1]) + 1), True)


def _largest_error(times: list[int], frames_per_tick: Fraction) -> Fraction:
    """Frames by which the worst stamp misses its place in an even row."""
    first = times[0]
    scale, unit = frames_per_tick.numerator, frames_per_tick.denominator
    worst = max(abs((time - first) * scale - k * unit) for k, time in enumerate(times))
    return Fraction(worst, unit)


def _usual_rate(times: list[int], time_base: Fraction, average: Fraction) -> Fraction:
    """The rate that most pictures of an uneven stream follow one another at."""
    steps = sorted(b - a for a, b in pairwise(times))
    median = steps[len(steps) // 2]
    near = [step for step in steps if abs(step - median) * 5 <= median]
    usual = Fraction(len(near), sum(near)) / time_base
    closest = min(_COMMON_RATES, key=lambda rate: (abs(rate - usual), abs(rate - average)))
    if abs(closest - usual) * 100 <= usual:
        return closest
    return min(snap_rate(usual), _MAX_RATE)
