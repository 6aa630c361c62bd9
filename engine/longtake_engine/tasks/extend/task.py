"""Extend: frames before the head or after the tail of a clip."""

import time
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from dataclasses import replace as dataclass_replace
from itertools import chain

from longtake_engine.cancel import CancelToken
from longtake_engine.media.sound_reader import SoundReader
from longtake_engine.media.still import encode_jpeg
from longtake_engine.media.writer import MediaWriter
from longtake_engine.models.schedule import keep_windows, windows_folder
from longtake_engine.picture import Picture
from longtake_engine.splice.seam import BESIDE, SeamWatch
from longtake_engine.tasks.ahead import work_ahead
from longtake_engine.tasks.counting import counted
from longtake_engine.tasks.extend.addition import Addition
from longtake_engine.tasks.extend.continuity import Continuity, read_continuity
from longtake_engine.tasks.extend.draft import (
    Clip,
    Draft,
    draft_takes,
    finish_drafts,
    first_glance,
    open_clip,
    survey_clip,
)
from longtake_engine.tasks.extend.note import measured_on, take_notes
from longtake_engine.tasks.finishing import finish
from longtake_engine.tasks.note import enlarged_notes, sound_notes
from longtake_engine.tasks.soundtrack import Soundtrack
from longtake_engine.work import FrameRange, Progress, Spec, Take

PREVIEW_S = 0.5  # between two preview pictures


def extend(spec: Spec, *, job_id: str, cancel: CancelToken) -> Iterator[Progress | Take]:
    """The work done: progress by frame, then the takes, once all their files are whole.

    Raises:
        EngineError: As each sentence says. Nothing is left on disk then.
    """
    yield Progress("reading")
    clip = open_clip(spec)
    survey = survey_clip(clip, cancel)
    glance = first_glance(spec, clip, survey, cancel)
    yield Progress("measuring", preview_jpeg=encode_jpeg(glance) if glance else b"")
    drafts = []
    for draft in draft_takes(spec, clip, survey, cancel):
        drafts.append(draft)
        yield Progress("measuring")
    drafts = [_kept(draft, job_id) for draft in finish_drafts(spec, clip, drafts)]
    goes_on = {
        forward: read_continuity(clip.reader, ending, cancel.check)
        for forward, ending in survey.endings.items()
    }
    drafts = [_prepared(draft, goes_on) for draft in drafts]
    total = sum(len(draft.frames) for draft in drafts)
    with ExitStack() as stack:
        takes: list[tuple[MediaWriter, Take]] = []
        done = 0
        for draft in drafts:
            tracks = _tracks(spec, clip, draft, stack)
            writer = stack.enter_context(_open_writer(spec, clip, draft, tracks, job_id))
            making = _Making(spec, clip, draft, goes_on, writer, tracks)
            progress = making.run(stack, cancel)
            takes.append((writer, (yield from counted(progress, done, total))))
            done += len(draft.frames)
        yield from finish([writer for writer, _ in takes], done, total, cancel)
    for _, take in takes:
        yield take


@dataclass(frozen=True, slots=True)
class _Making:
    """A take that is being made."""

    spec: Spec
    clip: Clip
    draft: Draft
    goes_on: dict[bool, Continuity]
    writer: MediaWriter
    tracks: list[Soundtrack]

    def run(self, stack: ExitStack, cancel: CancelToken) -> Generator[Progress, None, Take]:
        """Progress in frames of this take, and the take, whose file is whole but not yet in its
        place. What has to end before the file does is laid on `stack`."""
        began = time.monotonic()
        draft, clip = self.draft, self.clip
        added = _additions(draft, self.goes_on)
        head, tail = (addition.pictures(self.spec.guidance, cancel) for addition in added)
        if not draft.backend.info.quick:
            yield Progress(_making(draft))
        first = next(tail, None)  # seen before the clip is copied: a person waits for it
        if first:
            yield Progress(_making(draft), preview_jpeg=encode_jpeg(first))
            tail = chain([first], tail)
        ahead = work_ahead(_pictures(clip, draft, head, tail, cancel), cancel.check)
        pictures = stack.enter_context(closing(ahead))
        watch = _watch(draft, self.goes_on)
        _see_beside(watch, clip, range(draft.frames.start - BESIDE, draft.frames.start))
        yield from _write(self.writer, watch, pictures, draft, self.tracks)
        _see_beside(watch, clip, range(draft.frames.stop, draft.frames.stop + BESIDE))
        seconds = time.monotonic() - began
        heard = sound_notes((h for t in self.tracks for h in t.heard), self.spec.output.music)
        seen = (note for addition in added for note in addition.notes())
        return _take(clip, draft, watch, seconds, (*seen, *heard))


def _tracks(spec: Spec, clip: Clip, draft: Draft, stack: ExitStack) -> list[Soundtrack]:
    """The sound of a take, stream by stream."""
    count = 0 if spec.output.no_audio else len(clip.info.audio_streams)
    readers = (stack.enter_context(SoundReader(clip.info, number)) for number in range(count))
    music = spec.output.music
    return [Soundtrack(reader, clip.rate, draft.frames, music) for reader in readers]


def _open_writer(
    spec: Spec, clip: Clip, draft: Draft, tracks: list[Soundtrack], job_id: str
) -> MediaWriter:
    return MediaWriter(
        draft.path,
        job_id=job_id,
        source=clip.info,
        format=clip.reader.format,
        rate=clip.rate,
        codec=spec.output.codec,
        start_frame=draft.frames.start,
        sound=tuple(track.format for track in tracks),
    )


def _making(draft: Draft) -> str:
    return f"making ({draft.backend.info.name})"


def _prepared(draft: Draft, goes_on: dict[bool, Continuity]) -> Draft:
    """`draft` with the sides that are made prepared for what goes on there."""
    sides = {side.forward: side for side in (draft.head, draft.tail)}
    done = {end: goes_on[end].prepare(sides[end]) for end in goes_on}
    return dataclass_replace(
        draft, head=done.get(False, draft.head), tail=done.get(True, draft.tail)
    )


def _kept(draft: Draft, job_id: str) -> Draft:
    """`draft` with what it makes window by window kept until the job has ended."""
    folder = windows_folder(draft.path, job_id)
    head, tail = (
        dataclass_replace(side, backend=keep_windows(side.backend, folder / name))
        for side, name in ((draft.head, "head"), (draft.tail, "tail"))
    )
    return dataclass_replace(draft, head=head, tail=tail)


def _additions(draft: Draft, goes_on: dict[bool, Continuity]) -> tuple[Addition, Addition]:
    """What `draft` adds at the head and at the tail."""
    head, tail = (
        Addition(side, goes_on.get(side.forward, Continuity())) for side in (draft.head, draft.tail)
    )
    return head, tail


def _pictures(
    clip: Clip,
    draft: Draft,
    head: Iterator[Picture],
    tail: Iterator[Picture],
    cancel: CancelToken,
) -> Iterator[Picture]:
    """Every picture of the made file, in order: `head` before the real ones, `tail` after them.

    Raises:
        Cancelled: `cancel` was set; noticed before each picture.
    """
    kept = range(draft.head.wanted.stop, draft.tail.wanted.start)
    shown = range(max(kept.start, draft.frames.start), min(kept.stop, draft.frames.stop))
    kept_pictures = clip.reader.frames(shown.start, shown.stop) if shown else ()
    for picture in chain(head, kept_pictures, tail):
        cancel.check()
        yield picture


def _watch(draft: Draft, goes_on: dict[bool, Continuity]) -> SeamWatch:
    """What looks at the joins of `draft`."""
    sides = [side for side in (draft.head, draft.tail) if side.new_frames]
    joins = {side.wanted.start if side.forward else side.wanted.stop: side for side in sides}
    return SeamWatch(
        {join: side.forward for join, side in joins.items()},
        left_out=frozenset().union(*(side.ending.left_out for side in sides)),
        held=frozenset(join for join, side in joins.items() if side.ending.cadence != (1,)),
        grainy=frozenset(join for join, side in joins.items() if goes_on[side.forward].grain),
    )


def _see_beside(watch: SeamWatch, clip: Clip, frames: range) -> None:
    """Show `watch` real frames that lie beside the made file rather than in it."""
    shown = range(max(frames.start, 0), min(frames.stop, clip.reader.frame_count))
    if shown:
        pictures = clip.reader.frames(shown.start, shown.stop)
        for frame, picture in zip(shown, pictures, strict=True):
            watch.see(frame, picture)


def _write(
    writer: MediaWriter,
    watch: SeamWatch,
    pictures: Iterator[Picture],
    draft: Draft,
    tracks: list[Soundtrack],
) -> Iterator[Progress]:
    """Progress after each picture written, and the sound under it."""
    shown_at = 0.0
    for number, (frame, picture) in enumerate(zip(draft.frames, pictures, strict=True)):
        writer.write_picture(picture)
        watch.see(frame, picture)
        for stream, track in enumerate(tracks):
            for block in track.up_to(frame + 1):
                writer.write_sound(stream, block)
        made = any(frame in run for run in draft.made)
        preview = b""
        if made and time.monotonic() - shown_at > PREVIEW_S:
            preview = encode_jpeg(picture)
            shown_at = time.monotonic()
        phase = _making(draft) if made else "copying"
        yield Progress(phase, number + 1, preview_jpeg=preview)


def _take(
    clip: Clip, draft: Draft, watch: SeamWatch, seconds: float, more: tuple[str, ...]
) -> Take:
    start = draft.frames.start
    tried = draft.tail if clip.forward else draft.head
    info = draft.backend.info
    return Take(
        media_path=draft.path,
        start_frame=start,
        duration_frames=len(draft.frames),
        rate=clip.rate,
        made_ranges=tuple(FrameRange(run.start - start, len(run)) for run in draft.made),
        model=draft.backend.info.name,
        score=draft.score,
        seams=watch.finish(start),
        seconds=seconds,
        notes=(
            *take_notes(
                clip.info,
                draft.score,
                draft.remade_frames,
                clip.rate,
                measured_on(tried),
                untried="" if info.quick else info.name,
            ),
            *enlarged_notes(info, clip.reader.format),
            *more,
        ),
    )
