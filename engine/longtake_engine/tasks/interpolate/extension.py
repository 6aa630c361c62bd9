"""A shot gone on with into a gap, by whatever backend foretells it best."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat

from msgspec.structs import replace

from longtake_engine.cancel import CancelToken
from longtake_engine.picture import Picture
from longtake_engine.tasks.backtest import HELD
from longtake_engine.tasks.extend.draft import Clip, draft_takes, finish_drafts, survey_clip
from longtake_engine.tasks.extend.note import ending_notes
from longtake_engine.tasks.extend.side import Side
from longtake_engine.tasks.interpolate.shots import Shot
from longtake_engine.work import Extend, Guidance, Length, Score, Spec


@dataclass(frozen=True, slots=True)
class Extension:
    """New frames beyond one end of a shot, before they are made."""

    shot: Shot
    side: Side | None  # None where the shot is a still, which is held
    new_frames: int
    model: str  # empty where there are no new frames
    score: Score

    def pictures(self, guidance: Guidance, cancel: CancelToken) -> Iterator[Picture]:
        """The new frames in time order."""
        if self.side is None:
            return repeat(self.shot.first(1)[0], self.new_frames)
        return self.side.pictures(guidance, cancel)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was seen at that end, one sentence each."""
        if not self.new_frames:
            return ()
        if self.side is None:
            return (f"{self.shot.name} is a single frame: it is held.",)
        return tuple(f"{self.shot.name}: {note}" for note in ending_notes(self.side))


def plan_extension(
    spec: Spec, shot: Shot, *, forward: bool, new_frames: int, cancel: CancelToken
) -> Extension:
    """`new_frames` beyond the end of `shot`, or before its head, by the backend that `spec` names
    or that does best on the shot itself.

    Raises:
        Cancelled: `cancel` was set.
    """
    if not new_frames:
        return Extension(shot, None, 0, "", HELD)
    if shot.reader.frame_count == 1:
        return Extension(shot, None, new_frames, "hold", HELD)
    length = Length(frames=new_frames)
    work = Extend(
        shot.info.path,
        head=None if forward else length,
        tail=length if forward else None,
        contents="new_only",
    )
    spec = replace(spec, work=work, take_count=1)
    clip = Clip(shot.info, shot.reader, *((0, new_frames) if forward else (new_frames, 0)))
    survey = survey_clip(clip, cancel)
    drafts = list(draft_takes(spec, clip, survey, cancel))
    draft = finish_drafts(spec, clip, drafts)[0]
    side = draft.tail if forward else draft.head
    model = "hold" if side.still else draft.backend.info.name
    return Extension(shot, side, new_frames, model, draft.score)
