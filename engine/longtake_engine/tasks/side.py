"""One side of an extension: the canvas before the head or after the tail, and the pictures made on
it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
from longtake_engine.errors import BadInput
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.backend import VideoBackend
from longtake_engine.picture import Picture
from longtake_engine.splice.color import ColorShift, measure_shift
from longtake_engine.tasks.known import KnownFrames
from longtake_engine.work import Guidance

BESIDE = 8  # known pictures that colour is measured on


@dataclass(frozen=True, slots=True)
class Side:
    """What one backend is asked to make on one side of the clip."""

    reader: VideoReader
    backend: VideoBackend
    forward: bool  # after the tail rather than before the head
    new_frames: int  # 0 for a side that stays as it is
    remade_frames: int  # known frames at the join that the backend makes anew

    @property
    def wanted(self) -> range:
        """The frames to make, numbered as in the source."""
        count = self.reader.frame_count
        if self.forward:
            return range(count - self.remade_frames, count + self.new_frames)
        return range(-self.new_frames, self.remade_frames)

    @property
    def canvas(self) -> Canvas:
        """The block to complete: the known frames beside the join that the backend makes use of."""
        count = self.reader.frame_count
        context = min(self.backend.context_frames(self.new_frames), count)
        known = range(count - context, count) if self.forward else range(context)
        return Canvas(
            self.reader.format, self.reader.rate, KnownFrames(self.reader, known), self.wanted
        )

    def pictures(self, guidance: Guidance, cancel: CancelToken) -> Iterator[Picture]:
        """The made pictures in time order, in the colours of the known ones."""
        if not self.new_frames:
            return iter(())
        made = self._complete(self.canvas, guidance, cancel)
        if self.forward:
            first = next(made)
            shift = self._shift(first.picture)
            made = chain([first], made)
        else:
            shift = self._shift(self._nearest(guidance, cancel))
        return shift.apply(completed.picture for completed in made)

    def _complete(
        self, canvas: Canvas, guidance: Guidance, cancel: CancelToken
    ) -> Iterator[Completed]:
        """What the backend makes, held to what was asked for: every wanted frame once, in order."""
        made = self.backend.complete(canvas, guidance, cancel)
        for frame, completed in zip(canvas.wanted, made, strict=True):
            if completed.frame != frame or completed.picture.format != canvas.format:
                name = self.backend.info.name
                raise RuntimeError(f"backend {name} made frame {completed.frame}, not {frame}")
            yield completed

    def _nearest(self, guidance: Guidance, cancel: CancelToken) -> Picture:
        """The made picture next to the head, ahead of those that come before it in time."""
        whole = self.canvas
        frame = whole.wanted.stop - 1
        nearest = Canvas(whole.format, whole.rate, whole.known, range(frame, frame + 1))
        if self.remade_frames:  # its place in time depends on the whole stretch
            made = self.backend.complete(whole, guidance, cancel)
            return next(islice(made, len(whole.wanted) - 1, None)).picture
        return next(self.backend.complete(nearest, guidance, cancel)).picture

    def _shift(self, made: Picture) -> ColorShift:
        count = self.reader.frame_count
        if self.forward:
            stop = count - self.remade_frames
            beside = list(self.reader.frames(max(0, stop - BESIDE), stop))
        else:
            start = self.remade_frames
            beside = list(self.reader.frames(start, min(count, start + BESIDE)))[::-1]
        return measure_shift(beside, made) if len(beside) > 1 else ColorShift()


def plan_side(
    reader: VideoReader, backend: VideoBackend, *, forward: bool, new_frames: int
) -> Side:
    """What `backend` is asked for on one side.

    Raises:
        BadInput: The clip has too few frames for it.
    """
    known, least = reader.frame_count, backend.info.min_known_frames
    if new_frames and known < least:
        frames = "1 frame" if known == 1 else f"{known} frames"
        raise BadInput(
            f"The clip has {frames} and {backend.info.name} needs {least} to see how it moves;"
            " give a longer clip, or hold the still in your editor."
        )
    remade = backend.remade_frames(new_frames, known) if new_frames else 0
    return Side(reader, backend, forward, new_frames, remade)
