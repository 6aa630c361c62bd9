"""The frames between two shots, as a file of their own."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing

from msgspec.structs import replace

from longtake_engine.cancel import CancelToken
from longtake_engine.media.still import encode_jpeg
from longtake_engine.media.writer import MediaWriter
from longtake_engine.picture import Picture
from longtake_engine.splice.seam import BESIDE, SeamWatch
from longtake_engine.tasks.ahead import work_ahead
from longtake_engine.tasks.interpolate.ambience import Ambience
from longtake_engine.tasks.interpolate.choice import Chosen, choose_joins
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
    done = 0
    with ExitStack() as stack:
        takes: list[tuple[MediaWriter, Take]] = []
        for chosen, path in zip(joins, spec.take_paths, strict=False):  # fewer ways than takes
            began = time.monotonic()
            sounds = _sounds(spec, shots, chosen)
            writer = stack.enter_context(
                MediaWriter(
                    path,
                    job_id=job_id,
                    source=shots.before.info,
                    format=shots.format,
                    rate=shots.rate,
                    codec=spec.output.codec,
                    start_frame=shots.before.shown.stop,
                    sound=tuple(sound.format for sound in sounds),
                )
            )
            made = chosen.join.pictures(spec.guidance, cancel)
            pictures = stack.enter_context(closing(work_ahead(made, cancel.check)))
            watch = SeamWatch({0: True, shots.gap_frames: False})
            _see_before(watch, shots)
            for progress in _write(writer, watch, pictures, sounds, chosen.join.name):
                count = done + progress.done_frames
                yield replace(progress, done_frames=count, total_frames=total)
            _see_after(watch, shots)
            done += shots.gap_frames
            take = Take(
                media_path=path,
                start_frame=shots.before.shown.stop,
                duration_frames=shots.gap_frames,
                rate=shots.rate,
                made_ranges=(FrameRange(0, shots.gap_frames),),
                model=chosen.join.model,
                score=chosen.join.score,
                seams=watch.finish(0),
                seconds=time.monotonic() - began,
                notes=_notes(spec, shots, chosen, sounds),
            )
            takes.append((writer, take))
        yield Progress("finishing", done, total)
        cancel.check()
        for writer, _ in takes:
            writer.commit()
    for _, take in takes:
        yield take


def _sounds(spec: Spec, shots: Shots, chosen: Chosen) -> list[Ambience]:
    """One for each audio stream of the shot that has more of them."""
    count = max(len(shot.info.audio_streams) for shot in (shots.before, shots.after))
    cut = chosen.join.name == "cut"
    return [
        Ambience(shots, stream, cut=cut, music=spec.output.music)
        for stream in range(0 if spec.output.no_audio else count)
    ]


def _see_before(watch: SeamWatch, shots: Shots) -> None:
    known = shots.before.last(BESIDE)
    for number, picture in enumerate(known):
        watch.see(number - len(known), picture)


def _see_after(watch: SeamWatch, shots: Shots) -> None:
    for number, picture in enumerate(shots.after.first(BESIDE)):
        watch.see(shots.gap_frames + number, picture)


def _write(
    writer: MediaWriter,
    watch: SeamWatch,
    pictures: Iterator[Picture],
    sounds: list[Ambience],
    name: str,
) -> Iterator[Progress]:
    """Progress after each picture written, and the sound under it."""
    shown_at = 0.0
    for frame, picture in enumerate(pictures):
        writer.write_picture(picture)
        watch.see(frame, picture)
        for stream, sound in enumerate(sounds):
            for block in sound.up_to(frame + 1):
                writer.write_sound(stream, block)
        preview = b""
        if time.monotonic() - shown_at > PREVIEW_S:
            preview = encode_jpeg(picture)
            shown_at = time.monotonic()
        yield Progress(f"making ({name})", frame + 1, preview_jpeg=preview)


def _notes(spec: Spec, shots: Shots, chosen: Chosen, sounds: list[Ambience]) -> tuple[str, ...]:
    heard = (h for sound in sounds for h in sound.heard)
    return (
        *chosen.why,
        *shots.before.info.notes,
        *shots.notes,
        *chosen.join.notes,
        *sound_notes(heard, spec.output.music),
    )
