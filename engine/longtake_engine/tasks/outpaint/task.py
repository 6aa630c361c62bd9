"""Out-painting, done or reckoned."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from longtake_engine.cancel import CancelToken
from longtake_engine.media.writer import MediaWriter
from longtake_engine.tasks.cost import (
    BASE_MEMORY,
    WRITE_S_PER_PIXEL,
    disk_bytes,
    free_bytes,
    kept_bytes,
)
from longtake_engine.tasks.counting import counted
from longtake_engine.tasks.finishing import finish
from longtake_engine.tasks.inpaint.choice import Candidate, best_first
from longtake_engine.tasks.inpaint.note import cut_notes
from longtake_engine.tasks.inpaint.shots import find_shots
from longtake_engine.tasks.outpaint.choice import find_candidates, rank
from longtake_engine.tasks.outpaint.clip import Clip, open_clip
from longtake_engine.tasks.outpaint.following import Following
from longtake_engine.tasks.outpaint.making import REFRAMED, Making
from longtake_engine.tasks.outpaint.note import layout_note
from longtake_engine.tasks.outpaint.placing import Place, fixed_place
from longtake_engine.tasks.soundtrack import Soundtrack, source_tracks
from longtake_engine.work import Estimate, Outpaint, Progress, Spec, Take

# Besides making: looking for cuts and for the subject, and trying the candidates.
LOOK_S_PER_PIXEL = 4e-8
FOLLOW_S_PER_PIXEL = 1.5e-7
LAY_S_PER_PIXEL = 3e-8
TRY_S = 15.0
HELD_PICTURES = 512 << 20  # bytes: what is kept of the clip


def outpaint(spec: Spec, *, job_id: str, cancel: CancelToken) -> Iterator[Progress | Take]:
    """The work done: progress by frame, then the takes, once all their files are whole.

    Raises:
        EngineError: As each sentence says. Nothing is left on disk then.
    """
    yield Progress("reading")
    clip = open_clip(spec)
    if not clip.layout.whole:
        find_candidates(spec)  # whether there is any
    with ExitStack() as stack:
        framing = _Framing(spec, clip)
        yield from framing.run(cancel)
        chosen = yield from _choose(spec, clip, framing, cancel)
        total = len(clip.output) * len(chosen)
        made: list[tuple[MediaWriter, Take]] = []
        for number, (candidate, path) in enumerate(zip(chosen, spec.take_paths, strict=False)):
            notes, shots = framing.notes, framing.shots
            kept = candidate and candidate.kept(path, job_id)
            making = Making(spec, clip, shots, framing.places, kept, path, notes)
            tracks = source_tracks(
                clip.info, clip.rate, clip.output, stack, silent=spec.output.no_audio
            )
            writer = stack.enter_context(_open_writer(spec, making, tracks, job_id))
            progress = making.run(writer, tracks, stack, cancel)
            done = number * len(clip.output)
            made.append((writer, (yield from counted(progress, done, total))))
        yield from finish([writer for writer, _ in made], total, total, cancel)
    for _, take in made:
        yield take


def estimate_outpainting(spec: Spec) -> Estimate:
    """What the work would cost.

    Raises:
        EngineError: The work could not be done.
    """
    clip = open_clip(spec)
    layout, work = clip.layout, _work(spec)
    pixels = layout.format.width * layout.format.height
    count = len(clip.output)
    looked_at = len(clip.seen) * clip.reader.format.width * clip.reader.format.height
    seconds = looked_at * (FOLLOW_S_PER_PIXEL if work.follow else 0.0)
    takes, model, memory, kept = 1, REFRAMED, 0, 0
    if not layout.whole:
        backends = find_candidates(spec)
        takes, model = min(max(1, spec.take_count), len(backends)), backends[0].info.name
        cost = backends[0].estimate(layout.format, count)
        memory = cost.memory_bytes + HELD_PICTURES
        kept = kept_bytes(backends[0], layout.format, count * takes)
        seconds += cost.seconds * takes + TRY_S * len(backends) + looked_at * LOOK_S_PER_PIXEL
    written = count * takes
    return Estimate(
        model=model,
        new_frames=0 if layout.whole else count,
        total_frames=written,
        seconds=seconds + written * pixels * (WRITE_S_PER_PIXEL + LAY_S_PER_PIXEL),
        memory_bytes=BASE_MEMORY + memory + 24 * layout.format.size_bytes,
        disk_bytes=disk_bytes(spec.output.codec, pixels, written) + kept,
        disk_free_bytes=free_bytes(spec.output.path.parent),
    )


@dataclass(slots=True)
class _Framing:
    """Where the old picture lies on every frame, as it is found out."""

    spec: Spec
    clip: Clip
    shots: list[range] = field(default_factory=list)
    places: Mapping[int, Place] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def run(self, cancel: CancelToken) -> Iterator[Progress]:
        """Progress; then all else is there."""
        clip, work = self.clip, _work(self.spec)
        moves = work.follow and work.fit != "keep"
        self.notes = (*clip.info.notes, layout_note(clip.layout, moves=moves))
        if clip.layout.whole and not work.follow:
            self.shots = [clip.seen]
        else:
            for shot in find_shots(clip.reader, clip.seen, cancel.check):
                if shot is not None:
                    self.shots.append(shot)
                yield Progress("reading")
            self.notes = (*self.notes, *cut_notes(self.shots, clip.output))
        if not work.follow:
            self.places = dict.fromkeys(clip.seen, fixed_place(clip.layout))
            return
        following = Following(clip, self.shots, whole_pixels=work.fit == "keep")
        for frame in following.run(cancel):
            yield Progress(f"following (frame {frame})")
        self.places = following.places
        self.notes = (*self.notes, *following.notes)


def _choose(
    spec: Spec, clip: Clip, framing: _Framing, cancel: CancelToken
) -> Generator[Progress, None, list[Candidate | None]]:
    """Progress; then who makes the takes: None where nothing is to be made."""
    if clip.layout.whole:
        return [None]
    yield Progress("measuring")
    candidates: list[Candidate] = []
    for candidate in rank(spec, clip, framing.shots, framing.places, cancel):
        candidates.append(candidate)
        yield Progress("measuring")
    return list(best_first(candidates, spec.take_count))


def _work(spec: Spec) -> Outpaint:
    assert isinstance(spec.work, Outpaint)
    return spec.work


def _open_writer(spec: Spec, making: Making, tracks: list[Soundtrack], job_id: str) -> MediaWriter:
    clip = making.clip
    return MediaWriter(
        making.path,
        job_id=job_id,
        source=clip.info,
        format=clip.layout.format,
        rate=clip.rate,
        codec=spec.output.codec,
        start_frame=clip.output.start,
        sound=tuple(track.format for track in tracks),
    )
