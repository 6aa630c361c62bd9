"""A thin upright line from window to window of a shot, and whether it is a scratch."""

from dataclasses import dataclass

import numpy as np

from longtake_engine.models.defect.line import Line
from longtake_engine.models.flow import Array

PASSED = 10.0  # pixels, at least, and
PASSED_SHARE = 0.012  # of the width, that the scene goes by a line
HOLDS = 2.0  # times as far as the line goes itself
VISIBLE = 0.2  # mean vote of a band that shows it
MOST_BANDS = 4  # at least, that the scene has passed
MOST_SHARE = 0.6  # of those that show it
STRENGTH = 0.25  # mean vote of these
CLEAR = 12.0  # times what is usual
WOBBLE = 1.0  # pixels, standard deviation, off a straight course
CHANGE = 1.0  # times the mean vote: the vote's standard deviation over time
LONE_BAND = 0.45  # mean vote of every band of a line from edge to edge
LONE_STRENGTH = 0.7
LONE_FRAMES = 36


@dataclass(slots=True)
class Track:
    """A line from window to window."""

    first: int  # frame
    lines: list[Line]
    starts: list[int]  # frame of each line's window
    low: Array  # 3 BANDS: how far the scene went by on the left, on the right, by the camera
    high: Array
    gone: Array

    def next_column(self, start: int) -> float:
        """Where it should be half way through the window that begins at `start`."""
        last = self.lines[-1]
        return last.middle + last.drift * (start - self.starts[-1])

    def pass_by(self, steps: Array) -> None:
        """`steps` are T 3 BANDS, pixels."""
        ways = self.gone + np.cumsum(steps, axis=0)
        self.gone = ways[-1]
        self.low = np.minimum(self.low, ways.min(axis=0))
        self.high = np.maximum(self.high, ways.max(axis=0))

    def _clearness(self) -> float:
        """How much it stands out, the more the longer it lasts."""
        usual = float(np.mean([line.clearness for line in self.lines]))
        return usual * float(np.sqrt(len(self.lines)))

    def _own_way(self) -> float:
        """Pixels that it goes itself."""
        low, high = np.quantile(self.course()[1], [0.03, 0.97])
        return float(high - low)

    def is_scratch(self, width: int) -> bool:
        """Whether it is one of a picture `width` pixels wide."""
        if not self._is_steady():
            return False
        bands = np.mean([line.bands for line in self.lines], axis=0)
        least = max(PASSED, PASSED_SHARE * width, HOLDS * self._own_way())
        passed = (self.high - self.low).min(axis=0) > least
        shown = bands > VISIBLE
        both = shown & passed
        if self._clearness() > CLEAR and both.sum() >= MOST_BANDS:
            enough = both.sum() >= MOST_SHARE * shown.sum()
            if enough and float(bands[both].mean()) > STRENGTH:
                return True
        lasts = self.starts[-1] + len(self.lines[-1].columns) - self.first
        strong = np.mean([line.strength for line in self.lines]) > LONE_STRENGTH
        alone = all(line.is_lone for line in self.lines)
        return bool(lasts >= LONE_FRAMES and strong and alone and bands.min() > LONE_BAND)

    def _is_steady(self) -> bool:
        """Whether it runs straight on and looks alike on all frames; folds of cloth do not."""
        wobble = np.mean([_wobble(line.columns) for line in self.lines])
        votes = np.concatenate([line.votes for line in self.lines])
        mean = votes.mean(axis=0)
        shown = mean > VISIBLE
        if not shown.any():
            return False
        change = float(votes[:, shown].std(axis=0).mean() / mean[shown].mean())
        return bool(wobble < WOBBLE) and change < CHANGE

    def course(self) -> tuple[Array, Array]:
        """Frames, and where it was found on them; those of two windows come twice."""
        frames = [
            np.arange(start, start + len(line.columns))
            for start, line in zip(self.starts, self.lines, strict=True)
        ]
        return np.concatenate(frames), np.concatenate([line.columns for line in self.lines])


def _wobble(columns: Array) -> float:
    """Pixels, standard deviation, off a straight course."""
    times = np.arange(len(columns))
    return float(np.std(columns - np.polyval(np.polyfit(times, columns, 1), times)))
