"""A whole clip made anew by a share, window by window, each led over into the next."""

from collections.abc import Iterator

import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
from longtake_engine.models.schedule.keeping import KeptWindows
from longtake_engine.models.schedule.making import Making, Sight, WindowModel
from longtake_engine.models.schedule.plan import plan
from longtake_engine.models.schedule.window import Limits, Schedule
from longtake_engine.picture import Picture
from longtake_engine.work import Guidance


def remakes(canvas: Canvas, guidance: Guidance) -> bool:
    """Whether every wanted frame is wholly known and to be made anew by a share."""
    wanted = canvas.wanted
    if not guidance.strength or any(frame not in canvas.known for frame in wanted):
        return False
    return bool(wanted) and canvas.known[wanted.start].mask is None


def plan_remaking(wanted: range, limits: Limits) -> Schedule:
    """Windows that leave room for as many frames of the next one as they are to dissolve over."""
    return plan((), wanted, Limits(limits.new_frames, 0), "autoregressive")


class Remaking(Making):
    """Makes each window some frames longer than its own, and dissolves into the next one there: a
    model that makes given frames anew sees none that were made before."""

    def __init__(
        self,
        canvas: Canvas,
        guidance: Guidance,
        schedule: Schedule,
        kept: KeptWindows,
        shared_frames: int,
    ) -> None:
        super().__init__(canvas, guidance, schedule, kept)
        self._shared_frames = shared_frames

    def complete(self, number: int, model: WindowModel, cancel: CancelToken) -> Iterator[Completed]:
        """As `Making.complete`, with what the next window begins with after it."""
        whole, own = self.canvas, self.windows[number].made
        stop = min(own[-1] + 1 + self._shared_frames, whole.wanted.stop)
        wanted = range(own[0], stop)
        known = Sight({frame: frame for frame in wanted}, whole.known.__getitem__)
        canvas = Canvas(whole.format, whole.rate, known, wanted)
        wish = self.wish_for(number)
        for frame, made in zip(wanted, model.complete(canvas, wish, cancel), strict=True):
            self.check(made, frame)
            yield self._dissolved(number, made)

    def _dissolved(self, number: int, made: Completed) -> Completed:
        """A frame of the window: at its start, on the way from the one before it."""
        step = made.frame - self.windows[number].made[0] + 1
        if number == 0 or step > self._shared_frames:
            return made
        before = self.kept.read(number - 1, made.frame).picture
        share = np.float32(step / (self._shared_frames + 1))
        planes = tuple(
            np.rint(old + share * (new - old.astype(np.float32))).astype(old.dtype)
            for old, new in zip(before.planes, made.picture.planes, strict=True)
        )
        return Completed(made.frame, Picture(planes, made.picture.format), made.seen)
