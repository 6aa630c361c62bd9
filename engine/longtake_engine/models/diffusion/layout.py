"""Which moments of a canvas a model's frames stand for."""

import math
from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction

from longtake_engine.models.diffusion.family import Conditioning, Grid

# As far as a model's rate may be off: what it makes is then a little faster or slower than it
# thinks, as its first frames show it, and no frame has to be made out of two.
_NEAR = 1.26
_SPAN_COST = 0.02  # of a known frame left out, against a rate that is off by so much


@dataclass(frozen=True, slots=True)
class Layout:
    """The frames of a block as moments of the canvas.

    Moments are counted in frames of the canvas and may lie between two. Those of `spare` frames
    make the number one that the model takes, and are not shown.
    """

    moments: tuple[Fraction, ...]
    rate: Fraction  # of the block
    spare: range  # numbers of frames of the block, at its start or its end
    masked: bool = False

    @property
    def used(self) -> range:
        """The numbers of frames that are not spare, whose moments rise."""
        count = len(self.moments)
        if not self.spare:
            return range(count)
        return range(self.spare.stop, count) if self.spare.start == 0 else range(self.spare.start)

    def place(self, frame: int) -> tuple[int, Fraction]:
        """The frame of the block at or before a frame of the canvas, and how far it is on the way
        to the next one, 0 to under 1."""
        used = self.used
        moments = self.moments[used.start : used.stop]
        at = min(max(bisect_right(moments, frame) - 1, 0), len(moments) - 1)
        if moments[at] == frame or at + 1 == len(moments):
            return used[at], Fraction(0)
        return used[at], (frame - moments[at]) / (moments[at + 1] - moments[at])


def plan_layout(
    known: Collection[int],
    wanted: range,
    rate: Fraction,
    grid: Grid,
    conditioning: Conditioning,
) -> Layout:
    """The moments for a canvas of `rate` whose `known` frames are wholly known, none of them in
    `wanted`. As many of them as the family makes use of are taken beside what is wanted."""
    before = _run(known, range(wanted.start - 1, wanted.start - 1 - 4096, -1))
    after = _run(known, range(wanted.stop, wanted.stop + 4096))
    if not conditioning.both and before and after:
        after = 0
    ask = _Ask(wanted, step_of(rate, grid), rate, grid, conditioning)
    if before and after:
        return ask.between(before, after)
    return ask.back(after) if after else ask.onward(before)


def plan_masked(known: Collection[int], wanted: range, rate: Fraction, grid: Grid) -> Layout:
    """The moments for a canvas whose wanted frames are known in parts: one of each, and of its
    neighbours as many as make the number one that the model takes."""
    count = grid.count_for(len(wanted))
    start, stop = wanted.start, wanted.stop
    while stop - start < count:
        more = (stop in known, start - 1 in known)
        if not any(more):
            break
        stop, start = stop + more[0], start - (more[1] and stop + more[0] - start < count)
    moments = [Fraction(frame) for frame in range(start, stop)]
    shown = len(moments)
    while len(moments) < count:  # back from the last, as a mirror shows them
        moments.append(moments[-2] if len(moments) == shown > 1 else _mirrored(moments, shown))
    return Layout(tuple(moments), rate, range(shown, count), masked=True)


def step_of(rate: Fraction, grid: Grid) -> Fraction:
    """Frames of the canvas from one frame of the model to the next: whole where that is near."""
    step = rate / grid.rate
    if step < Fraction(1, 2):  # keyframes: each is a frame of the model
        return Fraction(1)
    whole = max(1, round(step))
    return Fraction(whole) if max(step / whole, whole / step) <= _NEAR else step


def _mirrored(moments: list[Fraction], shown: int) -> Fraction:
    period = max(1, 2 * (shown - 1))
    at = len(moments) % period
    return moments[min(at, period - at)]


def _run(known: Collection[int], frames: range) -> int:
    """How many of `frames` are known before the first that is not."""
    count = 0
    for frame in frames:
        if frame not in known:
            break
        count += 1
    return count


def _seen(frames: int, step: Fraction, most: int) -> int:
    """Frames of the model that `frames` of the canvas in a row hold, the first at the join."""
    return 0 if not frames else min(most, math.floor((frames - 1) / step) + 1)


def _whole(frames: int, grid: Grid) -> int:
    """As many of `frames` at the start of a block as its coarser frames hold without a rest."""
    step = grid.seen_step or grid.frame_step
    return frames if not frames else (frames - 1) // step * step + 1


@dataclass(frozen=True, slots=True)
class _Ask:
    """What is wanted, and by whose rules."""

    wanted: range
    step: Fraction  # frames of the canvas for one of the model
    rate: Fraction  # of the canvas
    grid: Grid
    told: Conditioning

    def onward(self, known: int) -> Layout:
        """After `known` frames, or after none."""
        first = self.wanted.start - 1 if known else self.wanted.start
        new = math.ceil((self.wanted.stop - 1 - first) / self.step)
        seen = max(_whole(_seen(known, self.step, self.told.before), self.grid), 1)
        while seen > 1 and self.grid.count_for(seen + new) > self.grid.max_frames:
            seen = max(1, seen - (self.grid.seen_step or self.grid.frame_step))
        count = self.grid.count_for(seen + new)
        moments = tuple(first + self.step * (n - seen + 1) for n in range(count))
        return Layout(moments, self.rate / self.step, range(seen + new, count))

    def back(self, known: int) -> Layout:
        """Before `known` frames."""
        last = self.wanted.stop
        new = math.ceil((last - self.wanted.start) / self.step)
        seen = _seen(known, self.step, self.told.after)
        while seen > 1 and self.grid.count_for(seen + new) > self.grid.max_frames:
            seen -= 1
        count = self.grid.count_for(seen + new)
        join = count - seen
        moments = tuple(last + self.step * (n - join) for n in range(count))
        return Layout(moments, self.rate / self.step, range(count - seen - new))

    def between(self, before: int, after: int) -> Layout:
        """Between two sides: the step is one that leads from one onto the other exactly."""
        length = len(self.wanted) + 1
        most = max(1, min(self.grid.max_frames, 2 * math.ceil(length / self.step)))
        ways = (way for steps in range(1, most + 1) for way in self._sides(steps, before, after))
        best = min(ways, key=_first_of, default=None)
        if best is None:  # a number that the model takes, with what is left over beyond the end
            steps = max(1, round(length / self.step))
            left, count, shown = 1, self.grid.count_for(steps + 1), steps + 1
        else:
            _, steps, left, count = best
            shown = count
        step, first = Fraction(length, steps), self.wanted.start - 1
        moments = tuple(first + step * (n - left + 1) for n in range(count))
        return Layout(moments, self.rate / step, range(shown, count))

    def _sides(self, steps: int, before: int, after: int) -> Iterator[tuple[float, int, int, int]]:
        """Ways of going from one side to the other in so many steps: how far each is from what it
        should be, the steps, the frames seen before, and the frames of the block."""
        step = Fraction(len(self.wanted) + 1, steps)
        left_most = _seen(before, step, max(1, self.told.before))
        right_most = _seen(after, step, max(1, self.told.after))
        off = abs(math.log(step / self.step))
        for left in range(max(1, left_most - self.grid.frame_step), left_most + 1):
            for right in range(max(1, right_most - self.grid.frame_step), right_most + 1):
                count = left + steps - 1 + right
                if count <= self.grid.max_frames and self.grid.count_for(count) == count:
                    lost = _SPAN_COST * (left_most + right_most - left - right)
                    yield off + lost, steps, left, count


def _first_of(way: tuple[float, int, int, int]) -> float:
    return way[0]
