"""The engine as Python calls: jobs, media and models over gRPC; errors are `BridgeError`s."""

import os
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Self, TypeVar

import grpc
from longtake.v1 import job_pb2, job_pb2_grpc, media_pb2, media_pb2_grpc, model_pb2, model_pb2_grpc

from longtake_bridge import daemon
from longtake_bridge.endpoint import (
    Endpoint,
    answers,
    check,
    credentials,
    named_endpoint,
    open_channel,
)
from longtake_bridge.errors import BridgeError
from longtake_bridge.home import Home, find_home
from longtake_bridge.rpc_error import from_rpc_error, from_status, is_lost

ENDED = frozenset(
    {job_pb2.JOB_STATE_SUCCEEDED, job_pb2.JOB_STATE_FAILED, job_pb2.JOB_STATE_CANCELLED}
)
UNENDED = frozenset({job_pb2.JOB_STATE_QUEUED, job_pb2.JOB_STATE_RUNNING})
_CALL_TIMEOUT_S = 300.0  # counting the frames of hours of film on a slow disk takes longest
_CANCEL_TIMEOUT_S = 10.0
_RETURN_TIMEOUT_S = 15.0  # for an engine that somebody else starts again
_MOST_LOSSES = 3

Response = TypeVar("Response")


class Engine:
    """A connection to one engine; a context manager. Not for use from several threads.

    Where the engine dies in the middle of a call it is started again and asked once more: every
    call here is harmless to repeat.
    """

    def __init__(self, endpoint: Endpoint, reopen: Callable[[], Endpoint]) -> None:
        self.endpoint = endpoint
        self._reopen_endpoint = reopen
        self._connect(endpoint)

    @classmethod
    def open(
        cls, connect: str | None = None, home: Home | None = None, *, any_version: bool = False
    ) -> Self:
        """The engine at the address `connect`, or else this machine's own, started if need be.

        One of another version is replaced when it has no work; `any_version` leaves it as it is.

        Raises:
            BridgeError: ENGINE_MISSING, ENGINE_DOWN, or WRONG_CALL for an address that is none.
        """
        if connect is not None:
            endpoint = named_endpoint(connect, os.environ.get("LONGTAKE_TOKEN", ""))
            check(endpoint)
            return cls(endpoint, lambda: _await_return(endpoint))
        where = home or find_home()

        def reopen() -> Endpoint:
            return daemon.find_or_start(where, is_idle=is_idle)

        found = daemon.find(where) if any_version else None
        return cls(found or reopen(), reopen)

    @classmethod
    def attach(cls, endpoint: Endpoint) -> Self:
        """The engine that serves there, never started again."""
        return cls(endpoint, lambda: endpoint)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the engine; what it is doing goes on."""
        self._channel.close()

    def create_job(self, spec: job_pb2.JobSpec, request_id: str | None = None) -> job_pb2.Job:
        """The job that does `spec`, queued now or found where it was asked for before."""
        request = job_pb2.CreateJobRequest(request_id=request_id or str(uuid.uuid4()), spec=spec)
        return self._call(lambda: self._jobs.CreateJob, request).job

    def get_job(self, job_id: str) -> job_pb2.Job:
        """The job as it stands."""
        return self._call(lambda: self._jobs.GetJob, job_pb2.GetJobRequest(id=job_id)).job

    def list_jobs(self) -> Iterator[job_pb2.Job]:
        """Every job the engine remembers, newest first."""
        token = ""
        while True:
            request = job_pb2.ListJobsRequest(page_size=100, page_token=token)
            response = self._call(lambda: self._jobs.ListJobs, request)
            yield from response.jobs
            token = response.next_page_token
            if not token:
                return

    def cancel_job(self, job_id: str) -> job_pb2.Job:
        """The job, ended."""
        request = job_pb2.CancelJobRequest(id=job_id)
        return self._call(lambda: self._jobs.CancelJob, request, _CANCEL_TIMEOUT_S).job

    def estimate(self, spec: job_pb2.JobSpec) -> job_pb2.EstimateJobResponse:
        """What `spec` would cost."""
        request = job_pb2.EstimateJobRequest(spec=spec)
        return self._call(lambda: self._jobs.EstimateJob, request)

    def probe(self, path: str, rate: media_pb2.Rational | None = None) -> media_pb2.MediaInfo:
        """What a media file on the engine's machine holds."""
        request = media_pb2.ProbeRequest(path=path, sequence_rate=rate)
        return self._call(lambda: self._media.Probe, request).media

    def draw_sheet(self, rows: Sequence[media_pb2.SheetRow]) -> bytes:
        """A PNG of frames of files on the engine's machine, a row a file."""
        request = media_pb2.DrawSheetRequest(rows=rows)
        return self._call(lambda: self._media.DrawSheet, request).png

    def expand_prompt(
        self, guidance: job_pb2.Guidance, *, shown: bool
    ) -> model_pb2.ExpandPromptResponse:
        """How the prompt of `guidance` would go to a model; `shown` where it goes on from pictures.

        Raises:
            BridgeError: The engine refused, or does not answer.
        """
        request = model_pb2.ExpandPromptRequest(guidance=guidance, shown=shown)
        return self._call(lambda: self._models.ExpandPrompt, request)

    def compare_texts(
        self, wishes: Sequence[str], texts: Sequence[str]
    ) -> model_pb2.CompareTextsResponse:
        """How alike each wish is to each text; of no model where no sentence encoder is there."""
        request = model_pb2.CompareTextsRequest(wishes=wishes, texts=texts)
        return self._call(lambda: self._models.CompareTexts, request)

    def models(self) -> tuple[model_pb2.Model, ...]:
        """Every backend that is installed, built-in ones first."""
        request = model_pb2.ListModelsRequest()
        return tuple(self._call(lambda: self._models.ListModels, request).models)

    def open_models(self, name: str = "") -> tuple[model_pb2.OpenModel, ...]:
        """The open-weights models that can be installed and what of them is here, or one of them.

        Raises:
            BridgeError: WRONG_CALL; there is none of this name.
        """
        request = model_pb2.ListOpenModelsRequest(name=name)
        return tuple(self._call(lambda: self._models.ListOpenModels, request).models)

    def install_model(
        self, request: model_pb2.InstallModelRequest
    ) -> Iterator[model_pb2.InstallModelResponse]:
        """Progress, then the model; closing this ends the download, which can go on later."""
        return self._stream(self._models.InstallModel, request)

    def import_models(
        self, request: model_pb2.ImportModelsRequest
    ) -> Iterator[model_pb2.ImportModelsResponse]:
        """Progress, and each model that is in use or cannot be."""
        return self._stream(self._models.ImportModels, request)

    def verify_models(self, name: str = "") -> Iterator[model_pb2.VerifyModelsResponse]:
        """Progress, and each model that was looked through: one of them, or all."""
        return self._stream(self._models.VerifyModels, model_pb2.VerifyModelsRequest(name=name))

    def remove_model(self, name: str, camera: int = 0) -> model_pb2.RemoveModelResponse:
        """What the removal of a model has freed, or of the one move of the camera beside it."""
        request = model_pb2.RemoveModelRequest(name=name, camera=camera)  # type: ignore[arg-type]
        return self._call(lambda: self._models.RemoveModel, request)

    def watch_job(self, job_id: str) -> Iterator[job_pb2.Job]:
        """The job at every change, until it has ended; goes on where the engine was restarted.

        Raises:
            BridgeError: UNKNOWN_JOB; or ENGINE_DOWN, after the engine was lost a third time.
        """
        losses = 0
        while True:
            call = self._jobs.WatchJob(
                job_pb2.WatchJobRequest(id=job_id), metadata=credentials(self.endpoint)
            )
            try:
                for response in call:
                    yield response.job
                    if response.job.state in ENDED:
                        return
            except grpc.RpcError as error:
                if not is_lost(error):
                    raise from_rpc_error(error) from error
            finally:
                call.cancel()
            losses += 1
            if losses == _MOST_LOSSES:
                raise BridgeError(
                    f"The engine went away {losses} times during job {job_id}; "
                    "run `longtake doctor`, then the same command again.",
                    "ENGINE_DOWN",
                )
            self._reopen()

    def run_job(
        self, spec: job_pb2.JobSpec, on_change: Callable[[job_pb2.Job], None]
    ) -> job_pb2.Job:
        """The job that did `spec`, once it has succeeded; `on_change` hears of every change.

        Ctrl-C (KeyboardInterrupt) cancels the job.

        Raises:
            BridgeError: The job failed, or was cancelled (CANCELLED).
        """
        request_id = str(uuid.uuid4())
        job = None
        try:
            job = created = self.create_job(spec, request_id)
            for job in self.watch_job(created.id):
                on_change(job)
        except KeyboardInterrupt:
            # Asking again by the same request_id finds the job whose name was still on its way.
            raise self._cancelled(job or self.create_job(spec, request_id)) from None
        if job.state == job_pb2.JOB_STATE_FAILED:
            raise from_status(job.error)
        if job.state == job_pb2.JOB_STATE_CANCELLED:
            raise BridgeError("The job was cancelled; nothing was written.", "CANCELLED")
        return job

    def _cancelled(self, job: job_pb2.Job) -> BridgeError:
        """Cancel `job` and say how that went."""
        try:
            ended = self.cancel_job(job.id)
        except BridgeError as error:
            return BridgeError(
                f"The engine did not confirm the end of job {job.id} ({error.sentence}); "
                f"see `longtake jobs`, and end it with `longtake cancel {job.id}`.",
                "CANCELLED",
            )
        if ended.state == job_pb2.JOB_STATE_SUCCEEDED:
            path = ended.takes[0].media_path
            return BridgeError(f"Too late to cancel: {path} is already whole.", "CANCELLED")
        return BridgeError("Cancelled; nothing was written.", "CANCELLED")

    def _call(
        self,
        method: Callable[[], Callable[..., Any]],
        request: Any,
        timeout_s: float = _CALL_TIMEOUT_S,
    ) -> Any:
        """The response; `method` is looked up anew after a reconnection."""
        try:
            return self._send(method(), request, timeout_s)
        except grpc.RpcError as error:
            if not is_lost(error):
                raise from_rpc_error(error) from error
        self._reopen()
        try:
            return self._send(method(), request, timeout_s)
        except grpc.RpcError as error:
            raise from_rpc_error(error) from error

    def _stream(self, method: Callable[..., Any], request: Any) -> Iterator[Any]:
        """The responses of a call that goes on; it ends where this is closed.

        Raises:
            BridgeError: What ended it.
        """
        call = method(request, metadata=credentials(self.endpoint))
        try:
            yield from call
        except grpc.RpcError as error:
            raise from_rpc_error(error) from error
        finally:
            call.cancel()

    def _send(self, method: Callable[..., Any], request: Any, timeout_s: float) -> Any:
        return method(request, timeout=timeout_s, metadata=credentials(self.endpoint))

    def _reopen(self) -> None:
        self._channel.close()
        self._connect(self._reopen_endpoint())

    def _connect(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._channel = open_channel(endpoint)
        self._jobs = job_pb2_grpc.JobServiceStub(self._channel)
        self._media = media_pb2_grpc.MediaServiceStub(self._channel)
        self._models = model_pb2_grpc.ModelServiceStub(self._channel)


def is_idle(endpoint: Endpoint) -> bool:
    """Whether the engine there has no work, so that it may be replaced by another version."""
    with Engine.attach(endpoint) as engine:
        try:
            return all(job.state in ENDED for job in engine.list_jobs())
        except BridgeError:
            return False


def _await_return(endpoint: Endpoint) -> Endpoint:
    """The same engine, once it answers again."""
    deadline = time.monotonic() + _RETURN_TIMEOUT_S
    while time.monotonic() < deadline:
        if answers(endpoint):
            return endpoint
        time.sleep(0.2)
    raise BridgeError(
        f"The engine at {endpoint.address} went away and did not come back; "
        "start it there and run the same command again.",
        "ENGINE_DOWN",
    )
