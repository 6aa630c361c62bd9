"""The queue: what the servicers ask of the engine, in the engine's own words."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from longtake_engine.errors import WrongCall
from longtake_engine.jobs.enquiry import EnquiryDesk
from longtake_engine.jobs.experience import correct, kind_of
from longtake_engine.jobs.fingerprint import fingerprint, input_paths
from longtake_engine.jobs.job import Job, new_id
from longtake_engine.jobs.ledger import Ledger
from longtake_engine.jobs.output import check_output, made_file, remove_windows
from longtake_engine.jobs.supervisor import Supervisor
from longtake_engine.jobs.watch import Watch
from longtake_engine.roots import Roots
from longtake_engine.work import (
    Animate,
    Estimate,
    Extend,
    Generate,
    Inpaint,
    Interpolate,
    Outpaint,
    Spec,
)

_CANCEL_TIMEOUT_S = 5.0  # the supervisor needs less than one; a stuck disk may need more


class JobQueue:
    """One engine's work, one job at a time in the order of asking. Safe across threads."""

    def __init__(
        self,
        ledger: Ledger,
        supervisor: Supervisor,
        desk: EnquiryDesk,
        *,
        roots: Roots,
        version: Callable[[], str],
    ) -> None:
        """`version` tells of what makes the results: equal requests to another are made anew."""
        self._ledger = ledger
        self._supervisor = supervisor
        self._desk = desk
        self._roots = roots
        self._version = version
        self._creating = threading.Lock()

    def create(self, spec: Spec, request_id: str = "") -> Job:
        """The job for `spec`: a new one, or the one that an equal request already made.

        Raises:
            NotPossible: Nothing here can do this kind of work.
            WrongCall: The result may not be written where it should go.
            MissingInput: An input is not there.
            PathRefused: A path lies outside the roots.
        """
        if (known := self._find_request(request_id)) is not None:
            return known
        spec = self._checked(spec)
        print_ = fingerprint(spec, self._version())
        with self._creating:
            # Asked again under the lock: a retry may come while the first try is still here.
            if (known := self._find_request(request_id)) is not None:
                return known
            job = self._find_equal(print_)
            if job is not None:
                if request_id:
                    self._ledger.store.name(job.id, request_id)
                return job
            check_output(spec, self._ledger.store)
            self._check_unclaimed(spec)
            job = self._add(spec, print_, request_id)
        self._supervisor.wake()
        return job

    def get(self, job_id: str) -> Job:
        """The job as it stands; raises `UnknownJob`."""
        return self._ledger.get(job_id)

    def page(self, size: int, before_id: str = "") -> list[Job]:
        """Up to `size` jobs, newest first, from the one before `before_id`."""
        return self._ledger.page(size, before_id)

    def watch(self, job_id: str) -> Watch:
        """A view of the job, now and at every change until it has ended; raises `UnknownJob`."""
        return self._ledger.watch(job_id)

    def cancel(self, job_id: str) -> Job:
        """The job, ended: within a second where it was at work, at once where it was waiting."""
        if (cancelled := self._ledger.cancel_queued(job_id)) is not None:
            remove_windows(cancelled.spec, job_id)  # of an attempt that the daemon was ended in
            return cancelled
        job = self._ledger.get(job_id)
        if job.ended:
            return job
        with self._ledger.watch(job_id, limited=False) as watch:
            self._supervisor.cancel(job_id)
            timer = threading.Timer(_CANCEL_TIMEOUT_S, watch.close)
            timer.start()
            try:
                for job in watch:  # noqa: B007 # the last one is the answer
                    pass
            finally:
                timer.cancel()
        return self._ledger.get(job_id)

    def delete(self, job_id: str) -> None:
        """Forget an ended job; what it made stays. Raises `WrongCall` where it has not ended."""
        job = self._ledger.get(job_id)
        if not job.ended:
            raise WrongCall(f"Job {job_id} has not ended; cancel it first, then delete it.")
        self._ledger.store.delete(job_id)

    def estimate(self, spec: Spec) -> Estimate:
        """What `spec` would cost; raises what `create` would raise about its inputs."""
        spec = self._checked(spec)
        fingerprint(spec, self._version())  # looks at every input
        estimate = self._desk.estimate(spec)
        kind = kind_of(spec, estimate.model)
        return correct(estimate, self._ledger.store.experience(kind))

    def _checked(self, spec: Spec) -> Spec:
        """`spec`, possible here and with every path resolved and under the roots."""
        roots = self._roots
        match spec.work:
            case Extend(input_path=path) | Outpaint(input_path=path) | Animate(input_path=path):
                work = replace(spec.work, input_path=roots.check(path))
            case Interpolate(input_paths=paths):
                work = replace(spec.work, input_paths=tuple(map(roots.check, paths)))
            case Inpaint(input_path=path, mask_path=mask, matte_path=matte):
                mask = None if mask is None else roots.check(mask)
                matte = None if matte is None else roots.check_target(matte)
                path = roots.check(path)
                work = replace(spec.work, input_path=path, mask_path=mask, matte_path=matte)
            case Generate(still_paths=paths, input_path=path, like_path=like, matte_path=matte):
                work = replace(
                    spec.work,
                    still_paths=tuple(map(roots.check, paths)),
                    input_path=None if path is None else roots.check(path),
                    like_path=None if like is None else roots.check(like),
                    matte_path=None if matte is None else roots.check(matte),
                )
        guidance = spec.guidance
        return replace(
            spec,
            work=work,
            guidance=replace(
                guidance,
                reference_paths=tuple(map(roots.check, guidance.reference_paths)),
                box_paths=tuple(
                    replace(path, matte_path=self._given(path.matte_path))
                    for path in guidance.box_paths
                ),
                strokes=tuple(
                    replace(stroke, region_path=self._given(stroke.region_path))
                    for stroke in guidance.strokes
                ),
            ),
            output=replace(spec.output, path=roots.check_target(spec.output.path)),
        )

    def _given(self, path: Path | None) -> Path | None:
        return None if path is None else self._roots.check(path)

    def _find_request(self, request_id: str) -> Job | None:
        known = self._ledger.store.by_request(request_id) if request_id else None
        return None if known is None else self._ledger.get(known.id)

    def _find_equal(self, print_: str) -> Job | None:
        """A job of an equal request that is at work, waits, or whose files are as it left them."""
        store = self._ledger.store
        for job in store.by_fingerprint(print_, ("queued", "running")):
            return self._ledger.get(job.id)
        for job in store.by_fingerprint(print_, ("succeeded",)):
            files = store.files(job.id)
            if files and all(made_file(file.path) == file for file in files):
                return job
        return None

    def _check_unclaimed(self, spec: Spec) -> None:
        """Nothing, where no job that has yet to end reads or writes what this one would write."""
        wanted = set(spec.made_paths)
        for other in self._ledger.active():
            if not wanted.isdisjoint(other.spec.made_paths):
                path = min(wanted.intersection(other.spec.made_paths))
                raise WrongCall(
                    f"Job {other.id} is already to write {path}; "
                    "choose another -o, or cancel that job."
                )
            if not wanted.isdisjoint(input_paths(other.spec)):
                path = min(wanted.intersection(input_paths(other.spec)))
                raise WrongCall(
                    f"Job {other.id} still has to read {path}; "
                    "choose another -o, or wait for that job."
                )

    def _add(self, spec: Spec, print_: str, request_id: str) -> Job:
        job = Job(
            id=new_id(self._ledger.store.newest_id()),
            spec=spec,
            create_time=time.time(),
            fingerprint=print_,
        )
        self._ledger.add(job, request_id)
        return job
