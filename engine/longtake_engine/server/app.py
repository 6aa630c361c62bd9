"""An engine, put together: store, queue, worker processes and the services before them."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from longtake.v1 import job_pb2, job_pb2_grpc, media_pb2, media_pb2_grpc, model_pb2, model_pb2_grpc

from longtake_engine.jobs.enquiry import EnquiryDesk
from longtake_engine.jobs.errand import ErrandDesk
from longtake_engine.jobs.ledger import Ledger
from longtake_engine.jobs.queue import JobQueue
from longtake_engine.jobs.store import JobStore
from longtake_engine.jobs.supervisor import Supervisor
from longtake_engine.jobs.watch import WatchBoard
from longtake_engine.roots import Roots
from longtake_engine.server.auth import require_token
from longtake_engine.server.error_map import mapped_errors
from longtake_engine.server.idle import Idleness
from longtake_engine.server.interceptor import AroundCalls
from longtake_engine.server.model_servicer import ModelServicer
from longtake_engine.server.servicers import JobServicer, MediaServicer
from longtake_engine.weights.store import ModelStore

# A watcher holds a thread for as long as it watches; there must be some left for the others.
_THREADS = 128
_MOST_WATCHERS = 96
_GRACE_S = 0.5  # for calls in flight when the engine goes down
_SERVICES = tuple(
    service.full_name
    for file in (job_pb2, media_pb2, model_pb2)
    for service in file.DESCRIPTOR.services_by_name.values()
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """What an engine is started with."""

    home: Path
    token: str
    roots: Roots
    tasks: str = "longtake_engine.tasks.run"  # the module that does jobs


class Engine:
    """One engine, serving from `serve` to `stop`."""

    def __init__(self, settings: Settings) -> None:
        """Opens the store of `settings.home`; nothing runs yet."""
        self.idleness = Idleness()
        self._store = JobStore(settings.home / "jobs.sqlite")
        self._board = WatchBoard(_MOST_WATCHERS)
        self._ledger = Ledger(self._store, self._board)
        self._supervisor = Supervisor(self._ledger, home=settings.home, tasks=settings.tasks)
        self._desk = EnquiryDesk(home=settings.home, tasks=settings.tasks)
        self._errands = ErrandDesk(home=settings.home)
        self._health = health.HealthServicer()
        self._server = grpc.server(
            ThreadPoolExecutor(_THREADS, thread_name_prefix="call"),
            interceptors=[
                AroundCalls([self.idleness.counted, mapped_errors, require_token(settings.token)])
            ],
            # Two engines must not share a port, as Linux would let them.
            options=[("grpc.so_reuseport", 0)],
        )
        models = ModelStore(settings.home)
        queue = JobQueue(
            self._ledger,
            self._supervisor,
            self._desk,
            roots=settings.roots,
            version=lambda: f"{version('longtake')} {models.stamp()}",
        )
        self._add_services(queue, models, settings.roots)

    @property
    def working(self) -> bool:
        """Whether a job waits or runs."""
        return bool(self._ledger.active())

    def serve(self, address: str) -> int:
        """The port of `address` (0 for a unix socket), which is served from now on."""
        port = self._server.add_insecure_port(address)
        self._supervisor.start()
        self._server.start()
        for service in ("", *_SERVICES):
            self._health.set(service, health_pb2.HealthCheckResponse.SERVING)
        return port

    def stop(self) -> None:
        """End every call and the workers, within about a second; jobs go on at the next start."""
        self._health.enter_graceful_shutdown()
        stopped = self._server.stop(_GRACE_S)
        self._board.close()
        self._desk.stop()
        self._errands.stop()
        self._supervisor.stop()
        stopped.wait()
        self._store.close()

    def _add_services(self, queue: JobQueue, store: ModelStore, roots: Roots) -> None:
        server = self._server
        job_pb2_grpc.add_JobServiceServicer_to_server(JobServicer(queue), server)
        media_pb2_grpc.add_MediaServiceServicer_to_server(MediaServicer(self._desk, roots), server)
        models = ModelServicer(self._desk, self._errands, store, roots)
        model_pb2_grpc.add_ModelServiceServicer_to_server(models, server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        names = (*_SERVICES, health.SERVICE_NAME, reflection.SERVICE_NAME)
        reflection.enable_server_reflection(names, server)
