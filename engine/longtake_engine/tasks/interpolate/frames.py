"""The pictures of a slower or converted clip, one by one: its own where one is due, else made."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.between import Made, Pair, make_between
from longtake_engine.picture import Picture
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
    sureness: float = 1.0  # 0 to 1, of a made one


@dataclass(frozen=True, slots=True)
class _Step:
    """From one distinct picture to the next, and the frames of the made file that fall there."""

    first: Picture
    second: Picture
    shares: tuple[Fraction, ...]  # of the way, 0 to under 1, one a frame
    moving: bool  # whether there is anything to make between the two
    follows: bool  # whether something was made in the step before, and it was as long

    @property
    def times(self) -> tuple[Fraction, ...]:
        """The shares at which pictures have to be made."""
        inner = self.shares if self.moving else ()
        return tuple(share for share in inner if NEAR <= share <= 1 - NEAR)

    @property
    def pair(self) -> Pair:
        """What there is to make; a token pair where there is nothing, so that steps and pairs
        go one to one."""
        if not self.times:
            token = _token(self.first)
            return Pair(token, token, (), False)
        times = tuple(float(share) for share in self.times)
        return Pair(self.first, self.second, times, self.follows)

    def frames(self, made: tuple[Made, ...]) -> Iterator[Frame]:
        """The frames that fall into this step."""
        rest = iter(made)
        for share in self.shares:
            if self.moving and NEAR <= share <= 1 - NEAR:
                one = next(rest)
                yield Frame(one.picture, True, one.confidence)
            elif self.moving and share > 1 - NEAR:
                yield Frame(self.second, False)
            else:
                yield Frame(self.first, False)


@dataclass(frozen=True, slots=True)
class Retiming:
    """A clip gone through at another pace."""

    reader: VideoReader
    course: Course
    quality: Quality
    found: Found = field(default_factory=Found)  # filled while frames are made

    def frames(self, check: Callable[[], None]) -> Iterator[Frame]:
        """The frames of the made file in order; `check` is called now and then and ends the work by
        raising."""
        waiting: deque[_Step] = deque()

        def pairs() -> Iterator[Pair]:
            for step in self._steps(check):
                check()
                waiting.append(step)
                yield step.pair

        for made in make_between(pairs(), self.quality):
            yield from waiting.popleft().frames(made)

    def _steps(self, check: Callable[[], None]) -> Iterator[_Step]:
        """Every step between distinct pictures, and a last one in which the last picture stays."""
        shown = 0
        length = Fraction(0)  # of the step before, 0 where nothing was made in it
        before: tuple[Distinct, Picture] | None = None
        for here, picture in self._distinct(check):
            if before is None:
                before = (here, picture)
                continue
            (since, first), before = before, (here, picture)
            span = here.moment - since.moment
            shares, shown = self._shares(shown, since.moment, here.moment)
            moving = not here.cut and not _same(first, picture)
            follows = moving and span == length
            step = _Step(first, picture, shares[:MOST_TIMES], moving, follows)
            yield step
            for number in range(MOST_TIMES, len(shares), MOST_TIMES):
                step = _Step(first, picture, shares[number : number + MOST_TIMES], moving, False)
                yield step
            length = span if step.times else Fraction(0)
        if before is not None:
            for _ in range(self.course.frame_count - shown):
                yield _Step(before[1], before[1], (Fraction(0),), False, False)

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
        survey = distinct_pictures(self.reader, self.course.step, self.found, check)
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
