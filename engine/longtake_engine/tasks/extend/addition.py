"""What a take adds on one side of the clip: pictures that its backend makes, finished."""

from collections.abc import Iterator
from dataclasses import dataclass

from longtake_engine.cancel import CancelToken
from longtake_engine.picture import Picture
from longtake_engine.tasks.extend.continuity import Continuity, steps_out
from longtake_engine.tasks.extend.note import ending_notes
from longtake_engine.tasks.extend.side import Side
from longtake_engine.tasks.extend.title import keeps_title
from longtake_engine.work import Guidance

TITLE_STEP = 8  # frames beyond the join, or as many as there are, where titles are looked for


@dataclass(slots=True)
class Addition:
    """One side of one take."""

    side: Side  # prepared by `continuity`
    continuity: Continuity
    title: bool = False  # whether one was kept; known when the pictures have gone by

    def pictures(self, guidance: Guidance, cancel: CancelToken) -> Iterator[Picture]:
        """The added pictures in time order."""
        made = self.side.pictures(guidance, cancel)
        if self.continuity.makes(self.side):
            made = self._watched(made)
        return self.continuity.finish(self.side, made, guidance.seed)

    def notes(self) -> tuple[str, ...]:
        """What an editor should know of it, when the pictures have gone by."""
        notes = [*ending_notes(self.side), *self.continuity.notes(self.side)]
        if self.title:
            notes.append(
                "Something stays put while the picture moves under it, such as a title or a logo:"
                " the new frames keep it still and sharp."
            )
        return tuple(notes)

    def _watched(self, pictures: Iterator[Picture]) -> Iterator[Picture]:
        side = self.side
        looked_at = min(TITLE_STEP, side.new_frames)
        for frame, picture in zip(side.wanted, pictures, strict=True):
            if steps_out(side, frame) == looked_at:
                (join,) = side.ending.sources(1)
                last = next(side.reader.frames(join, join + 1))
                self.title = keeps_title(side.ending.steady(join, last), picture)
            yield picture
