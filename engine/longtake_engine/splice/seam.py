"""How well known and made frames meet: the `SeamReport`."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

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
NEAR = 4  # pictures looked at on the made side
STILL = 0.25  # 8-bit levels: smaller steps cannot be seen, and do not count as ratios


@dataclass(slots=True)
class SeamWatch:
    """Sees every picture of a made file go by, in order, and reports on its joins. Keeps a few
    pictures' numbers."""

    joins: dict[int, bool]  # first frame after the join -> whether the made frames come after it
    _recent: deque[tuple[int, Look]] = field(default_factory=lambda: deque(maxlen=BESIDE + NEAR))
    _reports: list[SeamReport] = field(default_factory=list)
    _frame: int = 0

    def watch(self, pictures: Iterable[Picture]) -> Iterator[Picture]:
        """`pictures`, looked at where a join is near."""
        for picture in pictures:
            if any(-BESIDE <= self._frame - join < BESIDE for join in self.joins):
                self._recent.append((self._frame, Look.of(picture)))
                self._report_due()
            self._frame += 1
            yield picture

    def finish(self) -> tuple[SeamReport, ...]:
        """One report for each join, in order; call when every picture has gone by."""
        for join in sorted(self.joins):
            if all(report.frame != join for report in self._reports):
                self._report(join)
        return tuple(sorted(self._reports, key=lambda report: report.frame))

    def _report_due(self) -> None:
        for join, made_after in self.joins.items():
            wait = NEAR if made_after else BESIDE
            if self._frame == join + wait - 1:
                self._report(join)

    def _report(self, join: int) -> None:
        before = [look for frame, look in self._recent if frame < join]
        after = [look for frame, look in self._recent if frame >= join]
        if not before or not after:
            return
        made_after = self.joins[join]
        known, made = (before, after) if made_after else (after[::-1], before[::-1])
        known, made = known[-BESIDE:], made[:NEAR]
        self._reports.append(compare(join, known, made))


def compare(join: int, known: list[Look], made: list[Look]) -> SeamReport:
    """The report of one join.

    Args:
        join: First frame after it in the made file.
        known: Looks of known pictures, the one at the join last.
        made: Looks of made pictures, the one at the join first.
    """
    beside = known[-NEAR:]
    return SeamReport(
        frame=join,
        color_jump=_ratio(color_step(known[-1], made[0]), median_color_step(known)),
        sharpness_ratio=_mean_ratio([m.sharpness for m in made], [k.sharpness for k in beside]),
        noise_ratio=_mean_ratio([m.noise for m in made], [k.noise for k in beside]),
        motion_ratio=_ratio(change(known[-1], made[0]), median_change(known)),
    )


def _ratio(step: float, usual: float) -> float:
    """`step` over `usual`, both raised to what can be seen; 1 for two unseen ones."""
    if max(step, usual) < STILL:
        return 1.0
    return step / max(usual, STILL)


def _mean_ratio(made: list[float], known: list[float]) -> float:
    reference = float(np.mean(known))
    return float(np.mean(made)) / reference if reference > 1e-3 else 1.0
