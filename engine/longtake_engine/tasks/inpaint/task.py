"""In-painting, done or reckoned."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

from longtake_engine.cancel import CancelToken
from longtake_engine.errors import BadInput
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
from longtake_engine.tasks.inpaint.choice import Candidate, best_first, find_candidates, rank
from longtake_engine.tasks.inpaint.clip import Clip, open_clip
from longtake_engine.tasks.inpaint.finding import Finding
from longtake_engine.tasks.inpaint.following import Following
from longtake_engine.tasks.inpaint.hole import Hole, plan_holes
from longtake_engine.tasks.inpaint.making import Making
from longtake_engine.tasks.inpaint.margin import grow_all, least_margin
from longtake_engine.tasks.inpaint.matte import Mattes
from longtake_engine.tasks.inpaint.matte_out import MatteWriter
from longtake_engine.tasks.inpaint.note import cut_notes
from longtake_engine.tasks.inpaint.shots import find_shots
from longtake_engine.tasks.soundtrack import Soundtrack, source_tracks
from longtake_engine.work import Estimate, Inpaint, Progress, Spec, Take

# Besides filling: looking for cuts and for what is hidden, and trying the candidates.
LOOK_S_PER_PIXEL = 4e-8
FOLLOW_S_PER_PIXEL = 1.5e-7
TRY_S = 15.0
HELD_PICTURES = 512 << 20  # bytes: what is kept of the clip and of its mattes


def inpaint(spec: Spec, *, job_id: str, cancel: CancelToken) -> Iterator[Progress | Take]:
    """The work done: progress by frame, then the takes, once all their files are whole.

    Raises:
        EngineError: As each sentence says. Nothing is left on disk then.
    """
    yield Progress("reading")
    find_candidates(spec)  # whether there is any
    clip = open_clip(spec)
    with ExitStack() as stack:
        hiding = _Hiding(spec, clip, stack)
        yield from hiding.run(cancel)
        yield Progress("measuring")
        candidates: list[Candidate] = []
        for candidate in rank(spec, clip.reader, hiding.mattes, hiding.holes, cancel):
            candidates.append(candidate)
            yield Progress("measuring")
        chosen = best_first(candidates, spec.take_count)
        total = len(clip.output) * len(chosen)
        matte = _open_matte(spec, clip, job_id, stack)
        made: list[tuple[MediaWriter, Take]] = []
        for number, (candidate, path) in enumerate(zip(chosen, spec.take_paths, strict=False)):
            kept = candidate.kept(path, job_id)
            making = Making(spec, clip, hiding.mattes, hiding.holes, kept, path, hiding.notes)
            tracks = source_tracks(
                clip.info, clip.rate, clip.output, stack, silent=spec.output.no_audio
            )
            writer = stack.enter_context(_open_writer(spec, making, tracks, job_id))
            progress = making.run(writer, tracks, None if number else matte, stack, cancel)
            done = number * len(clip.output)
            made.append((writer, (yield from counted(progress, done, total))))
        mattes = [] if matte is None else [matte.media]
        writers = [writer for writer, _ in made]
        yield from finish([*mattes, *writers], total, total, cancel)
    for _, take in made:
        yield take


def estimate_inpainting(spec: Spec) -> Estimate:
    """What the work would cost.

    Raises:
        EngineError: The work could not be done.
    """
    work = spec.work
    assert isinstance(work, Inpaint)
    backends = find_candidates(spec)
    clip = open_clip(spec)
    takes = min(max(1, spec.take_count), len(backends))
    filled = range(
        max(clip.hidden.start, clip.output.start), min(clip.hidden.stop, clip.output.stop)
    )
    cost = backends[0].estimate(clip.reader.format, len(filled))
    format = clip.reader.format
    pixels = format.width * format.height
    written = len(clip.output) * takes
    looked_at = len(clip.seen) * pixels
    seconds = cost.seconds * takes + written * pixels * WRITE_S_PER_PIXEL
    seconds += looked_at * LOOK_S_PER_PIXEL + TRY_S * sum(b.info.quick for b in backends)
    if clip.boxes or clip.points:
        seconds += looked_at * FOLLOW_S_PER_PIXEL
    return Estimate(
        model=backends[0].info.name,
        new_frames=len(filled),
        total_frames=written,
        seconds=seconds,
        memory_bytes=BASE_MEMORY + cost.memory_bytes + HELD_PICTURES,
        disk_bytes=disk_bytes(spec.output.codec, pixels, written)
        + kept_bytes(backends[0], format, len(filled) * takes),
        disk_free_bytes=free_bytes(spec.output.path.parent),
    )


@dataclass(slots=True)
class _Hiding:
    """What is hidden of a clip, as it is found out."""

    spec: Spec
    clip: Clip
    stack: ExitStack  # takes what must be closed
    mattes: Mattes = field(init=False)
    holes: list[Hole] = field(default_factory=list)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.mattes = self._new_mattes()

    def run(self, cancel: CancelToken) -> Iterator[Progress]:
        """Progress; then `mattes`, `holes` and `notes` are there.

        Raises:
            BadInput: Nothing is hidden, or all of it.
        """
        clip = self.clip
        shots: list[range] = []
        for shot in find_shots(clip.reader, clip.seen, cancel.check):
            if shot is not None:
                shots.append(shot)
            yield Progress("reading")
        yield from self._read_mask(cancel)
        following = Following(clip, shots, self.spec.output.path.parent)
        yield from self._follow(following, cancel)
        work = _work(self.spec)
        finding = Finding(clip, shots, work.margin, self.mattes)
        for phase in finding.run(work.defects, cancel):
            yield Progress(phase)
        filled = range(
            max(clip.hidden.start, clip.output.start), min(clip.hidden.stop, clip.output.stop)
        )
        self.holes = plan_holes(self.mattes, shots, filled)
        if not self.holes:
            raise BadInput(
                "Nothing is hidden on any frame that is asked for; draw on a frame that shows what"
                " shall go, or give --between a time at which it is there."
            )
        mask_notes = clip.mask.notes if clip.mask else ()
        cuts = cut_notes(shots, filled)
        self.notes = (*clip.info.notes, *mask_notes, *following.notes, *cuts)

    def _read_mask(self, cancel: CancelToken) -> Iterator[Progress]:
        mask = self.clip.mask
        if mask is None:
            return
        tight = self._new_mattes()
        for number in mask.read(tight, self.clip.seen):
            cancel.check()
            if number % 16 == 0:
                yield Progress("reading the mask")
        margin = _work(self.spec).margin
        if margin is None:
            margin = least_margin(tight.size[0]) if mask.is_hard else 0
        for _ in grow_all(tight, self.mattes, margin):
            cancel.check()

    def _follow(self, following: Following, cancel: CancelToken) -> Iterator[Progress]:
        if not (self.clip.boxes or self.clip.points):
            return
        for frame in following.run(self.stack, cancel):
            yield Progress(f"following (frame {frame})")
        things = self._new_mattes()
        following.hide_in(things, cancel.check)
        for _ in grow_all(things, self.mattes, _work(self.spec).margin):
            cancel.check()

    def _new_mattes(self) -> Mattes:
        format, folder = self.clip.reader.format, self.spec.output.path.parent
        return self.stack.enter_context(Mattes(folder, (format.height, format.width)))


def _work(spec: Spec) -> Inpaint:
    assert isinstance(spec.work, Inpaint)
    return spec.work


def _open_writer(spec: Spec, making: Making, tracks: list[Soundtrack], job_id: str) -> MediaWriter:
    clip = making.clip
    return MediaWriter(
        making.path,
        job_id=job_id,
        source=clip.info,
        format=clip.reader.format,
        rate=clip.rate,
        codec=spec.output.codec,
        start_frame=clip.output.start,
        sound=tuple(track.format for track in tracks),
    )


def _open_matte(spec: Spec, clip: Clip, job_id: str, stack: ExitStack) -> MatteWriter | None:
    path = _work(spec).matte_path
    if path is None:
        return None
    matte = MatteWriter(
        path,
        job_id=job_id,
        source=clip.info,
        format=clip.reader.format,
        rate=clip.rate,
        start_frame=clip.output.start,
    )
    stack.enter_context(matte.media)
    return matte
