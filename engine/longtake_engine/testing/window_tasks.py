"""Extends clips by a stand-in of a limited window, for tests of the queue: the worker takes it with
--tasks. Each window that is made is noted beside the output, in NAME.log."""

from collections.abc import Iterator
from unittest import mock

from longtake_engine.cancel import CancelToken
from longtake_engine.models.schedule import Limits, Scheduled
from longtake_engine.tasks import draft
from longtake_engine.tasks.extend import extend
from longtake_engine.testing.windows import Drift
from longtake_engine.work import Progress, Spec, Take

WINDOW = Limits(17, 4)


def run(spec: Spec, *, job_id: str, cancel: CancelToken) -> Iterator[Progress | Take]:
    """As `tasks.run.run`."""
    backend = Scheduled(Drift(WINDOW, log=spec.output.path.with_suffix(".log")))
    with mock.patch.object(draft, "find_backends", return_value=(backend,)):
        yield from extend(spec, job_id=job_id, cancel=cancel)
