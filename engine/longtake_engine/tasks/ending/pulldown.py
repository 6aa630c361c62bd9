"""Which picture each frame shows, where pictures are held for more than one frame."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from longtake_engine.tasks.ending.ending import Ending


@dataclass(frozen=True, slots=True)
class Pulldown:
    """Pictures of a clip numbered one by one, beside one of its ends, and the frames they show in.

    A picture that is held for two frames counts once; the canvas of a backend that makes more of
    them has them next to each other, at their own rate. Where nothing is held, a picture has the
    number of its frame, and frames left out leave gaps.
    """

    ending: Ending
    count: int  # frames of the clip

    @property
    def plain(self) -> bool:
        """Whether every frame is a picture."""
        return self.ending.cadence == (1,)

    def known(self) -> dict[int, int]:
        """The frame of each known picture, in the order of the pictures."""
        sources = sorted(self.ending.sources())
        if self.plain:
            return {frame: frame for frame in sources}
        first = self.count - len(sources) if self.ending.forward else 0
        return dict(enumerate(sources, first))

    def new_pictures(self, new_frames: int) -> int:
        """How many pictures `new_frames` frames beyond the join need."""
        if self.plain:
            return new_frames
        return abs(self._beyond(new_frames - 1))

    def shown(self, frames: range) -> Iterator[int]:
        """The picture that each of `frames`, within the clip or beyond the join, shows."""
        if self.plain:
            yield from frames
            return
        known = self.known()
        starts = {frame: picture for picture, frame in known.items()}
        forward = self.ending.forward
        join = max(known) if forward else min(known)
        for frame in frames:
            out = frame - self.count if forward else -1 - frame
            if out >= 0:
                yield join + self._beyond(out)
            else:
                yield self._holding(frame, starts, join)

    def _holding(self, frame: int, starts: dict[int, int], join: int) -> int:
        """The picture of a frame of the clip: the one that began last, seen from inside."""
        near = [n for n in starts if (n <= frame if self.ending.forward else n >= frame)]
        if not near:
            return join
        return starts[max(near) if self.ending.forward else min(near)]

    def _beyond(self, out: int) -> int:
        """How many pictures the frame `out` (0: next to the join) lies beyond the last real one;
        negative for a head."""
        out -= self.ending.repetition.owed
        holds = self.ending.cadence
        rounds, rest = divmod(out, sum(holds))
        ahead = 0 if out < 0 else rounds * len(holds) + 1 + _index(holds, rest)
        return ahead if self.ending.forward else -ahead


def _index(holds: tuple[int, ...], frame: int) -> int:
    """Which of the holds `frame` falls into."""
    return next(number for number, stop in enumerate(accumulate(holds)) if frame < stop)
