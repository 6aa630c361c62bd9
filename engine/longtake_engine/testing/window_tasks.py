"""Does all work by a stand-in of a limited window, for tests of the queue: the worker takes it with
--tasks. Each window that is made is noted beside the output, in NAME.log."""

from collections.abc import Iterator
from contextlib import ExitStack
from unittest import mock

from longtake_engine.cancel import CancelToken
from longtake_engine.models.schedule import Limits, Scheduled
from longtake_engine.tasks import run as real
from longtake_engine.tasks.extend import draft
from longtake_engine.tasks.inpaint import choice as inpaint_choice
from longtake_engine.tasks.interpolate import choice as gap_choice
from longtake_engine.testing.windows import Drift
from longtake_engine.work import Progress, Spec, Take

WINDOW = Limits(17, 4)


def run(spec: Spec, *, job_id: str, cancel: CancelToken) -> Iterator[Progress | Take]:
    """As `tasks.run.run`."""
    backend = Scheduled(Drift(WINDOW, log=spec.output.path.with_suffix(".log")))
    with ExitStack() as stack:
        for module in (draft, inpaint_choice):
            patch = mock.patch.object(module, "find_backends", return_value=(backend,))
            stack.enter_context(patch)
        stack.enter_context(mock.patch.object(gap_choice, "find_filler", return_value=backend))
        yield from real.run(spec, job_id=job_id, cancel=cancel)
