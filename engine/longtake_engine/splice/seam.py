"""How well known and made frames meet: the `SeamReport`."""

from collections import deque
from dataclasses import dataclass, field

import msgspec
import numpy as np

from longtake_engine.picture import Picture
from longtake_engine.splice.look import (
    Look,
    change,
    color_step,
    median_change,
    median_color_step,
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
    _recent: deque[tuple[int, Look]] = field(default_factory=lambda: deque(maxlen=2 * BESIDE))
    _reports: dict[int, SeamReport] = field(default_factory=dict)

    def see(self, frame: int, picture: Picture) -> None:
        """Look at a picture, where a join is near."""
        if any(-BESIDE <= frame - join < BESIDE for join in self.joins):
            self._recent.append((frame, Look.of(picture)))
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
        before = [look for frame, look in self._recent if frame < join]
        after = [look for frame, look in self._recent if frame >= join]
        if not before or not after:
            return
        known, made = (before, after) if self.joins[join] else (after[::-1], before[::-1])
        self._reports[join] = compare(join, known[-BESIDE:], made[:NEAR])


def compare(join: int, known: list[Look], made: list[Look]) -> SeamReport:
    """The report of one join.

    Args:
        join: First frame after it.
        known: Looks of known pictures, the one at the join last.
        made: Looks of made pictures, the one at the join first.
    """
    beside = known[-NEAR:]
    # Too short a known side has no step of its own to go by; the made side's is the next best.
    usual = known if len(known) >= FEWEST else [*known[-1:], *made]
    return SeamReport(
        frame=join,
        color_jump=_ratio(color_step(known[-1], made[0]), median_color_step(usual)),
        sharpness_ratio=_mean_ratio([m.sharpness for m in made], [k.sharpness for k in beside]),
        noise_ratio=_mean_ratio([m.noise for m in made], [k.noise for k in beside]),
        motion_ratio=_ratio(change(known[-1], made[0]), median_change(usual)),
    )


def _ratio(step: float, usual: float) -> float:
    """`step` over `usual`, both raised to what can be seen; 1 for two unseen ones."""
    if max(step, usual) < STILL:
        return 1.0
    return step / max(usual, STILL)


def _mean_ratio(made: list[float], known: list[float]) -> float:
    reference = float(np.mean(known))
    return float(np.mean(made)) / reference if reference > 1e-3 else 1.0
