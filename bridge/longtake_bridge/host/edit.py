"""One edit of a host from its context to its result, told as it goes."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from longtake.v1 import job_pb2

from longtake_bridge.client import ENDED, Engine
from longtake_bridge.endpoint import Endpoint
from longtake_bridge.errors import BridgeError
from longtake_bridge.host import message
from longtake_bridge.host.animation import prepare_animation
from longtake_bridge.host.between import prepare_cut, prepare_gap
from longtake_bridge.host.context import Settings
from longtake_bridge.host.extension import prepare_extension
from longtake_bridge.host.file_edit import edit_file
from longtake_bridge.host.generation import prepare_generation
from longtake_bridge.host.preparation import Preparation
from longtake_bridge.host.removal import prepare_removal
from longtake_bridge.host.reshaping import prepare_reshaping
from longtake_bridge.host.sequence import build_sequence
from longtake_bridge.host.slow_motion import prepare_slow_motion
from longtake_bridge.media_probe import made_take, probe_with
from longtake_bridge.option import MakeOptions
from longtake_bridge.output import nearest_folder
from longtake_bridge.request import OnChange, unheard_notes
from longtake_bridge.result import Take, takes_of

_PREPARE = {
    "extend": prepare_extension,
    "fill_gap": prepare_gap,
    "smooth_jump_cut": prepare_cut,
    "slow_motion": prepare_slow_motion,
}
_PROGRESS_S = 0.1  # between two messages of one edit; a host redraws no faster

Tell = Callable[[message.Answer], None]


class Canceller:
    """Ends the jobs of one edit, whichever of them runs, from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cancelled = False
        self._job: tuple[Endpoint, str] | None = None  # what runs now

    def cancel(self) -> None:
        """End the edit; waits until the engine has confirmed the end of its job."""
        with self._lock:
            self._cancelled = True
            job = self._job
        if job is not None:
            _cancel_job(*job)

    def watch(self, engine: Engine, on_change: OnChange) -> OnChange:
        """`on_change`, and the job that it hears of can be cancelled."""

        def watched(job: job_pb2.Job) -> None:
            with self._lock:
                is_new = self._job is None or self._job[1] != job.id
                self._job = (engine.endpoint, job.id)
                too_late = self._cancelled and is_new
            if too_late and job.state not in ENDED:
                _cancel_job(engine.endpoint, job.id)
            on_change(job)

        return watched

    def check(self) -> None:
        """Nothing, where the edit was not cancelled.

        Raises:
            BridgeError: CANCELLED.
        """
        if self._cancelled:
            raise BridgeError("Cancelled; nothing was placed.", "CANCELLED")


def prepare(engine: Engine, request: message.Start | message.AskEstimate) -> Preparation:
    """What an edit in the host takes; nothing is made yet.

    Raises:
        BridgeError: It cannot be done; it says why.
    """
    sequence = build_sequence(request.context)
    if request.task == "remove":  # the engine is asked how long a mask is
        return prepare_removal(engine, sequence, request.settings)
    if request.task == "outpaint":
        return prepare_reshaping(engine, sequence, request.settings)
    if request.task == "animate":
        return prepare_animation(engine, sequence, request.settings)
    if request.task == "generate":
        return prepare_generation(engine, sequence, request.settings)
    return _PREPARE[request.task](sequence, request.settings, probe_with(engine))


def estimate(engine: Engine, request: message.AskEstimate) -> message.Estimate:
    """What an edit would cost.

    Raises:
        BridgeError: It cannot be done, or the engine refused.
    """
    if request.context.is_file:
        raise BridgeError(
            "A timeline file is not estimated; run `longtake estimate`.", "WRONG_CALL"
        )
    prepared = prepare(engine, request)
    folder = nearest_folder(prepared.media_folder)
    costs = [engine.estimate(job) for job in prepared.make_jobs(folder)]
    return message.Estimate(
        id=request.id,
        real_frames=prepared.real_frames,
        new_frames=prepared.new_frames,
        seconds=sum(cost.seconds for cost in costs),
        memory_bytes=max((cost.memory_bytes for cost in costs), default=0),
        disk_bytes=sum(cost.disk_bytes for cost in costs),
        disk_free_bytes=min((cost.disk_free_bytes for cost in costs), default=0),
        notes=prepared.notes,
    )


def run_edit(
    engine: Engine,
    request: message.Start,
    canceller: Canceller,
    tell: Tell,
    save_preview: Callable[[bytes], tuple[str | None, str | None]],
) -> message.Result:
    """The result of an edit; `tell` hears of its plan and its progress.

    Raises:
        BridgeError: It cannot be done, or was cancelled.
    """
    progress = _Progress(request.id, tell, save_preview)
    on_change = canceller.watch(engine, progress)
    if request.context.is_file:
        return _run_on_file(engine, request, on_change)
    prepared = prepare(engine, request)
    canceller.check()
    tell(
        message.Planned(
            id=request.id,
            real_frames=prepared.real_frames,
            new_frames=prepared.new_frames,
            notes=prepared.notes,
        )
    )
    jobs = _run_jobs(engine, prepared, progress, canceller, on_change)
    takes = [list(takes_of(job)) for job in jobs]
    finished = prepared.finish([[made_take(engine, take) for take in found] for found in takes])
    every = [take for found in takes for take in found]
    notes = (*finished.notes, *unheard_notes(engine, _guidance(request.settings), every))
    return message.Result(
        id=request.id,
        task=request.task,
        takes=_told(every),
        changes=finished.changes,
        placements=tuple(placement.to_json_object() for placement in finished.placements),
        timeline=None,
        jobs=tuple(job.id for job in jobs),
        notes=tuple(dict.fromkeys(notes)),
    )


def _run_jobs(
    engine: Engine,
    prepared: Preparation,
    progress: "_Progress",
    canceller: Canceller,
    on_change: OnChange,
) -> list[job_pb2.Job]:
    if not prepared.new_frames:
        return []
    folder = prepared.media_folder
    make_folder(folder)
    jobs = []
    specs = prepared.make_jobs(folder)
    for step, spec in enumerate(specs, start=1):
        canceller.check()
        progress.begin(step, len(specs))
        jobs.append(engine.run_job(spec, on_change))
    return jobs


def make_folder(folder: Path) -> None:
    """The folder is there.

    Raises:
        BridgeError: WRONG_CALL; it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BridgeError(
            f"The folder {folder} cannot be made ({error.strerror}); save the project somewhere "
            "that can be written, or choose another folder for media.",
            "WRONG_CALL",
        ) from error


def _run_on_file(engine: Engine, request: message.Start, on_change: OnChange) -> message.Result:
    made = edit_file(engine, request.task, request.context, request.settings, on_change)
    placements = made.placements or ((made.placement,) if made.placement else ())
    return message.Result(
        id=request.id,
        task=request.task,
        takes=_told(made.takes),
        changes=(),
        placements=placements,
        timeline=made.timeline,
        jobs=made.jobs or ((made.job,) if made.job else ()),
        notes=made.notes,
    )


class _Progress:
    """Tells how far an edit is, not more often than a host can show."""

    def __init__(
        self,
        edit: str,
        tell: Tell,
        save_preview: Callable[[bytes], tuple[str | None, str | None]],
    ) -> None:
        self._edit, self._tell, self._save_preview = edit, tell, save_preview
        self._step, self._steps = 1, 1
        self._told: tuple[int, str, int] | None = None  # step, phase, frames
        self._told_s = 0.0
        self._preview = b""

    def begin(self, step: int, steps: int) -> None:
        """What follows is of that job."""
        self._step, self._steps = step, steps

    def __call__(self, job: job_pb2.Job) -> None:
        said = job.progress
        phase = said.phase or ("waiting" if job.state == job_pb2.JOB_STATE_QUEUED else "starting")
        news = (self._step, phase, said.done_frames)
        is_same_phase = self._told is not None and self._told[:2] == news[:2]
        now_s = time.monotonic()
        if news == self._told or (is_same_phase and now_s - self._told_s < _PROGRESS_S):
            return
        path, text = None, None
        if said.preview_jpeg and said.preview_jpeg != self._preview:
            self._preview = said.preview_jpeg
            path, text = self._save_preview(said.preview_jpeg)
        self._told, self._told_s = news, now_s
        self._tell(
            message.Progress(
                id=self._edit,
                phase=phase,
                done_frames=said.done_frames,
                total_frames=said.total_frames,
                remaining_s=said.remaining_s
                if said.total_frames and said.remaining_s >= 0
                else None,
                step=self._step,
                steps=self._steps,
                preview_path=path,
                preview_base64=text,
            )
        )


def _told(takes: Sequence[Take]) -> tuple[message.TakeFile, ...]:
    return tuple(_take_file(take) for take in takes)


def _take_file(take: Take) -> message.TakeFile:
    details = take.to_json()
    return message.TakeFile(
        media=take.media,
        model=take.model,
        frame_count=take.duration_frames,
        rate=take.rate,
        confidence=details["score"]["confidence"],
        seconds=details["seconds"],
        notes=take.notes,
        details=details,
    )


def _guidance(settings: Settings) -> MakeOptions:
    return MakeOptions(prompt=settings.prompt, negative_prompt=settings.negative_prompt)


def _cancel_job(endpoint: Endpoint, job_id: str) -> None:
    # An engine that is gone has nothing to end, and whoever watches the job hears of it.
    with suppress(BridgeError), Engine.attach(endpoint) as engine:
        engine.cancel_job(job_id)
