import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from longtake.v1 import (
    job_pb2,
    job_pb2_grpc,
    media_pb2,
    media_pb2_grpc,
    model_pb2_grpc,
)
from longtake_engine.roots import Roots
from longtake_engine.server.app import Engine, Settings
from longtake_engine.server.endpoint import Endpoint, SocketPlace, read_endpoint

TASKS = "longtake_engine.testing.tasks"
DEADLINE_S = 30.0
_OF_EXTEND = set(job_pb2.ExtendSpec.DESCRIPTOR.fields_by_name)


class Caller:
    """The services of one engine, each call with the token and a deadline."""

    def __init__(self, address: str, token: str) -> None:
        self.channel = grpc.insecure_channel(address)
        self.metadata = (("authorization", f"Bearer {token}"),)
        self.jobs = job_pb2_grpc.JobServiceStub(self.channel)
        self.media = media_pb2_grpc.MediaServiceStub(self.channel)
        self.models = model_pb2_grpc.ModelServiceStub(self.channel)

    def call(self, method: Any, request: Any) -> Any:
        return method(request, metadata=self.metadata, timeout=DEADLINE_S)

    def create(self, spec: job_pb2.JobSpec, request_id: str = "") -> job_pb2.Job:
        request = job_pb2.CreateJobRequest(spec=spec, request_id=request_id)
        return self.call(self.jobs.CreateJob, request).job

    def get(self, job: job_pb2.Job) -> job_pb2.Job:
        return self.call(self.jobs.GetJob, job_pb2.GetJobRequest(id=job.id)).job

    def cancel(self, job: job_pb2.Job) -> job_pb2.Job:
        return self.call(self.jobs.CancelJob, job_pb2.CancelJobRequest(id=job.id)).job

    def watch(self, job: job_pb2.Job) -> Iterator[job_pb2.Job]:
        for answer in self.call(self.jobs.WatchJob, job_pb2.WatchJobRequest(id=job.id)):
            yield answer.job

    def end(self, job: job_pb2.Job) -> job_pb2.Job:
        return list(self.watch(job))[-1]

    def running_at(self, job: job_pb2.Job, done: int) -> job_pb2.Job:
        for now in self.watch(job):
            if now.progress.done_frames == done:
                return now
        raise AssertionError("it ended before")


@dataclass(frozen=True)
class Refusal:
    code: grpc.StatusCode
    reason: str
    domain: str
    sentence: str


@pytest.fixture
def refusal() -> Callable[..., Refusal]:
    """Makes a call that must fail and gives what the wire says of it."""

    def call(method: Callable[..., Any], *arguments: Any) -> Refusal:
        with pytest.raises(grpc.RpcError) as caught:
            list(method(*arguments)) if method.__name__ == "watch" else method(*arguments)
        error: Any = caught.value
        status = rpc_status.from_call(error)
        assert status is not None, error
        info = error_details_pb2.ErrorInfo()
        [detail] = status.details
        assert detail.Unpack(info)
        return Refusal(error.code(), info.reason, info.domain, error.details())

    return call


@pytest.fixture
def make_spec(tmp_path: Path) -> Callable[..., job_pb2.JobSpec]:
    """Work that does steps (see `longtake_engine.testing.tasks`) and writes NAME.mov."""

    def make(*steps: str, name: str = "clip") -> job_pb2.JobSpec:
        script = tmp_path / f"{name}.txt"
        script.write_text("\n".join(steps))
        tail = media_pb2.Duration(frames=48)
        return job_pb2.JobSpec(
            extend=job_pb2.ExtendSpec(input_path=str(script), tail=tail),
            output=job_pb2.OutputSpec(path=str(tmp_path / f"{name}.mov")),
        )

    return make


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    return home


@pytest.fixture
def engine(home: Path) -> Iterator[tuple[Engine, str]]:
    """An engine in this process, and its address."""
    engine = Engine(Settings(home=home, token="secret", roots=Roots(), tasks=TASKS))
    place = SocketPlace(home)
    engine.serve(f"unix:{place.path}")
    yield engine, f"unix:{place.path}"
    engine.stop()
    place.remove()


@pytest.fixture
def caller(engine: tuple[Engine, str]) -> Iterator[Caller]:
    caller = Caller(engine[1], "secret")
    yield caller
    caller.channel.close()


@dataclass
class Daemon:
    """A daemon in a process of its own."""

    process: subprocess.Popen[str]
    home: Path
    endpoint: Endpoint
    caller: Caller


@pytest.fixture
def start_daemon(home: Path) -> Iterator[Callable[..., Daemon]]:
    """Starts daemons; all are ended with the test."""
    with contextlib.ExitStack() as stack:

        def start(*options: str, home: Path = home, tasks: str = TASKS) -> Daemon:
            process = run_daemon(home, "--tasks", tasks, *options)
            stack.callback(_end, process)
            endpoint = _wait_for_endpoint(process, home)
            caller = Caller(endpoint.address, endpoint.token)
            stack.callback(caller.channel.close)
            return Daemon(process, home, endpoint, caller)

        yield start


def run_daemon(home: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "longtake_engine.server", "--home", str(home), *options]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture
def start_and_wait() -> Callable[..., tuple[int, str]]:
    """Runs a daemon that is to end by itself: its exit status and what it said."""

    def run(home: Path, *options: str) -> tuple[int, str]:
        process = run_daemon(home, *options)
        try:
            said, _ = process.communicate(timeout=DEADLINE_S)
        finally:
            _end(process)
        return process.returncode, said

    return run


def _wait_for_endpoint(process: subprocess.Popen[str], home: Path) -> Endpoint:
    deadline_s = time.monotonic() + DEADLINE_S
    while True:
        endpoint = read_endpoint(home)
        if endpoint is not None and endpoint.pid == process.pid:
            return endpoint
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline_s, "the daemon did not come up in time"
        time.sleep(0.01)


def _end(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.fixture
def endpoint_of() -> Callable[[Path], dict[str, object]]:
    return lambda home: json.loads((home / "endpoint.json").read_text())


@pytest.fixture
def job_with() -> Callable[..., job_pb2.JobSpec]:
    """An extension that can be made, but for these fields of it or of the job; None is left out."""

    def change(**fields: Any) -> job_pb2.JobSpec:
        whole = {"input_path": "/a.mov", "tail": media_pb2.Duration(frames=48)}
        of_it = {name: value for name, value in fields.items() if name in _OF_EXTEND}
        job = job_pb2.JobSpec(
            extend=job_pb2.ExtendSpec(**(whole | of_it)),
            output=job_pb2.OutputSpec(path="/out.mov"),
        )
        for name in set(fields) - set(of_it):
            job.ClearField(name)
            job.MergeFrom(job_pb2.JobSpec(**{name: fields[name]}))
        return job

    return change
