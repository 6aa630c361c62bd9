"""Extend: frames before the head or after the tail of a clip."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain
from pathlib import Path

from longtake_engine.ability import check_possible
from longtake_engine.cancel import CancelToken
from longtake_engine.errors import WrongCall
from longtake_engine.media.info import MediaInfo
from longtake_engine.media.probe import probe
from longtake_engine.media.sound_reader import SoundReader
from longtake_engine.media.still import encode_jpeg
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.media.writer import MediaWriter, check_output
from longtake_engine.models.backend import VideoBackend
from longtake_engine.models.catalog import find_backends
from longtake_engine.picture import Picture
from longtake_engine.rate import count_frames
from longtake_engine.splice.seam import BESIDE, SeamWatch
from longtake_engine.tasks.backtest import HELD, back_test, plan_trials
from longtake_engine.tasks.ending import Ending, read_ending
from longtake_engine.tasks.note import ending_notes, sound_notes, take_notes
from longtake_engine.tasks.side import Side, look_back, plan_side
from longtake_engine.tasks.soundtrack import Soundtrack
from longtake_engine.work import FrameRange, Progress, Score, Spec, Take

PREVIEW_S = 0.5  # between two preview pictures


@dataclass(frozen=True, slots=True)
class Clip:
    """The clip to extend, and by how much."""

    info: MediaInfo
    reader: VideoReader
    head_frames: int
    tail_frames: int

    @property
    def rate(self) -> Fraction:
        """Frames a second."""
        return self.reader.rate


@dataclass(frozen=True, slots=True)
class Draft:
    """One take before it is made: a backend, and what it makes on each side."""

    backend: VideoBackend
    score: Score
    head: Side
    tail: Side
    frames: range  # of the made file, numbered as in the source
    path: Path

    @property
    def made(self) -> list[range]:
        """The runs of made frames, numbered as in the source."""
        return [side.wanted for side in (self.head, self.tail) if side.new_frames]


def open_clip(spec: Spec) -> Clip:
    """The clip that `spec` speaks of, checked against how it is to be written.

    Raises:
        EngineError: It cannot be read, or not be written as asked.
    """
    work = check_possible(spec)
    info = probe(work.input_path, spec.sequence_rate)
    reader = VideoReader(info, deinterlace=spec.deinterlace)
    check_output(spec.output.path, spec.output.codec, reader.format, info)
    head = count_frames(work.head, reader.rate) if work.head else 0
    tail = count_frames(work.tail, reader.rate) if work.tail else 0
    if not head and not tail:
        raise WrongCall("Nothing to make: say how much with --head or --tail, such as --tail 2s.")
    if head and tail and work.contents == "new_only":
        raise WrongCall(
            "New frames alone can be of the head or of the tail; ask for one at a time."
        )
    return Clip(info, reader, head, tail)


def extend(spec: Spec, *, job_id: str, cancel: CancelToken) -> Iterator[Progress | Take]:
    """The work done: progress by frame, then the takes, once all their files are whole.

    Raises:
        EngineError: As each sentence says. Nothing is left on disk then.
    """
    yield Progress("reading")
    clip = open_clip(spec)
    drafts = []
    for draft in draft_takes(spec, clip, cancel):
        drafts.append(draft)
        yield Progress("measuring")
    drafts = finish_drafts(spec, clip, drafts)
    total = sum(len(draft.frames) for draft in drafts)
    with ExitStack() as stack:
        takes: list[tuple[MediaWriter, Take]] = []
        done = 0
        for draft in drafts:
            began = time.monotonic()
            track_list = [
                Soundtrack(
                    stack.enter_context(SoundReader(clip.info, n)),
                    clip.rate,
                    draft.frames,
                    spec.output.music,
                )
                for n in range(0 if spec.output.no_audio else len(clip.info.audio_streams))
            ]
            writer = stack.enter_context(_open_writer(spec, clip, draft, track_list, job_id))
            tail = draft.tail.pictures(spec.guidance, cancel)
            first = next(tail, None)  # seen before the clip is copied: a person waits for it
            if first:
                preview = encode_jpeg(first)
                yield Progress(_making(draft), done, total, preview_jpeg=preview)
                tail = chain([first], tail)
            pictures = _pictures(spec, clip, draft, tail, cancel)
            watch = SeamWatch(_joins(draft))
            _see_beside(watch, clip, range(draft.frames.start - BESIDE, draft.frames.start))
            for progress in _write(writer, watch, pictures, draft, track_list):
                yield replace_progress(progress, done, total)
            _see_beside(watch, clip, range(draft.frames.stop, draft.frames.stop + BESIDE))
            done += len(draft.frames)
            seconds = time.monotonic() - began
            heard = sound_notes((h for t in track_list for h in t.heard), spec.output.music)
            takes.append((writer, _take(clip, draft, watch, seconds, heard)))
        yield Progress("finishing", done, total)
        cancel.check()
        for writer, _ in takes:
            writer.commit()
    for _, take in takes:
        yield take


def draft_takes(spec: Spec, clip: Clip, cancel: CancelToken) -> Iterator[Draft]:
    """Drafts, the ones to make first, each with its backend's score on this clip.

    Backends that remake real frames are asked only where more takes are wanted than the others
    give: an editor asked for more, not for slower.
    """
    backends = sorted(
        find_backends(spec.model, "extend"), key=lambda b: b.info.remakes_known_frames
    )
    forward = clip.tail_frames > 0
    new_frames = clip.tail_frames or clip.head_frames
    sides = {False: clip.head_frames, True: clip.tail_frames}
    endings = {
        end: read_ending(clip.reader, forward=end, check=cancel.check)
        for end, new in sides.items()
        if new
    }
    beside = endings.get(forward)
    trials = plan_trials(clip.reader, forward=forward, new_frames=new_frames, ending=beside)
    wanted = max(1, spec.take_count)
    for number, backend in enumerate(backends):
        if backend.info.remakes_known_frames and number >= wanted:
            return
        cancel.check()
        head, tail = _plan_sides(clip, backend, endings)
        still = all(side.still for side in (head, tail) if side.new_frames)
        if still and number:
            return  # held pictures are the same whoever is asked
        score = HELD if still else back_test(backend, trials, cancel, new_frames=new_frames)
        yield Draft(backend, score, head, tail, range(0), spec.output.path)


def _plan_sides(
    clip: Clip, backend: VideoBackend, endings: dict[bool, Ending]
) -> tuple[Side, Side]:
    """What the backend is asked for at the head and at the tail."""
    sides = []
    for forward, new in ((False, clip.head_frames), (True, clip.tail_frames)):
        side = plan_side(
            clip.reader, backend, forward=forward, new_frames=new, ending=endings.get(forward)
        )
        sides.append(look_back(side) if backend.info.remakes_known_frames else side)
    return _share_known(*sides)


def finish_drafts(spec: Spec, clip: Clip, drafts: list[Draft]) -> list[Draft]:
    """The drafts to make, best first, with their frames and paths.

    Takes of new frames alone all cover the same frames, so that one clip on a timeline can hold
    them all.
    """
    chosen = sorted(drafts, key=_rank, reverse=True)[: max(1, spec.take_count)]
    work = check_possible(spec)
    frames = range(-clip.head_frames, clip.reader.frame_count + clip.tail_frames)
    if work.contents == "new_only":
        runs = [run for draft in chosen for run in draft.made]
        frames = range(min(r.start for r in runs), max(r.stop for r in runs))
    return [
        replace(
            draft,
            head=look_back(draft.head),
            tail=look_back(draft.tail),
            frames=frames,
            path=path,
        )
        for draft, path in zip(chosen, spec.take_paths, strict=False)  # fewer models than takes
    ]


def _rank(draft: Draft) -> tuple[bool, float]:
    """Those that make new frames before those that slow the clip, the surest first."""
    return not draft.backend.info.remakes_known_frames, draft.score.confidence


def replace_progress(progress: Progress, done: int, total: int) -> Progress:
    """`progress` of one take as part of all."""
    return Progress(
        progress.phase,
        done + progress.done_frames,
        total,
        progress.remaining_s,
        progress.preview_jpeg,
    )


def _remade(draft: Draft) -> int:
    return draft.head.remade_frames + draft.tail.remade_frames


def _share_known(head: Side, tail: Side) -> tuple[Side, Side]:
    """Both sides such that no known frame is remade twice."""
    count = head.reader.frame_count
    if head.remade_frames + tail.remade_frames < count:
        return head, tail
    half = max(1, (count - 1) // 2)  # one that remakes frames cannot do without
    return replace(head, remade_frames=min(head.remade_frames, half)), replace(
        tail, remade_frames=min(tail.remade_frames, half)
    )


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


def _pictures(
    spec: Spec, clip: Clip, draft: Draft, tail: Iterator[Picture], cancel: CancelToken
) -> Iterator[Picture]:
    """Every picture of the made file, in order; `tail` are those after the real ones.

    Raises:
        Cancelled: `cancel` was set; noticed before each picture.
    """
    kept = range(draft.head.wanted.stop, draft.tail.wanted.start)
    shown = range(max(kept.start, draft.frames.start), min(kept.stop, draft.frames.stop))
    parts = [clip.reader.frames(shown.start, shown.stop)] if shown else []
    if draft.head.new_frames:
        parts.insert(0, draft.head.pictures(spec.guidance, cancel))
    for picture in chain(*parts, tail):
        cancel.check()
        yield picture


def _joins(draft: Draft) -> dict[int, bool]:
    """The first frame after each join, and whether the made frames come after it."""
    joins = {}
    if draft.head.new_frames:
        joins[draft.head.wanted.stop] = False
    if draft.tail.new_frames:
        joins[draft.tail.wanted.start] = True
    return joins


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
    clip: Clip, draft: Draft, watch: SeamWatch, seconds: float, sound: tuple[str, ...]
) -> Take:
    start = draft.frames.start
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
            *take_notes(clip.info, draft.score, _remade(draft), clip.rate),
            *(note for side in (draft.head, draft.tail) for note in ending_notes(side)),
            *sound,
        ),
    )
