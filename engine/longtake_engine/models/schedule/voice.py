"""How far a run of windows is, as one of them tells of itself."""

import time

from longtake_engine.cancel import CancelToken


class WindowVoice(CancelToken):
    """The token that a window is made with: what it says is said as part of the whole."""

    def __init__(self, whole: CancelToken, number: int, count: int) -> None:
        """For window `number` of `count`, counted from 0, that begins now."""
        super().__init__()
        self._whole = whole
        self._number = number
        self._count = count
        self._began = time.monotonic()

    def cancel(self) -> None:
        """Ask all the work to stop."""
        self._whole.cancel()

    @property
    def cancelled(self) -> bool:
        """Whether the work should stop."""
        return self._whole.cancelled

    def check(self) -> None:
        """Raise `Cancelled` where the work should stop."""
        self._whole.check()

    def remark(self, model: str, sentence: str) -> None:
        """As `CancelToken.remark`, of all the work."""
        self._whole.remark(model, sentence)

    def say(self, words: str, remaining_s: float = -1.0) -> None:
        """As `CancelToken.say`; the time left is that of the windows to come too, each taken to be
        as long as this one."""
        if self._count > 1:
            words = f"part {self._number + 1} of {self._count}, {words}"
        if remaining_s >= 0:
            window_s = time.monotonic() - self._began + remaining_s
            remaining_s += window_s * (self._count - self._number - 1)
        self._whole.say(words, remaining_s)
