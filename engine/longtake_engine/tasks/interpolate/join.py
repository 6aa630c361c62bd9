"""The ways from one shot into another over a gap: a morph, a cut, a dissolve."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from msgspec.structs import replace

from longtake_engine.cancel import CancelToken
from longtake_engine.models.between import INFO, ON_PROCESSOR, Fusion, fill_hole
from longtake_engine.picture import Picture
from longtake_engine.tasks.interpolate.dissolve import dissolved
from longtake_engine.tasks.interpolate.extension import Extension, plan_extension
from longtake_engine.tasks.interpolate.note import card_notes
from longtake_engine.tasks.interpolate.shots import Shots
from longtake_engine.tasks.interpolate.sureness import Sureness
from longtake_engine.tasks.interpolate.trial import Trial
from longtake_engine.work import Guidance, Join, Quality, Score, Spec

BESIDE = 8  # known pictures on each side of the gap that a morph goes by


@dataclass(frozen=True, slots=True)
class Morph:
    """The motion from the last picture of the first shot to the first of the second."""

    shots: Shots
    quality: Quality
    trial: Trial
    sureness: Sureness
    fusion: Fusion = ON_PROCESSOR

    name: Join = "morph"
    model: str = INFO.name

    def pictures(self, guidance: Guidance, cancel: CancelToken) -> Iterator[Picture]:
        """The frames of the gap, one by one."""
        before, after = self.shots.before.last(BESIDE), self.shots.after.first(BESIDE)
        gap = self.shots.gap_frames
        for made in fill_hole(before, after, gap, self.quality, self.fusion):
            cancel.check()
            self.sureness.add(made.confidence)
            yield made.picture

    @property
    def score(self) -> Score:
        """Of the trial, less sure where the pictures of the gap agree less than those of the trial
        did; whole once all are made."""
        return self.trial.score_of(self.sureness.mean)

    @property
    def notes(self) -> tuple[str, ...]:
        """Where it is made, if not on the processor."""
        return tuple(card_notes(self.fusion))


@dataclass(frozen=True)
class Meeting:
    """Both shots gone on with toward each other: into a cut in the middle, or across each other
    over the whole gap."""

    shots: Shots
    before: Extension
    after: Extension
    name: Join  # "cut" or "dissolve"

    def pictures(self, guidance: Guidance, cancel: CancelToken) -> Iterator[Picture]:
        """The frames of the gap, one by one."""
        first = self.before.pictures(guidance, cancel)
        covered = halves(self.shots.gap_frames)[1] if self.name == "cut" else self.shots.gap_frames
        made = self.after.pictures(guidance, cancel)
        second = self.shots.at_own_rate(made, covered)
        if self.name == "cut":
            return chain(first, second)
        return dissolved(first, second, self.shots.gap_frames)

    @cached_property
    def model(self) -> str:
        """What goes on with the shots."""
        return " + ".join(dict.fromkeys(filter(None, (self.before.model, self.after.model))))

    @cached_property
    def score(self) -> Score:
        """As sure as the less sure of both sides; else the means of both."""
        both = (self.before.score, self.after.score)
        means = [
            float(np.mean([getattr(score, name) for score in both]))
            for name in Score.__struct_fields__[1:]
        ]
        return Score(min(score.confidence for score in both), *means)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was seen at both ends."""
        return (*self.before.notes, *self.after.notes)


JoinMaker = Morph | Meeting


def plan_meeting(spec: Spec, model: str, shots: Shots, name: Join, cancel: CancelToken) -> Meeting:
    """A cut or a dissolve of both shots, gone on with by `model`."""
    spec = replace(spec, model=model)
    gap = shots.gap_frames
    head, tail = halves(gap) if name == "cut" else (gap, gap)
    before = plan_extension(spec, shots.before, forward=True, new_frames=head, cancel=cancel)
    after = plan_extension(
        spec, shots.after, forward=False, new_frames=shots.frames_after(tail), cancel=cancel
    )
    return Meeting(shots, before, after, name)


def halves(gap_frames: int) -> tuple[int, int]:
    """The frames before the cut and after it; the odd one belongs to the first shot."""
    return gap_frames - gap_frames // 2, gap_frames // 2
