"""One shot's holes being filled, run by run."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Completed
from longtake_engine.models.removal.box import Array
from longtake_engine.models.removal.compose import BELIEVED, Laid, compose
from longtake_engine.models.removal.opinion import Opinions
from longtake_engine.models.removal.steady import Before
from longtake_engine.models.removal.survey import Survey
from longtake_engine.models.removal.trails import Trails
from longtake_engine.models.synthesis import Synthesis
from longtake_engine.models.synthesis.settle import anchored

CLEAN = 0.7  # trust from which on something may be copied into what nobody saw


@dataclass(frozen=True, slots=True)
class _Done:
    """A frame that was filled."""

    frame: int
    laid: Laid


@dataclass(slots=True)
class _Memory:
    """The frame that was filled last."""

    done: _Done | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What the runs of one shot have in common."""

    survey: Survey
    trails: tuple[Trails, ...]  # ways of following what is seen from frame to frame
    lays: bool  # what lies aligned is used
    synthesis: Synthesis
    wariness: float = 1.0  # times the error that is expected of what other frames show
    memory: _Memory = field(default_factory=_Memory)

    @classmethod
    def begin(cls, name: str, survey: Survey, rest: Synthesis, wariness: float = 1.0) -> "Work":
        """For the backend `name`; `rest` makes up what no frame saw."""
        ways = {"seen": (survey.around, survey.filled), "flow": (survey.around,), "align": ()}
        trails = tuple(Trails(survey.shot, way) for way in ways[name])
        return cls(survey, trails, name != "flow", rest, wariness)

    def frames(self, run: range, cancel: CancelToken) -> Iterator[Completed]:
        """Each frame of `run`, which begins where the one before ended."""
        shot, aligned = self.survey.shot, self.survey.aligned
        sides = [side for way in self.trails for side in way.sides(run, cancel.check)]
        for frame in run:
            cancel.check()
            found = [trail for side in sides if (trail := side[frame]) is not None]
            fill = aligned.fill(frame) if self.lays else None
            opinions = Opinions(fill, found, self.survey.iris)
            before = self._before(frame)
            laid = compose(shot, frame, aligned.scales, opinions, before, wariness=self.wariness)
            back = self._back(frame) if laid.blind.any() else None
            made = self.synthesis.fill(laid.picture, laid.blind, back, laid.sure > CLEAN)
            made = anchored(laid.picture, made, laid.blind)
            seen = ~laid.blind & (laid.sure >= BELIEVED)
            self.memory.done = _Done(frame, laid)
            yield Completed(frame, made, seen.astype(np.float32))

    def _before(self, frame: int) -> Before | None:
        """The frame before and the way there; None where it had no hole or was not filled."""
        done = self.memory.done
        if done is None or done.frame != frame - 1 or not self.survey.shot.view(frame).hole.any():
            return None
        hidden = self.survey.shot.hidden(frame - 1)
        if hidden is None:
            return None
        link = self.survey.around.link(frame - 1)
        return Before(hidden, done.laid.error, done.laid.evens, link.box, link.back)

    def _back(self, frame: int) -> Array | None:
        """H W 2 float32 of full size: the way from each pixel of the frame, where it counts, to the
        one before; None where there is none."""
        if frame - 1 not in self.survey.shot.frames:
            return None
        link = self.survey.around.link(frame - 1)
        format, (height, width) = self.survey.shot.format, self.survey.shot.size
        way = np.zeros((height, width, 2), np.float32)
        way[link.box.part] = link.back - link.box.grid()
        if (height, width) == (format.height, format.width):
            return way
        size = (format.width, format.height)
        scale = np.array([format.width / width, format.height / height], np.float32)
        return cv2.resize(way, size, interpolation=cv2.INTER_LINEAR) * scale
