"""A take of a clip whose picture takes another shape, made frame by frame."""

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
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
from longtake_engine.tasks.inpaint.filling import Fillings
from longtake_engine.tasks.inpaint.note import score_seen
from longtake_engine.tasks.outpaint.clip import Clip
from longtake_engine.tasks.outpaint.frames import LaidFrames
from longtake_engine.tasks.outpaint.grain import BorderGrain, read_grain
from longtake_engine.tasks.outpaint.note import take_notes, whole_note
from longtake_engine.tasks.outpaint.placing import Place, hidden_mask, lay, with_known
from longtake_engine.tasks.soundtrack import Soundtrack
from longtake_engine.work import FrameRange, Progress, Score, Spec, Take

PREVIEW_S = 0.5  # between two preview pictures
NOTHING_MADE = Score(1.0, 50.0, 50.0, 1.0, 1.0)
REFRAMED = "reframe"  # in the place of a model's name, where nothing is made


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of the made file."""

    picture: Picture
    filled: bool
    seen: np.ndarray | None = None  # as in `Completed`


@dataclass(slots=True)
class Making:
    """A take that is being made."""

    spec: Spec
    clip: Clip
    shots: Sequence[range]
    places: Mapping[int, Place]  # of every frame that is looked at
    candidate: Candidate | None  # None where nothing is to be made
    path: Path
    notes: tuple[str, ...]
    fillings: Fillings = field(default_factory=Fillings)
    grain: float = 0.0  # strength of the grain that was laid on

    def run(
        self,
        writer: MediaWriter,
        tracks: Sequence[Soundtrack],
        stack: ExitStack,
        cancel: CancelToken,
    ) -> Generator[Progress, None, Take]:
        """Progress in frames of this take, and the take, whose file is whole but not yet in its
        place. What has to end before the file does is laid on `stack`."""
        began = time.monotonic()
        start = self.clip.output.start
        hidden = hidden_mask(self.clip.layout)
        frames = stack.enter_context(closing(work_ahead(self._frames(cancel), cancel.check)))
        shown_at = 0.0
        phase = f"making ({self.candidate.backend.info.name})" if self.candidate else "reframing"
        for number, frame in enumerate(frames):
            writer.write_picture(frame.picture)
            for stream, track in enumerate(tracks):
                for block in track.up_to(start + number + 1):
                    writer.write_sound(stream, block)
            if frame.filled:
                self.fillings.see(number, hidden, frame.seen)
            preview = b""
            if time.monotonic() - shown_at > PREVIEW_S:
                preview = encode_jpeg(frame.picture)
                shown_at = time.monotonic()
            yield Progress(phase, number + 1, preview_jpeg=preview)
        return self._take(time.monotonic() - began)

    def _frames(self, cancel: CancelToken) -> Iterator[Frame]:
        """Every frame of the made file in order."""
        output, layout = self.clip.output, self.clip.layout
        own = self.clip.reader.frames(output.start, output.stop)
        made = self._made(cancel) if self.candidate else iter(())
        for frame, picture in zip(output, own, strict=True):
            cancel.check()
            laid = lay(picture, layout, self.places[frame])
            if not self.candidate:
                yield Frame(laid, False)
                continue
            completed, grain = next(made)
            filled = completed.picture
            if grain is not None:
                filled = grain.on(filled, hidden_mask(layout), frame)
            yield Frame(with_known(filled, laid, layout), True, completed.seen)

    def _made(self, cancel: CancelToken) -> Iterator[tuple[Completed, BorderGrain | None]]:
        """What the backend makes of each frame, and the grain to lay on its border."""
        output = self.clip.output
        for shot in self.shots:
            wanted = range(max(shot.start, output.start), min(shot.stop, output.stop))
            if not wanted:
                continue
            known = self._known(shot, cancel)
            grain = read_grain(known, self.clip.layout, self.spec.guidance.seed, cancel.check)
            self.grain = max(self.grain, grain.strength if grain else 0.0)
            for completed in self._complete(known, wanted, cancel):
                yield completed, grain

    def _known(self, shot: range, cancel: CancelToken) -> LaidFrames:
        clip = self.clip
        return LaidFrames(clip.reader, shot, clip.layout, self.places, cancel.check)

    def _complete(
        self, known: LaidFrames, wanted: range, cancel: CancelToken
    ) -> Iterator[Completed]:
        """What the backend makes, held to what was asked for: every frame once, in order."""
        assert self.candidate is not None
        backend = self.candidate.backend
        canvas = Canvas(self.clip.layout.format, self.clip.rate, known, wanted)
        made = backend.complete(canvas, self.spec.guidance, cancel)
        for frame, completed in zip(wanted, made, strict=True):
            if completed.frame != frame or completed.picture.format != canvas.format:
                name = backend.info.name
                raise RuntimeError(f"backend {name} made frame {completed.frame}, not {frame}")
            yield completed

    def _take(self, seconds: float) -> Take:
        count = len(self.clip.output)
        runs = self.fillings.runs() if self.fillings.frames else ()
        score, notes = NOTHING_MADE, (*self.notes, whole_note())
        if self.candidate:
            score = score_seen(self.candidate.score, self.fillings.seen_share)
            notes = take_notes(self.notes, score, self.fillings, self.grain)
        return Take(
            media_path=self.path,
            start_frame=self.clip.output.start,
            duration_frames=count,
            rate=self.clip.rate,
            made_ranges=tuple(FrameRange(run.start_frame, len(run.filled_share)) for run in runs),
            model=self.candidate.backend.info.name if self.candidate else REFRAMED,
            score=score,
            seams=(),
            seconds=seconds,
            notes=notes,
            fillings=runs,
            fillings_png=self.fillings.picture(count) if runs else b"",
        )
