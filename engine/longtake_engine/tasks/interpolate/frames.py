"""The pictures of a slower or converted clip, one by one: its own where one is due, else made."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.between import ON_PROCESSOR, Fusion, Made, Pair, make_between
from longtake_engine.models.between.network import Refiner
from longtake_engine.picture import Picture
from longtake_engine.tasks.interpolate.onward import KNOWN, Moments, carry_on
from longtake_engine.tasks.interpolate.refining import Refining
from longtake_engine.tasks.interpolate.survey import Distinct, Found, distinct_pictures
from longtake_engine.tasks.interpolate.timing import Course
from longtake_engine.work import Quality

NEAR = Fraction(1, 64)  # of the way between two pictures: nearer to one of them, that one is shown
MOST_TIMES = 12  # pictures made at once between two others; they are all held


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of the made file."""

    picture: Picture
    made: bool  # rather than the clip's own
    sureness: float | None = None  # 0 to 1, of one made between two others


@dataclass(frozen=True, slots=True)
class _Step:
    """From one distinct picture to the next, and the frames of the made file that fall there."""

    first: Picture
    second: Picture
    shares: tuple[Fraction, ...]  # of the way, 0 to under 1, one a frame
    span: Fraction  # frames of the clip that it lasts
    moving: bool  # whether there is anything to make between the two
    follows: bool = False  # whether something was made in the step before, and it was as long
    known: Moments = ()  # where a shot ends here, its last pictures
    refiner: Refiner | None = None

    @property
    def times(self) -> tuple[Fraction, ...]:
        """The shares at which pictures have to be made between the two."""
        return self._inner if self.moving else ()

    @property
    def _inner(self) -> tuple[Fraction, ...]:
        return tuple(
            share
            for share in self.shares
            if share >= NEAR and not (self.moving and share > 1 - NEAR)
        )

    @property
    def pair(self) -> Pair:
        """What there is to make; a token pair where there is nothing, so that steps and pairs
        go one to one."""
        if not self.times:
            token = _token(self.first)
            return Pair(token, token, (), False)
        times = tuple(float(share) for share in self.times)
        return Pair(self.first, self.second, times, self.follows, self.refiner)

    def beyond(self, rate: Fraction, cancel: CancelToken) -> list[Picture]:
        """Where a shot ends here: what its motion would have shown before the next one begins."""
        if len(self.known) < 2 or not self._inner:
            return []
        return carry_on(self.known, [share * self.span for share in self._inner], rate, cancel)

    def frames(self, made: tuple[Made, ...], beyond: list[Picture]) -> Iterator[Frame]:
        """The frames that fall into this step."""
        between = [Frame(one.picture, True, one.confidence) for one in made]
        rest = iter(between or [Frame(picture, True) for picture in beyond])
        for share in self.shares:
            if share < NEAR:
                yield Frame(self.first, False)
            elif self.moving and share > 1 - NEAR:
                yield Frame(self.second, False)
            else:
                yield next(rest, Frame(self.first, False))


@dataclass(frozen=True, slots=True)
class Retiming:
    """A clip gone through at another pace."""

    reader: VideoReader
    course: Course
    quality: Quality
    fusion: Fusion = ON_PROCESSOR
    refining: Refining = field(default_factory=Refining)
    found: Found = field(default_factory=Found)  # filled while frames are made

    def frames(self, cancel: CancelToken) -> Iterator[Frame]:
        """The frames of the made file in order.

        Raises:
            Cancelled: `cancel` was set; noticed now and then.
        """
        waiting: deque[_Step] = deque()

        def pairs() -> Iterator[Pair]:
            for step in self._steps(cancel.check):
                cancel.check()
                waiting.append(step)
                yield step.pair

        for made in make_between(pairs(), self.quality, fusion=self.fusion):
            step = waiting.popleft()
            yield from step.frames(made, step.beyond(self.reader.rate, cancel))

    def _steps(self, check: Callable[[], None]) -> Iterator[_Step]:
        """Every step between distinct pictures, and a last one beyond the last picture."""
        shown = 0
        length = Fraction(0)  # of the step before, 0 where nothing was made in it
        shot: deque[tuple[Distinct, Picture]] = deque(maxlen=KNOWN)
        for here, picture in self._distinct(check):
            if not shot:
                self.refining.see(picture, None)
            else:
                since, first = shot[-1]
                span = here.moment - since.moment
                shares, shown = self._shares(shown, since.moment, here.moment)
                moving = not here.cut and not _same(first, picture)
                known = self._known(shot) if here.cut else ()
                follows = moving and span == length
                refiner = self.refining.see(picture, None if here.cut else span)
                some = shares[:MOST_TIMES]
                step = _Step(first, picture, some, span, moving, follows, known, refiner)
                yield step
                for number in range(MOST_TIMES, len(shares), MOST_TIMES):
                    some = shares[number : number + MOST_TIMES]
                    step = replace(step, shares=some, follows=False)
                    yield step
                length = span if step.times else Fraction(0)
                if here.cut:
                    shot.clear()
            shot.append((here, picture))
        if shot:
            yield from self._last_steps(shot, shown)

    def _last_steps(self, shot: deque[tuple[Distinct, Picture]], shown: int) -> Iterator[_Step]:
        """The frames from `shown` on, beyond the last picture."""
        last, picture = shot[-1]
        usual = last.moment - shot[-2][0].moment if len(shot) > 1 else Fraction(1)
        # One that is held for longer stands still because it should.
        held = self.reader.frame_count - last.moment > max(usual, 1)
        known = () if held else self._known(shot)
        for number in range(shown, self.course.frame_count, MOST_TIMES):
            frames = range(number, min(number + MOST_TIMES, self.course.frame_count))
            shares = tuple(self.course.moment(frame) - last.moment for frame in frames)
            yield _Step(picture, picture, shares, Fraction(1), False, known=known)

    def _known(self, shot: deque[tuple[Distinct, Picture]]) -> Moments:
        """What the motion at the end of a shot is carried on from; nothing where that shot is held,
        for haste or since it stands still."""
        still = len(shot) > 1 and _same(shot[-2][1], shot[-1][1])
        if self.quality == "draft" or still:
            return ()
        end = shot[-1][0].moment
        return tuple((one.moment - end, picture) for one, picture in shot)

    def _shares(
        self, shown: int, start: Fraction, stop: Fraction
    ) -> tuple[tuple[Fraction, ...], int]:
        """How far on the way from `start` to `stop` the frames from `shown` on are that fall
        there, and the first that does not."""
        shares = []
        while shown < self.course.frame_count and self.course.moment(shown) < stop:
            share = (self.course.moment(shown) - start) / (stop - start)
            shares.append(max(share, Fraction(0)))
            shown += 1
        return tuple(shares), shown

    def _distinct(self, check: Callable[[], None]) -> Iterator[tuple[Distinct, Picture]]:
        """The distinct pictures of the clip with their places."""
        survey = distinct_pictures(
            self.reader, self.course.step, self.found, check, self.course.first
        )
        wanted = next(survey, None)
        for frame, picture in enumerate(self.reader.frames()):
            if wanted is None:
                return
            if frame == wanted.frame:
                yield wanted, picture
                wanted = next(survey, None)


def _same(first: Picture, second: Picture) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(first.planes, second.planes, strict=True))


def _token(picture: Picture) -> Picture:
    """A picture of the same kind with hardly a pixel in it."""
    format = picture.format
    small = replace(format, width=min(format.width, 32), height=min(format.height, 32))
    planes = (
        np.zeros(small.plane_size(number), format.dtype) for number in range(format.plane_count)
    )
    return Picture(tuple(planes), small)
