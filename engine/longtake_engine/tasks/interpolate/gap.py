"""The frames between two shots, as a file of their own."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace as dataclass_replace
from pathlib import Path

from msgspec.structs import replace

from longtake_engine.cancel import CancelToken
from longtake_engine.media.still import encode_jpeg
from longtake_engine.media.writer import MediaWriter
from longtake_engine.models.schedule import keep_windows, windows_folder
from longtake_engine.splice.seam import BESIDE, SeamWatch
from longtake_engine.tasks.ahead import work_ahead
from longtake_engine.tasks.finishing import finish
from longtake_engine.tasks.interpolate.ambience import Ambience
from longtake_engine.tasks.interpolate.choice import Chosen, choose_joins
from longtake_engine.tasks.interpolate.completion import Completion
from longtake_engine.tasks.interpolate.shots import Shots, open_shots
from longtake_engine.tasks.note import sound_notes
from longtake_engine.work import FrameRange, Progress, Spec, Take

PREVIEW_S = 0.5  # between two preview pictures


def fill_gap(spec: Spec, *, job_id: str, cancel: CancelToken) -> Iterator[Progress | Take]:
    """The work done: progress by frame, then the takes, once all their files are whole.

    Raises:
        EngineError: As each sentence says. Nothing is left on disk then.
    """
    yield Progress("reading")
    shots = open_shots(spec)
    yield Progress("comparing", preview_jpeg=encode_jpeg(shots.before.last(1)[0]))
    joins = list(choose_joins(spec, shots, cancel))
    total = shots.gap_frames * len(joins)
    takes: list[tuple[MediaWriter, Take]] = []
    with ExitStack() as stack:
        # There may be fewer ways than takes.
        for chosen, path in zip(joins, spec.take_paths, strict=False):
            done = shots.gap_frames * len(takes)
            filling = _Filling(spec, shots, _kept(chosen, path, job_id), path)
            writer = stack.enter_context(filling.open(job_id))
            for progress in filling.write(writer, cancel):
                count = done + progress.done_frames
                yield replace(progress, done_frames=count, total_frames=total)
            takes.append((writer, filling.take))
        yield from finish([writer for writer, _ in takes], total, total, cancel)
    for _, take in takes:
        yield take


def _kept(chosen: Chosen, path: Path, job_id: str) -> Chosen:
    """`chosen` with what it makes window by window kept until the job has ended."""
    join = chosen.join
    if not isinstance(join, Completion):
        return chosen
    backend = keep_windows(join.backend, windows_folder(path, job_id))
    return Chosen(dataclass_replace(join, backend=backend), chosen.why)


class _Filling:
    """One take of a gap in the making."""

    def __init__(self, spec: Spec, shots: Shots, chosen: Chosen, path: Path) -> None:
        self._spec = spec
        self._shots = shots
        self._chosen = chosen
        self._path = path
        self._sounds = _sounds(spec, shots, chosen)
        self._watch = SeamWatch({0: True, shots.gap_frames: False})
        self._seconds = 0.0

    def open(self, job_id: str) -> MediaWriter:
        """Where it is written."""
        return MediaWriter(
            self._path,
            job_id=job_id,
            source=self._shots.before.info,
            format=self._shots.format,
            rate=self._shots.rate,
            codec=self._spec.output.codec,
            start_frame=self._shots.before.shown.stop,
            sound=tuple(sound.format for sound in self._sounds),
        )

    def write(self, writer: MediaWriter, cancel: CancelToken) -> Iterator[Progress]:
        """Progress after each picture written, and the sound under it."""
        began = time.monotonic()
        shots, shown_at = self._shots, 0.0
        known = shots.before.last(BESIDE)
        for number, picture in enumerate(known):
            self._watch.see(number - len(known), picture)
        made = self._chosen.join.pictures(self._spec.guidance, cancel)
        with closing(work_ahead(made, cancel.check)) as pictures:
            for frame, picture in enumerate(pictures):
                writer.write_picture(picture)
                self._watch.see(frame, picture)
                for stream, sound in enumerate(self._sounds):
                    for block in sound.up_to(frame + 1):
                        writer.write_sound(stream, block)
                preview = b""
                if time.monotonic() - shown_at > PREVIEW_S:
                    preview = encode_jpeg(picture)
                    shown_at = time.monotonic()
                phase = f"making ({self._chosen.join.name})"
                yield Progress(phase, frame + 1, preview_jpeg=preview)
        for number, picture in enumerate(shots.after.first(BESIDE)):
            self._watch.see(shots.gap_frames + number, picture)
        self._seconds = time.monotonic() - began

    @property
    def take(self) -> Take:
        """What has been written."""
        frames = self._shots.gap_frames
        return Take(
            media_path=self._path,
            start_frame=self._shots.before.shown.stop,
            duration_frames=frames,
            rate=self._shots.rate,
            made_ranges=(FrameRange(0, frames),),
            model=self._chosen.join.model,
            score=self._chosen.join.score,
            seams=self._watch.finish(0),
            seconds=self._seconds,
            notes=_notes(self._spec, self._shots, self._chosen, self._sounds),
        )


def _sounds(spec: Spec, shots: Shots, chosen: Chosen) -> list[Ambience]:
    """One for each audio stream of the shot that has more of them."""
    count = max(len(shot.info.audio_streams) for shot in (shots.before, shots.after))
    cut = chosen.join.name == "cut"
    return [
        Ambience(shots, stream, cut=cut, music=spec.output.music)
        for stream in range(0 if spec.output.no_audio else count)
    ]


def _notes(spec: Spec, shots: Shots, chosen: Chosen, sounds: list[Ambience]) -> tuple[str, ...]:
    heard = (h for sound in sounds for h in sound.heard)
    return (
        *chosen.why,
        *shots.before.info.notes,
        *shots.notes,
        *chosen.join.notes,
        *sound_notes(heard, spec.output.music),
    )
