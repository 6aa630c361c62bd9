"""Whether Longtake's own network betters the frames between a clip's frames: tried as they come."""

from collections import deque
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from typing import Protocol

from longtake_engine.cancel import CancelToken
from longtake_engine.models.between import INFO
from longtake_engine.models.between.network import Refiner
from longtake_engine.models.between.network.compiled import shipped_refiner
from longtake_engine.models.between.network.timing import Timed
from longtake_engine.picture import Picture
from longtake_engine.tasks.backtest import shrink
from longtake_engine.tasks.glance import glance_at
from longtake_engine.tasks.interpolate.hidden import TAKEN, WIDTH, Gain, HiddenTrial, mean_gain
from longtake_engine.tasks.interpolate.trial import distinct_of_one_shot, places
from longtake_engine.tasks.shot import find_cuts
from longtake_engine.work import Quality

RUN = 15  # frames at each place of the clip that is tried beforehand; some may be held
LATEST = 4  # trials of the pictures just seen that are gone by,
BEFOREHAND = 4  # and as how many those beforehand count together


class Frames(Protocol):
    """A clip, or a part of one."""

    @property
    def frame_count(self) -> int:
        """How many frames it has."""
        ...

    def frames(self, start: int, stop: int, /) -> Iterable[Picture]:
        """Those from `start` to before `stop`, as many as there are."""
        ...


class Refining:
    """What betters the frames of a clip, from one picture to the next, if anything does.

    It says above all when between two frames a thing is where, which it takes from their
    neighbours; where hands or cameras shake that is chance, and the classical result better.
    So pictures are hidden from it as they come, and it is gone by as far as it was right of late.
    """

    def __init__(self, refiner: Refiner | None = None, beforehand: Gain | None = None) -> None:
        """`refiner` for a clip where it gained `beforehand` here and there, if that is known."""
        self._refiner, self._beforehand = refiner, beforehand
        self._latest: deque[Gain] = deque(maxlen=LATEST)
        self._trial: HiddenTrial | None = None
        self._span: Fraction | None = None
        self._steps = self._refined = 0
        self._gains_db = 0.0

    @property
    def share(self) -> float:
        """Of the steps from picture to picture so far, those that were bettered, 0 to 1."""
        return self._refined / max(1, self._steps)

    @property
    def gain_db(self) -> float:
        """What was won there on pictures that were hidden."""
        return self._gains_db / max(1, self._refined)

    def see(self, picture: Picture, span: Fraction | None) -> Refiner | None:
        """What betters the frames between the picture seen before and this one.

        Args:
            picture: The next of the clip that is no copy.
            span: Frames since the one before; None where a shot begins with it.
        """
        if self._refiner is None:
            return None
        if span is None:
            self._latest.clear()
        if self._trial is None or span is None or self._span not in (None, span):
            self._trial = HiddenTrial(self._refiner)
        self._span = span
        gain = self._trial.see(picture)
        if gain is not None:
            self._latest.append(gain)
        return None if span is None else self._gone_by(self._refiner)

    def _gone_by(self, refiner: Refiner) -> Refiner | None:
        self._steps += 1
        known = [*self._latest]
        if self._beforehand is not None:
            known += BEFOREHAND * [self._beforehand]
        gain = mean_gain(known)
        timing = gain.timing
        if not timing:
            return None
        self._refined += 1
        self._gains_db += gain.at(timing)
        return Timed(refiner, timing)


def choose_refiner(reader: Frames, quality: Quality, model: str, cancel: CancelToken) -> Refining:
    """Longtake's network, where it is here and may be used, tried here and there in this clip.

    Args:
        reader: Of the clip.
        quality: Only the best one has the time.
        model: As asked for; "between" by name is the classical way alone.
        cancel: Asked between the trials.
    """
    # In standard it would more than double the time that a frame takes.
    refiner = shipped_refiner() if quality == "best" and model != INFO.name else None
    if refiner is None:
        return Refining()
    return Refining(refiner, gain_of(reader, refiner, cancel))


def gain_of(reader: Frames, refiner: Refiner, cancel: CancelToken) -> Gain | None:
    """What is won by refining frames here and there in a clip; None where nothing can be tried.

    Raises:
        Cancelled: `cancel` was set.
    """
    gains: list[Gain] = []
    tried = 1 - TAKEN
    for start in places(reader.frame_count, RUN):
        if start < tried + TAKEN - 1:  # of a short clip: much the same would be tried again
            continue
        tried = start
        run = [shrink(picture, WIDTH) for picture in reader.frames(start, start + RUN)]
        for first, last in pairwise([0, *find_cuts(list(glance_at(run))), len(run)]):
            pictures = distinct_of_one_shot(run[first:last], TAKEN, RUN, alike=0) or ()
            for hidden in (pictures, pictures[1:]):  # those between the others, and the others
                trial = HiddenTrial(refiner)
                for picture in hidden:
                    cancel.check()
                    gain = trial.see(picture)
                    if gain is not None:
                        gains.append(gain)
    return mean_gain(gains) if gains else None
