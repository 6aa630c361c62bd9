"""A take of a clip whose holes are filled, made frame by frame."""

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
from longtake_engine.media.still import encode_jpeg
from longtake_engine.media.writer import MediaWriter
from longtake_engine.picture import Picture
from longtake_engine.tasks.ahead import work_ahead
from longtake_engine.tasks.inpaint.choice import Candidate
from longtake_engine.tasks.inpaint.clip import Clip
from longtake_engine.tasks.inpaint.composite import composite
from longtake_engine.tasks.inpaint.filling import Fillings
from longtake_engine.tasks.inpaint.grain import HoleGrain, read_grain
from longtake_engine.tasks.inpaint.hidden_frames import HiddenFrames
from longtake_engine.tasks.inpaint.hole import Hole
from longtake_engine.tasks.inpaint.matte import Mattes
from longtake_engine.tasks.inpaint.matte_out import MatteWriter
from longtake_engine.tasks.inpaint.note import score_seen, take_notes
from longtake_engine.tasks.soundtrack import Soundtrack
from longtake_engine.work import FrameRange, Progress, Spec, Take

PREVIEW_S = 0.5  # between two preview pictures


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of the made file."""

    picture: Picture
    filled: bool  # rather than the clip's own
    seen: np.ndarray | None = None  # as in `Completed`


@dataclass(slots=True)
class Making:
    """A take that is being made."""

    spec: Spec
    clip: Clip
    mattes: Mattes
    holes: Sequence[Hole]
    candidate: Candidate
    path: Path
    notes: tuple[str, ...]  # of the clip and of what is hidden
    fillings: Fillings = field(default_factory=Fillings)
    grain: float = 0.0  # strength of the grain that was laid on

    def run(
        self,
        writer: MediaWriter,
        tracks: Sequence[Soundtrack],
        matte: MatteWriter | None,
        stack: ExitStack,
        cancel: CancelToken,
    ) -> Generator[Progress, None, Take]:
        """Progress in frames of this take, and the take, whose file is whole but not yet in its
        place. What has to end before the file does is laid on `stack`."""
        began = time.monotonic()
        start = self.clip.output.start
        ahead = work_ahead(self._frames(cancel), cancel.check)
        frames = stack.enter_context(closing(ahead))
        shown_at = 0.0
        for number, frame in enumerate(frames):
            writer.write_picture(frame.picture)
            if matte is not None:
                matte.write(self.mattes, start + number)
            for stream, track in enumerate(tracks):
                for block in track.up_to(start + number + 1):
                    writer.write_sound(stream, block)
            preview = b""
            if frame.filled:
                self.fillings.see(number, self.mattes.matte(start + number), frame.seen)
                if time.monotonic() - shown_at > PREVIEW_S:
                    preview = encode_jpeg(frame.picture)
                    shown_at = time.monotonic()
            phase = f"making ({self.candidate.backend.info.name})" if frame.filled else "copying"
            yield Progress(phase, number + 1, preview_jpeg=preview)
        return self._take(time.monotonic() - began)

    def _frames(self, cancel: CancelToken) -> Iterator[Frame]:
        """Every frame of the made file in order."""
        own = self.clip.reader.frames(self.clip.output.start, self.clip.output.stop)
        made = self._made(cancel)
        due = next(made, None)
        for frame, picture in zip(self.clip.output, own, strict=True):
            cancel.check()
            if due is not None and due[0].frame == frame:
                completed, grain = due
                yield self._filled(picture, completed, grain)
                due = next(made, None)
            else:
                yield Frame(picture, False)

    def _made(self, cancel: CancelToken) -> Iterator[tuple[Completed, HoleGrain | None]]:
        """What the backend makes of each frame with a hole, and the grain to lay on it."""
        grain, measured = None, range(0)
        for hole in self.holes:
            if hole.shot != measured:
                seed = self.spec.guidance.seed
                grain = read_grain(self.clip.reader, hole.shot, seed, cancel.check)
                measured = hole.shot
                self.grain = max(self.grain, grain.strength if grain else 0.0)
            for completed in self._complete(hole, cancel):
                if self.mattes.window(completed.frame) is not None:
                    yield completed, grain

    def _complete(self, hole: Hole, cancel: CancelToken) -> Iterator[Completed]:
        """What the backend makes, held to what was asked for: every frame once, in order."""
        clip, backend = self.clip, self.candidate.backend
        known = HiddenFrames(clip.reader, hole.shot, self.mattes, cancel.check)
        canvas = Canvas(clip.reader.format, clip.rate, known, hole.frames)
        made = backend.complete(canvas, self.spec.guidance, cancel)
        for frame, completed in zip(hole.frames, made, strict=True):
            if completed.frame != frame or completed.picture.format != canvas.format:
                name = backend.info.name
                raise RuntimeError(f"backend {name} made frame {completed.frame}, not {frame}")
            yield completed

    def _filled(self, own: Picture, completed: Completed, grain: HoleGrain | None) -> Frame:
        matte = self.mattes.matte(completed.frame)
        window = self.mattes.window(completed.frame)
        assert window is not None, "only frames with something hidden are filled"
        made = completed.picture
        if grain is not None:
            made = grain.on(made, matte, completed.frame)
        return Frame(composite(own, made, matte, window), True, completed.seen)

    def _take(self, seconds: float) -> Take:
        count = len(self.clip.output)
        runs = self.fillings.runs()
        score = score_seen(self.candidate.score, self.fillings.seen_share)
        info = self.candidate.backend.info
        return Take(
            media_path=self.path,
            start_frame=self.clip.output.start,
            duration_frames=count,
            rate=self.clip.rate,
            made_ranges=tuple(FrameRange(run.start_frame, len(run.filled_share)) for run in runs),
            model=self.candidate.backend.info.name,
            score=score,
            seams=(),
            seconds=seconds,
            notes=take_notes(
                self.notes,
                score,
                self.fillings,
                self.grain,
                untried="" if info.quick else info.name,
            ),
            fillings=runs,
            fillings_png=self.fillings.picture(count),
        )
