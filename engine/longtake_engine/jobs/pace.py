"""How long work will still take, from how fast it went of late."""

_SETTLE_S = 5.0  # work older than a few times this no longer counts


class Pace:
    """The speed of one job, as an exponentially weighted average of frames a second."""

    def __init__(self) -> None:
        self._last: tuple[float, int] | None = None  # seconds, frames
        self._rate = 0.0  # frames a second
        self._weight = 0.0  # 0 to 1: how much of the average has been seen

    def remaining_s(self, done_frames: int, total_frames: int, now_s: float) -> float:
        """Seconds left at `now_s`, a monotonic clock; -1 until that can be known."""
        # How long the first frame took says nothing: the clip was read and measured in that time.
        if self._last is None or self._last[1] == 0 or done_frames < self._last[1]:
            self._last = (now_s, done_frames)
            self._rate = self._weight = 0.0
            return -1.0
        elapsed_s = now_s - self._last[0]
        new_frames = done_frames - self._last[1]
        if new_frames > 0 and elapsed_s > 0:
            share = elapsed_s / (elapsed_s + _SETTLE_S)
            self._rate += share * (new_frames / elapsed_s - self._rate)
            self._weight += share * (1 - self._weight)
            self._last = (now_s, done_frames)
        if total_frames <= 0 or self._rate <= 0:
            return -1.0
        # Divided by the weight, for the average began at 0 and would else promise too long a wait.
        return max(0, total_frames - done_frames) / (self._rate / self._weight)
