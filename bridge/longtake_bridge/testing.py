"""A stand-in for the engine, for tests of the bridge: real gRPC, scripted jobs, no pixels.

with FakeEngine(home) as engine:  # found by every command with LONGTAKE_HOME=home.folder
    engine.script = Script(takes=(...))
"""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import grpc
from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_status import rpc_status
from longtake.v1 import (
    job_pb2,
    job_pb2_grpc,
    media_pb2,
    media_pb2_grpc,
    model_pb2,
    model_pb2_grpc,
)

from longtake_bridge.daemon import own_version
from longtake_bridge.endpoint import read_endpoint
from longtake_bridge.home import Home

_NO_PROCESS = 1 << 30  # above every system's highest: a test that signals it harms nobody
_ENDED = (job_pb2.JOB_STATE_SUCCEEDED, job_pb2.JOB_STATE_FAILED, job_pb2.JOB_STATE_CANCELLED)


@dataclass(frozen=True, slots=True)
class Fault:
    """An error as the engine sends it."""

    sentence: str
    reason: str = "INTERNAL"
    code: int = code_pb2.INTERNAL  # of google.rpc.Code

    def status(self) -> status_pb2.Status:
        """The error on the wire."""
        detail = any_pb2.Any()
        detail.Pack(error_details_pb2.ErrorInfo(domain="longtake", reason=self.reason))
        return status_pb2.Status(code=self.code, message=self.sentence, details=[detail])


@dataclass(frozen=True, slots=True)
class Script:
    """What becomes of the jobs that are created from now on."""

    refusal: Fault | None = None  # what CreateJob, EstimateJob and Probe answer with
    estimate_refusal: Fault | None = None  # what EstimateJob alone answers with
    progress: tuple[job_pb2.Progress, ...] = ()
    holds: bool = False  # stays at its last progress until it is cancelled or released
    failure: Fault | None = None
    takes: tuple[job_pb2.Take, ...] = ()
    make: Callable[[job_pb2.JobSpec], Sequence[job_pb2.Take]] | None = None  # instead of takes
    fail: Callable[[job_pb2.JobSpec], Fault | None] | None = None  # instead of failure


@dataclass(slots=True)
class _Entry:
    job: job_pb2.Job
    script: Script
    changes: list[job_pb2.Job] = field(default_factory=list)


class FakeEngine(
    job_pb2_grpc.JobServiceServicer,
    media_pb2_grpc.MediaServiceServicer,
    model_pb2_grpc.ModelServiceServicer,
):
    """Serves on loopback as the engine does; a context manager.

    Attributes:
        script: What becomes of new jobs; set it before the command under test.
        specs: What was asked for, in order.
        media: What Probe answers, by path.
        estimate: What EstimateJob answers.
        sheets: The sheets that were asked for, in order.
        sentence_model: What compares texts; none is here where empty.
        created: Set once a job exists.
    """

    def __init__(self, home: Home, *, version: str | None = None, token: str = "secret") -> None:
        self.script = Script()
        self.specs: list[job_pb2.JobSpec] = []
        self.media: dict[str, media_pb2.MediaInfo] = {}
        self.models: tuple[model_pb2.Model, ...] = ()
        self.open_models: tuple[model_pb2.OpenModel, ...] = ()
        self.store_requests: list[object] = []  # what was asked of the store
        self.store_answers: tuple[object, ...] = ()  # what its streams answer
        self.store_fault: Fault | None = None  # what they end with
        self.estimate = job_pb2.EstimateJobResponse()
        self.sheets: list[media_pb2.DrawSheetRequest] = []
        self.sentence_model = ""
        self.created = threading.Event()
        self.token = token
        self.address = ""
        self._home = home
        self._version = version or own_version()
        self._entries: dict[str, _Entry] = {}
        self._ids: dict[str, str] = {}  # of jobs, by request_id
        self._changed = threading.Condition()
        self._server: grpc.Server | None = None

    def __enter__(self) -> Self:
        server = grpc.server(ThreadPoolExecutor(8), interceptors=[_TokenCheck(self.token)])
        job_pb2_grpc.add_JobServiceServicer_to_server(self, server)
        media_pb2_grpc.add_MediaServiceServicer_to_server(self, server)
        model_pb2_grpc.add_ModelServiceServicer_to_server(self, server)
        servicer = health.HealthServicer()
        servicer.set("", health_pb2.HealthCheckResponse.SERVING)
        health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
        self.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
        server.start()
        self._server = server
        self._home.folder.mkdir(parents=True, exist_ok=True)
        self._home.endpoint_path.write_text(json.dumps(self._endpoint()), "utf-8")
        return self

    def __exit__(self, *_: object) -> None:
        named = read_endpoint(self._home.endpoint_path)
        if named is not None and named.address == self.address:
            self._home.endpoint_path.unlink()
        assert self._server is not None
        self.release()
        self._server.stop(grace=0).wait()

    def release(self) -> None:
        """Let every job that is held go on to its end."""
        with self._changed:
            for entry in self._entries.values():
                self._end(entry)

    def states(self) -> list[job_pb2.JobState]:
        """Where every job stands, oldest first."""
        return [entry.job.state for entry in self._entries.values()]

    def _endpoint(self) -> dict[str, str | int]:
        return {
            "address": self.address,
            "token": self.token,
            "pid": _NO_PROCESS,
            "version": self._version,
        }

    def CreateJob(
        self, request: job_pb2.CreateJobRequest, context: grpc.ServicerContext
    ) -> job_pb2.CreateJobResponse:
        """A job that runs by the script, or the one that this request_id has made."""
        self._refuse(context)
        with self._changed:
            known = self._ids.get(request.request_id)
            if known is None:
                known = self._create(request)
        self.created.set()
        return job_pb2.CreateJobResponse(job=self._entries[known].job)

    def _create(self, request: job_pb2.CreateJobRequest) -> str:
        job_id = f"j{len(self._entries) + 1}"
        job = job_pb2.Job(id=job_id, spec=request.spec, state=job_pb2.JOB_STATE_QUEUED, attempt=1)
        job.create_time.GetCurrentTime()
        entry = _Entry(job, self.script)
        entry.changes.append(_copy(job))
        job.state = job_pb2.JOB_STATE_RUNNING
        for progress in self.script.progress:
            job.progress.CopyFrom(progress)
            entry.changes.append(_copy(job))
        self._entries[job_id] = entry
        self._ids[request.request_id] = job_id
        self.specs.append(_copy(request.spec))
        if not self.script.holds:
            self._end(entry)
        return job_id

    def _end(self, entry: _Entry, state: job_pb2.JobState | None = None) -> None:
        """End a job as its script says, or in `state`; the caller holds the condition."""
        job, script = entry.job, entry.script
        if job.state in _ENDED:
            return
        failure = script.fail(job.spec) if script.fail else script.failure
        if state is not None:
            job.state = state
        elif failure is not None:
            job.state = job_pb2.JOB_STATE_FAILED
            job.error.CopyFrom(failure.status())
        else:
            job.state = job_pb2.JOB_STATE_SUCCEEDED
            job.takes.extend(script.make(job.spec) if script.make else script.takes)
        entry.changes.append(_copy(job))
        self._changed.notify_all()

    def WatchJob(
        self, request: job_pb2.WatchJobRequest, context: grpc.ServicerContext
    ) -> Iterator[job_pb2.WatchJobResponse]:
        """Every change of the job so far and to come."""
        entry = self._find(request.id, context)
        told = 0
        while context.is_active():
            with self._changed:
                if len(entry.changes) == told:
                    self._changed.wait(timeout=0.2)
                news = entry.changes[told:]
            for job in news:
                yield job_pb2.WatchJobResponse(job=job)
                if job.state in _ENDED:
                    return
            told += len(news)

    def GetJob(
        self, request: job_pb2.GetJobRequest, context: grpc.ServicerContext
    ) -> job_pb2.GetJobResponse:
        """The job."""
        return job_pb2.GetJobResponse(job=self._find(request.id, context).job)

    def ListJobs(
        self, request: job_pb2.ListJobsRequest, context: grpc.ServicerContext
    ) -> job_pb2.ListJobsResponse:
        """Every job, newest first, two to a page so that pages are tried."""
        jobs = [entry.job for entry in reversed(self._entries.values())]
        start = int(request.page_token or 0)
        more = str(start + 2) if len(jobs) > start + 2 else ""
        return job_pb2.ListJobsResponse(jobs=jobs[start : start + 2], next_page_token=more)

    def CancelJob(
        self, request: job_pb2.CancelJobRequest, context: grpc.ServicerContext
    ) -> job_pb2.CancelJobResponse:
        """The job, ended."""
        entry = self._find(request.id, context)
        with self._changed:
            self._end(entry, job_pb2.JOB_STATE_CANCELLED)
        return job_pb2.CancelJobResponse(job=entry.job)

    def EstimateJob(
        self, request: job_pb2.EstimateJobRequest, context: grpc.ServicerContext
    ) -> job_pb2.EstimateJobResponse:
        """The scripted estimate."""
        self._refuse(context)
        if self.script.estimate_refusal is not None:
            _abort(context, self.script.estimate_refusal)
        self.specs.append(_copy(request.spec))
        return self.estimate

    def Probe(
        self, request: media_pb2.ProbeRequest, context: grpc.ServicerContext
    ) -> media_pb2.ProbeResponse:
        """The scripted media, or that there is none."""
        self._refuse(context)
        media = self.media.get(request.path)
        if media is None:
            sentence = f"There is no file {request.path}."
            _abort(context, Fault(sentence, "MISSING_INPUT", code_pb2.NOT_FOUND))
        return media_pb2.ProbeResponse(media=media)

    def DrawSheet(
        self, request: media_pb2.DrawSheetRequest, context: grpc.ServicerContext
    ) -> media_pb2.DrawSheetResponse:
        """A stand-in for a PNG."""
        self._refuse(context)
        self.sheets.append(_copy(request))
        return media_pb2.DrawSheetResponse(png=b"a sheet")

    def CompareTexts(
        self, request: model_pb2.CompareTextsRequest, context: grpc.ServicerContext
    ) -> model_pb2.CompareTextsResponse:
        """Everything is alike to `sentence_model`; where none is named, no encoder is here."""
        if not self.sentence_model:
            return model_pb2.CompareTextsResponse()
        row = model_pb2.TextLikeness(scores=[1.0] * len(request.texts))
        rows = [row for _ in request.wishes]
        return model_pb2.CompareTextsResponse(model=self.sentence_model, likeness=rows)

    def ListModels(
        self, request: model_pb2.ListModelsRequest, context: grpc.ServicerContext
    ) -> model_pb2.ListModelsResponse:
        """The scripted models."""
        return model_pb2.ListModelsResponse(models=self.models)

    def ListOpenModels(
        self, request: model_pb2.ListOpenModelsRequest, context: grpc.ServicerContext
    ) -> model_pb2.ListOpenModelsResponse:
        """The scripted open-weights models."""
        named = [one for one in self.open_models if request.name in ("", one.name)]
        if request.name and not named:
            _abort(context, Fault("There is no such model.", "WRONG_CALL", 3))
        return model_pb2.ListOpenModelsResponse(models=named)

    def InstallModel(self, request: object, context: grpc.ServicerContext) -> Iterator[object]:
        """The scripted answers."""
        self.store_requests.append(request)
        yield from self.store_answers
        if self.store_fault is not None:
            _abort(context, self.store_fault)

    ImportModels = VerifyModels = InstallModel

    def RemoveModel(self, request: object, context: grpc.ServicerContext) -> object:
        """The first scripted answer."""
        self.store_requests.append(request)
        return self.store_answers[0]

    def _find(self, job_id: str, context: grpc.ServicerContext) -> _Entry:
        entry = self._entries.get(job_id)
        if entry is None:
            fault = Fault(f"There is no job {job_id}.", "UNKNOWN_JOB", code_pb2.NOT_FOUND)
            _abort(context, fault)
        assert entry is not None
        return entry

    def _refuse(self, context: grpc.ServicerContext) -> None:
        if self.script.refusal is not None:
            _abort(context, self.script.refusal)


class _TokenCheck(grpc.ServerInterceptor):
    """Refuses calls without the token, as the engine does."""

    def __init__(self, token: str) -> None:
        self._expected = ("authorization", f"Bearer {token}")

    def intercept_service(self, continuation, handler_call_details):
        """The handler, or one that refuses."""
        if self._expected in handler_call_details.invocation_metadata:
            return continuation(handler_call_details)

        def refuse(request: object, context: grpc.ServicerContext) -> None:
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "Show the token.")

        return grpc.unary_unary_rpc_method_handler(refuse)


def example_take(path: Path, *, head: int = 0, source: int = 183, tail: int = 60) -> job_pb2.Take:
    """A whole clip of `source` frames with `head` and `tail` made ones, as the engine says it."""
    spans = [(0, head)] * bool(head) + [(head + source, tail)] * bool(tail)
    frames = [head] * bool(head) + [head + source] * bool(tail)
    return job_pb2.Take(
        media_path=str(path),
        start_frame=-head,
        duration_frames=head + source + tail,
        rate=media_pb2.Rational(numerator=30000, denominator=1001),
        made_ranges=[
            media_pb2.FrameRange(start_frame=start, duration_frames=duration)
            for start, duration in spans
        ],
        model="motion",
        score=job_pb2.Score(
            confidence=0.75, psnr_db=31.5, freeze_psnr_db=27.0, ssim=0.9, liveliness=0.95
        ),
        seams=[
            job_pb2.SeamReport(
                frame=frame,
                color_jump=1.1,
                sharpness_ratio=0.97,
                noise_ratio=1.02,
                motion_ratio=0.9,
            )
            for frame in frames
        ],
        seconds=2.5,
        notes=["A note for the editor."],
    )


def _abort(context: grpc.ServicerContext, fault: Fault) -> None:
    context.abort_with_status(rpc_status.to_status(fault.status()))


def _copy(message):
    copy = type(message)()
    copy.CopyFrom(message)
    return copy
