"""Whether Longtake's own network betters the frames between a clip's frames: tried on the clip."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.models.between import INFO, Between
from longtake_engine.models.between.network import Refiner
from longtake_engine.models.between.network.compiled import shipped_refiner
from longtake_engine.picture import Picture
from longtake_engine.tasks.backtest import shrink
from longtake_engine.tasks.interpolate.trial import distinct_of_one_shot, places
from longtake_engine.work import Quality

WIDTH = 432  # pixels of the pictures that are tried
RUN = 15  # frames at each place; some may be held
TAKEN = 7  # for each trial: two and their neighbours of the same step, and the one that is hidden
STEP = 4  # frames from one trial to the next
LEAST_GAIN = 0.03  # dB by which it has to be better on frames of the clip
LEAST_ERROR = 0.05  # squared grey levels: a picture that is hit exactly is no better than that


class Frames(Protocol):
    """A clip, or a part of one."""

    @property
    def frame_count(self) -> int:
        """How many frames it has."""
        ...

    def frames(self, start: int, stop: int, /) -> Iterable[Picture]:
        """Those from `start` to before `stop`, as many as there are."""
        ...


@dataclass(frozen=True, slots=True)
class Refining:
    """What betters the frames of a clip, if anything does."""

    refiner: Refiner | None = None
    gain_db: float = 0.0  # on frames of the clip that were hidden from it


def choose_refiner(reader: Frames, quality: Quality, model: str, cancel: CancelToken) -> Refining:
    """Longtake's network, where it is here, may be used and is better on this clip.

    It says above all when between two frames a thing is where, which it takes from their
    neighbours; where hands or cameras shake that is chance, and the classical result better.

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
    gain = gain_db(reader, refiner, cancel)
    return Refining(refiner, gain) if gain > LEAST_GAIN else Refining()


def gain_db(reader: Frames, refiner: Refiner, cancel: CancelToken) -> float:
    """What is won by refining frames here and there in a clip, made from those at twice their step;
    0 where nothing can be tried.

    Raises:
        Cancelled: `cancel` was set.
    """
    gains = []
    for start in places(reader.frame_count, RUN):
        run = [shrink(picture, WIDTH) for picture in reader.frames(start, start + RUN)]
        pictures = distinct_of_one_shot(run, TAKEN, RUN) or ()
        for number in range(0, len(pictures) - TAKEN + 1, STEP):
            cancel.check()
            gains.append(_gain_db(pictures[number : number + TAKEN], refiner))
    return float(np.mean(gains)) if gains else 0.0


def _gain_db(pictures: Sequence[Picture], refiner: Refiner) -> float:
    """What is won by refining the middle one of seven, made from those at twice their step."""
    before, first, hidden, second, after = (pictures[number] for number in (0, 2, 3, 4, 6))
    between = Between.measure(first, second).beside(
        Between.measure(before, first), Between.measure(second, after)
    )
    plain, refined = (
        _squared_error(between.make(0.5, refiner=one).picture, hidden) for one in (None, refiner)
    )
    return float(10 * np.log10(plain / refined))


def _squared_error(made: Picture, truth: Picture) -> float:
    scale = 255 / truth.format.max_value
    apart = (made.luma.astype(np.float32) - truth.luma) * scale
    return max(float(np.mean(apart * apart)), LEAST_ERROR)
