"""Things that were drawn on one frame, followed through their shot."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.models.follow import Segmenting, Tracker, choose_tracker
from longtake_engine.tasks.inpaint.clip import Clip
from longtake_engine.tasks.inpaint.matte import Mattes
from longtake_engine.tasks.inpaint.pictures import Pictures
from longtake_engine.work import Box, Point

SAME = 0.3  # of a mark that lies on a thing followed already: it is drawn on that thing again
UNSURE = 0.35  # confidence under which a frame's matte should be looked at
MANY = 0.1  # of the frames


@dataclass(slots=True)
class Thing:
    """Something that is followed."""

    shot: range
    marks: dict[int, Box | Point]  # by the frame they are drawn on
    mattes: Mattes
    unsure: list[int] = field(default_factory=list)  # frames on which it may have been lost


@dataclass(slots=True)
class Following:
    """All things that were drawn."""

    clip: Clip
    shots: Sequence[range]
    folder: Path  # for the mattes
    tracker: Tracker = field(default_factory=choose_tracker)
    things: list[Thing] = field(default_factory=list)

    def run(self, stack: ExitStack, cancel: CancelToken) -> Iterator[int]:
        """Follow everything; the number of each frame done. What must be closed goes on `stack`."""
        for mark in sorted((*self.clip.boxes, *self.clip.points), key=_frame_of):
            known = self._thing_under(mark)
            if known is None:
                shot = next(shot for shot in self.shots if mark.frame in shot)
                known = Thing(shot, {}, self._new_mattes(stack))
                self.things.append(known)
            else:
                known.mattes = self._new_mattes(stack)
                known.unsure.clear()
            known.marks[mark.frame] = mark
            yield from self._follow(known, cancel)

    def hide_in(self, mattes: Mattes, check: Callable[[], None]) -> None:
        """Let `mattes` hide every thing."""
        for thing in self.things:
            for frame in thing.mattes.frames:
                check()
                mattes.add((frame,), thing.mattes.matte(frame))

    @property
    def notes(self) -> tuple[str, ...]:
        """What an editor should know of how it went."""
        return (*self._tracker_note(), *self._unsure_note())

    def _tracker_note(self) -> tuple[str, ...]:
        if not self.things or isinstance(self.tracker, Segmenting):
            return ()
        return (f"What was drawn is followed by {self.tracker.name}.",)

    def _unsure_note(self) -> tuple[str, ...]:
        unsure = sorted({frame for thing in self.things for frame in thing.unsure})
        followed = {frame for thing in self.things for frame in thing.mattes.frames}
        if len(unsure) <= MANY * len(followed):
            return ()
        return (
            f"What was drawn is followed with little certainty on {len(unsure)} frames, the first"
            f" of them frame {unsure[0]}: draw it there again with --box, or write the matte with"
            " --matte-out, correct it and give it back with --mask.",
        )

    def _new_mattes(self, stack: ExitStack) -> Mattes:
        format = self.clip.reader.format
        return stack.enter_context(Mattes(self.folder, (format.height, format.width)))

    def _thing_under(self, mark: Box | Point) -> Thing | None:
        for thing in self.things:
            if mark.frame not in thing.shot:
                continue
            matte = thing.mattes.matte(mark.frame)
            if isinstance(mark, Point):
                part = matte[mark.y, mark.x]
            else:
                part = matte[mark.y : mark.y + mark.height, mark.x : mark.x + mark.width]
            if float(np.mean(part)) > SAME * 255:
                return thing
        return None

    def _follow(self, thing: Thing, cancel: CancelToken) -> Iterator[int]:
        pictures = Pictures(self.clip.reader, thing.shot, cancel.check)
        for found in self.tracker.follow(pictures, thing.marks, thing.shot, cancel):
            cancel.check()
            if found.present:
                matte = np.rint(np.clip(found.matte, 0, 1) * 255).astype(np.uint8)
                thing.mattes.add((found.frame,), matte)
                if found.confidence < UNSURE:
                    thing.unsure.append(found.frame)
            yield found.frame


def _frame_of(mark: Box | Point) -> int:
    return mark.frame
