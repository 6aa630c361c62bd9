"""Which piece of a room's sound to play next."""

import numpy as np

from longtake_engine.splice.sound.spectrum import TICKS_PER_S
from longtake_engine.splice.sound.speech import runs

OVERLAP_TICKS = 14  # of a piece and the next
SHORTEST_TICKS = 32
LONGEST_TICKS = 100  # lengths are drawn evenly, so that joins keep no beat
PLENTY_S = 8.0  # of the room alone
AGAIN_S = 8.0  # a moment that was heard less than this ago is heard again only where it must be
AGAIN_DB = 12.0  # how much worse another may fit and still be taken instead
SAME = 4.0  # weight of moments that stand out and were played more than others
CHOICE = 4  # of those that fit best, one is drawn


class PieceSearch:
    """Chooses pieces from the join away: each fits the one before it, and none comes again soon.

    Close to the jumps of video textures (Schödl et al. 2000) over a sound's band levels: where two
    pieces overlap, both do the same.
    """

    def __init__(
        self, free: np.ndarray, life: np.ndarray, random: np.random.Generator, *, forward: bool
    ) -> None:
        """Choose among the ticks where `free`, T, is True; `life` B T is their levels, dB, without
        drift. Not `forward`: pieces are for before the join, which is at the first tick."""
        self.forward = forward
        # Towards the past all is done on reversed time, and the ticks turned back at the end.
        self._free = free if forward else free[::-1]
        self._life = life if forward else life[:, ::-1]
        self._random = random
        ticks = len(free)
        self._left = np.zeros(ticks, int)  # free ticks from here on
        for start, stop in runs(self._free):
            self._left[start:stop] = np.arange(stop - start, 0, -1)
        # Of little sound shorter pieces, so that no turn of it is heard whole again and again.
        share = np.count_nonzero(free) / (TICKS_PER_S * PLENTY_S)
        self._longest = int(np.clip(LONGEST_TICKS * share, SHORTEST_TICKS + 20, LONGEST_TICKS))
        self._starts = np.flatnonzero(self._left >= SHORTEST_TICKS)
        self._heard_s = -np.arange(ticks, 0, -1) / TICKS_PER_S  # when, seconds from the join
        self._plays = np.zeros(ticks)
        # How much a tick stands out: what does is known again, what does not may come often.
        self._mark = np.abs(self._life).mean(axis=0)
        self._mark = np.maximum(self._mark - np.median(self._mark[self._free]), 0)
        self._before: np.ndarray | None = None  # B V: the life of the last piece's end

    @property
    def possible(self) -> bool:
        """Whether there is anything to choose from."""
        return len(self._starts) > 0

    def next(self, at_s: float, unlike_db: np.ndarray) -> tuple[int, int]:
        """The first tick of the piece to play `at_s` from the join, and its length in ticks.

        `unlike_db`, T, is how far each tick's level is from the one wanted there.
        """
        wanted = int(self._random.integers(SHORTEST_TICKS, self._longest + 1))
        lengths = np.minimum(wanted, self._left[self._starts])
        cost = self._misfit() + AGAIN_DB * self._freshness(lengths, at_s)
        cost += AGAIN_DB / 4 * (wanted - lengths) / LONGEST_TICKS
        cost += self._sameness(lengths)
        cost += (unlike_db if self.forward else unlike_db[::-1])[self._starts + lengths // 2]
        best = self._spread_best(cost)
        chosen = int(self._random.choice(best))
        start, length = int(self._starts[chosen]), int(lengths[chosen])
        end = start + length
        self._heard_s[start:end] = at_s + np.arange(length) / TICKS_PER_S
        self._plays[start:end] += 1
        self._before = self._life[:, end - OVERLAP_TICKS : end]
        return (start if self.forward else len(self._free) - end), length

    def _misfit(self) -> np.ndarray:
        """How far each piece's first moments are from the last piece's last ones, dB."""
        if self._before is None:
            return np.abs(self._life[:, self._starts]).mean(axis=0)
        cost = np.zeros(len(self._starts))
        for moment in range(OVERLAP_TICKS):
            there = self._life[:, self._starts + moment]
            cost += np.abs(there - self._before[:, moment, None]).mean(axis=0)
        return cost / OVERLAP_TICKS

    def _freshness(self, lengths: np.ndarray, at_s: float) -> np.ndarray:
        """0 where a piece has not been heard lately, 1 where all of it was heard just now."""
        stale = np.clip(1 - (at_s - self._heard_s) / AGAIN_S, 0, 1)
        sums = np.concatenate([[0], np.cumsum(stale)])
        return (sums[self._starts + lengths] - sums[self._starts]) / lengths

    def _sameness(self, lengths: np.ndarray) -> np.ndarray:
        """How much would be known again from having been played, dB."""
        played = np.concatenate([[0], np.cumsum(self._plays * self._mark)])
        fewest = self._plays[self._free].min() * self._mark
        played -= np.concatenate([[0], np.cumsum(fewest)])
        return SAME * (played[self._starts + lengths] - played[self._starts]) / lengths

    def _spread_best(self, cost: np.ndarray) -> list[int]:
        """The best few that do not begin at nearly the same moment."""
        best: list[int] = []
        for candidate in np.argsort(cost, kind="stable"):
            start = self._starts[candidate]
            if all(abs(start - self._starts[other]) >= OVERLAP_TICKS for other in best):
                best.append(int(candidate))
            if len(best) == CHOICE:
                break
        return best
