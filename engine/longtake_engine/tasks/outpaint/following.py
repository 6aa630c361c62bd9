"""Where the old picture lies in the new one on every frame, when it follows a subject."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.models.follow import follow
from longtake_engine.models.subject import find_stir, find_way
from longtake_engine.tasks.inpaint.pictures import Pictures
from longtake_engine.tasks.outpaint.clip import Clip
from longtake_engine.tasks.outpaint.course import DEAD, OWN_DEAD, Sighting, plan_course, whole
from longtake_engine.tasks.outpaint.layout import Axis
from longtake_engine.tasks.outpaint.placing import Place
from longtake_engine.work import Box, Point

UNSURE = 0.35  # confidence under which a frame should be looked at
MANY = 0.1  # of the frames
EDGES = (0.04, 0.96)  # quantiles of a matte between which the subject lies


@dataclass(slots=True)
class Following:
    """The subject of every shot, and the picture's way after it."""

    clip: Clip
    shots: Sequence[range]
    whole_pixels: bool  # every pixel is to be the clip's own
    places: dict[int, Place] = field(default_factory=dict)
    unsure: list[int] = field(default_factory=list)
    found: list[range] = field(default_factory=list)  # shots in which something moves by itself
    idle: list[range] = field(default_factory=list)  # shots in which nothing does

    def run(self, cancel: CancelToken) -> Iterator[int]:
        """Follow the subject; the number of each frame looked at."""
        marks = (*self.clip.boxes, *self.clip.points)
        for shot in self.shots:
            own = {mark.frame: mark for mark in marks if mark.frame in shot}
            if own:
                dead = DEAD
                across, down = yield from self._shown(shot, own, cancel)
            else:
                dead = OWN_DEAD
                across, down = yield from self._own(shot, cancel)
            xs, ys = (
                self._course(axis, sightings, dead)
                for axis, sightings in ((self._axes[0], across), (self._axes[1], down))
            )
            for frame, x, y in zip(shot, xs, ys, strict=True):
                self.places[frame] = Place(x, y)

    @property
    def notes(self) -> tuple[str, ...]:
        """What an editor should know of it."""
        notes: list[str] = []
        if len(self.unsure) > MANY * len(self.places):
            notes.append(
                f"The subject is followed with little certainty on {len(self.unsure)} frames, the"
                f" first of them frame {self.unsure[0]}: draw it there again with --box."
            )
        if self.idle:
            starts = ", ".join(str(shot.start) for shot in self.idle[:8])
            notes.append(
                f"In the shot at frame {starts} nothing moves against the camera: the picture"
                " keeps to the middle there; show the subject with --box."
            )
        elif self.found and not (self.clip.boxes or self.clip.points):
            notes.append(
                "The subject is taken to be what moves against the camera; show another with --box."
            )
        return tuple(notes)

    @property
    def _axes(self) -> tuple[Axis, Axis]:
        return self.clip.layout.across, self.clip.layout.down

    def _course(self, axis: Axis, sightings: Sequence[Sighting], dead: float) -> list[float]:
        if not axis.cropped:
            return [float(axis.at)] * len(sightings)
        course = plan_course(axis, sightings, float(self.clip.rate), dead)
        return whole(course, axis) if self.whole_pixels else course

    def _shown(self, shot: range, marks: dict[int, Box | Point], cancel: CancelToken):
        """Where the marked subject is on each frame of a shot."""
        across: list[Sighting] = []
        down: list[Sighting] = []
        pictures = Pictures(self.clip.reader, shot, cancel.check)
        for found in follow(pictures, marks, shot, cancel):
            weight = 1.0 if found.present and found.matte.any() else 0.0
            if weight and found.confidence < UNSURE:
                self.unsure.append(found.frame)
            across.append(Sighting(_middle(found.matte.sum(0)) if weight else 0.5, weight))
            down.append(Sighting(_middle(found.matte.sum(1)) if weight else 0.5, weight))
            yield found.frame
        return across, down

    def _own(self, shot: range, cancel: CancelToken):
        """Where what moves by itself is on each frame of a shot."""
        across, down = [], []
        pictures = self.clip.reader.frames(shot.start, shot.stop)
        for frame, stir in zip(shot, find_stir(pictures, float(self.clip.rate)), strict=True):
            cancel.check()
            across.append(stir.across)
            down.append(stir.down)
            yield frame
        sightings = []
        moved = False
        for axis, profiles in zip(self._axes, (across, down), strict=True):
            share = min(1.0, axis.size / axis.scaled)
            way, told = find_way(np.stack(profiles), share, float(self.clip.rate))
            moved |= told
            sightings.append([Sighting(float(middle)) for middle in way])
        (self.found if moved else self.idle).append(shot)
        return sightings[0], sightings[1]


def _middle(profile: np.ndarray) -> float:
    """Where a subject lies amid, of how much of it lies in each column or row; a share."""
    total = np.cumsum(profile, dtype=np.float64)
    ends = np.searchsorted(total, np.array(EDGES) * total[-1])
    return float((ends.mean() + 0.5) / len(profile))
