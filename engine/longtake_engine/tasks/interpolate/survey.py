"""What a clip shows frame by frame, found a little ahead of whoever goes through it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from longtake_engine.media.video_reader import VideoReader
from longtake_engine.tasks.glance import Glance, glance_at, peak_change
from longtake_engine.tasks.interpolate.cadence import Cadence, find_cadence
from longtake_engine.tasks.shot import find_cuts

STRIDE = 60  # frames that are judged at once
AROUND = 60  # frames on each side of them that are looked at for that


@dataclass(frozen=True, slots=True)
class Distinct:
    """A picture of the clip that is more than a copy of the one before."""

    frame: int  # the first that shows it
    moment: Fraction  # when it truly was, in frames; `frame` where pictures are not held evenly
    cut: bool  # whether a cut, or a flash, parts it from the picture before


@dataclass(slots=True)
class Found:
    """What came up on the way, for the notes."""

    cuts: list[int] = field(default_factory=list)
    copies: int = 0
    beats: dict[Fraction, int] = field(default_factory=dict)  # frames under each
    moving: int = 0  # frames that were judged for combing
    combed: int = 0


def distinct_pictures(
    reader: VideoReader,
    step: Fraction,
    found: Found,
    check: Callable[[], None] = lambda: None,
    start: int = 0,
) -> Iterator[Distinct]:
    """The distinct pictures of a clip in order, the first of them frame 0.

    Looks some frames ahead and holds small pictures of these alone.

    Args:
        reader: Of the clip.
        step: Frames of the clip between two made ones: where pictures are held, their moments
            are laid so that as many as can be are met exactly.
        found: Filled on the way.
        check: Called between frames; raises to stop.
        start: Frame of the clip that the first made one shows.
    """
    clock = _Clock(step, start)
    glances: list[Glance] = []
    peaks: list[float] = []
    first = judged = 0  # the frame of glances[0], and the first that is not judged yet
    count = reader.frame_count
    for number, glance in enumerate(glance_at(reader.frames())):
        check()
        peaks.append(peak_change(glances[-1], glance) if glances else 0.0)
        glances.append(glance)
        if number + 1 < min(count, judged + STRIDE + AROUND):
            continue
        stop = count if number + 1 == count else judged + STRIDE
        yield from _judge(glances, peaks, range(judged - first, stop - first), first, clock, found)
        judged = stop
        gone = max(0, judged - AROUND - first)
        del glances[:gone], peaks[:gone]
        first += gone


def _judge(  # noqa: PLR0917 # one caller, and each of another type
    glances: list[Glance],
    peaks: list[float],
    numbers: range,
    first: int,
    clock: "_Clock",
    found: Found,
) -> Iterator[Distinct]:
    """The distinct pictures among the glances `numbers`, of which the first of all is frame
    `first`."""
    cuts = set(find_cuts(glances))
    cadence = find_cadence(peaks)
    clock.hear(cadence, len(glances), first)
    found.beats[cadence.beat] = found.beats.get(cadence.beat, 0) + len(numbers)
    for number in numbers:
        combed = glances[number].combed
        found.moving += combed is not None
        found.combed += bool(combed)
        cut = number in cuts
        if number in cadence.copies and not cut and first + number:
            found.copies += 1
            continue
        frame = first + number
        if cut:
            found.cuts.append(frame)
        yield Distinct(frame, clock.moment(frame), cut)


class _Clock:
    """Tells when pictures truly were: evenly apart where they are held by a beat."""

    def __init__(self, step: Fraction, start: int) -> None:
        self._step, self._start = step, start
        self._beat = Fraction(1)
        self._offsets: tuple[Fraction, ...] = ()
        self._last: Fraction | None = None  # the moment before, while a beat goes on
        self._told: Fraction | None = None  # the moment before, whatever the beat

    def hear(self, cadence: Cadence, count: int, first: int) -> None:
        """From now on pictures come as `cadence` says, which holds for `count` frames from
        `first`."""
        if cadence.beat != self._beat:
            self._last = None
        self._beat = cadence.beat
        if cadence.beat != 1:
            starts = [first + n for n in range(count) if n not in cadence.copies]
            self._offsets = self._places(starts[1:])

    def moment(self, frame: int) -> Fraction:
        """When the picture that is first shown in `frame` truly was."""
        before = self._told
        self._told = self._on_beat(frame)
        if before is not None and self._told <= before:  # where one beat gives way to another
            self._told, self._last = Fraction(frame), None
        return self._told

    def _on_beat(self, frame: int) -> Fraction:
        if self._beat == 1:
            return Fraction(frame)
        due = None if self._last is None else self._last + self._beat
        if due is None or not frame - 1 < due < frame + 1:
            due = self._anchor(frame)
        self._last = due
        return due

    def _places(self, starts: list[int]) -> tuple[Fraction, ...]:
        """Where, modulo the beat, the moments may lie such that each start is near its own."""
        residues = [s - n * self._beat for n, s in enumerate(starts)]
        return tuple(dict.fromkeys(residues))

    def _anchor(self, frame: int) -> Fraction:
        """The moment near `frame` from which most others fall onto made frames."""
        best, most = Fraction(frame), -1
        for place in self._offsets or (Fraction(0),):
            turns = (frame - place) / self._beat
            near = place + round(turns) * self._beat
            if not frame - 1 < near < frame + 1:
                continue
            since = near - self._start
            met = sum(((since + n * self._beat) / self._step).denominator == 1 for n in range(24))
            if met > most:
                best, most = near, met
        return best
