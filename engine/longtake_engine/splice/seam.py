"""How well known and made frames meet: the `SeamReport`."""

from collections import deque
from dataclasses import dataclass, field
from itertools import pairwise

import msgspec
import numpy as np

from longtake_engine.picture import Picture
from longtake_engine.splice.look import (
    Look,
    change,
    color_step,
    median_change,
    median_color_step,
    new_noise,
)
from longtake_engine.work import SeamReport

BESIDE = 13  # pictures looked at on the known side of a join: twelve steps
FEWEST = 4  # pictures that make a usual step
NEAR = 4  # pictures looked at on the made side
STILL = 0.25  # 8-bit levels: smaller steps cannot be seen, and do not count as ratios


@dataclass(slots=True)
class SeamWatch:
    """Sees pictures go by in time order and reports on the joins among them.

    Keeps a few pictures' numbers. Frames are numbered as in the source.
    """

    joins: dict[int, bool]  # first frame after the join -> whether the made frames come after it
    left_out: frozenset[int] = (
        frozenset()
    )  # known frames that nothing was made from: flashes, copies
    held: frozenset[int] = frozenset()  # joins beside which pictures are held for several frames
    grainy: frozenset[int] = frozenset()  # joins beside which there is grain
    _recent: deque[tuple[int, Look]] = field(default_factory=lambda: deque(maxlen=2 * BESIDE))
    _reports: dict[int, SeamReport] = field(default_factory=dict)

    def see(self, frame: int, picture: Picture) -> None:
        """Look at a picture, where a join is near."""
        if any(-BESIDE <= frame - join < BESIDE for join in self.joins):
            self._recent.append((frame, Look.of(picture, grainy=bool(self.grainy))))
            for join, made_after in self.joins.items():
                if frame == join + (NEAR if made_after else BESIDE) - 1:
                    self._report(join)

    def finish(self, first_frame: int) -> tuple[SeamReport, ...]:
        """One report for each join, in order, counted from `first_frame`; when all has gone by."""
        for join in self.joins.keys() - self._reports.keys():
            self._report(join)
        return tuple(
            msgspec.structs.replace(self._reports[join], frame=join - first_frame)
            for join in sorted(self._reports)
        )

    def _report(self, join: int) -> None:
        made_after = self.joins[join]
        before = [(frame, look) for frame, look in self._recent if frame < join]
        after = [(frame, look) for frame, look in self._recent if frame >= join]
        known, made = (before, after) if made_after else (after[::-1], before[::-1])
        known = [(frame, look) for frame, look in known if frame not in self.left_out]
        if not known or not made:
            return
        looks = [look for _, look in known[-BESIDE:]]
        shown = [look for _, look in made]
        apart = abs(made[0][0] - known[-1][0])
        if join in self.held:
            shown, apart = _unheld(looks[-1], shown), 1
        self._reports[join] = compare(join, looks, shown[:NEAR], apart)


def _unheld(last: Look, made: list[Look]) -> list[Look]:
    """`made`, each picture once, that beside the join not again."""
    new = [b for a, b in pairwise([last, *made]) if change(a, b)]
    return new or made


def compare(join: int, known: list[Look], made: list[Look], apart: int = 1) -> SeamReport:
    """The report of one join.

    Args:
        join: First frame after it.
        known: Looks of known pictures, the one at the join last.
        made: Looks of made pictures, the one at the join first.
        apart: Frames from the last known picture to the first made one; more than 1 where frames
            between them are not gone by. The step is held against others as long.
    """
    beside = known[-NEAR:]
    # Too short a known side has no step of its own to go by; the made side's is the next best.
    usual = known if len(known) >= FEWEST + apart - 1 else [*known[-1:], *made]
    apart = min(apart, max(1, len(usual) - 1))
    return SeamReport(
        frame=join,
        color_jump=_ratio(color_step(known[-1], made[0]), median_color_step(usual, apart)),
        sharpness_ratio=_mean_ratio([m.sharpness for m in made], [k.sharpness for k in beside]),
        noise_ratio=_mean_ratio(_noises(made), _noises(beside)),
        motion_ratio=_ratio(change(known[-1], made[0]), median_change(usual, apart)),
    )


def _noises(looks: list[Look]) -> list[float]:
    """The noise of each; where there is grain, of what is new in each."""
    if looks[0].grained is None or len(looks) < 2:
        return [look.noise for look in looks]
    return [new_noise(a, b) for a, b in pairwise(looks)]


def _ratio(step: float, usual: float) -> float:
    """`step` over `usual`, both raised to what can be seen; 1 for two unseen ones."""
    if max(step, usual) < STILL:
        return 1.0
    return step / max(usual, STILL)


def _mean_ratio(made: list[float], known: list[float]) -> float:
    reference = float(np.mean(known))
    return float(np.mean(made)) / reference if reference > 1e-3 else 1.0
