"""Any piece of work, done or reckoned."""

from collections.abc import Iterator

from longtake_engine.cancel import CancelToken
from longtake_engine.tasks.animate import animate, estimate_animation
from longtake_engine.tasks.extend import estimate_extension, extend
from longtake_engine.tasks.generate import estimate_generation, generate
from longtake_engine.tasks.inpaint import estimate_inpainting, inpaint
from longtake_engine.tasks.interpolate import estimate_interpolation, interpolate
from longtake_engine.tasks.outpaint import estimate_outpainting, outpaint
from longtake_engine.tasks.wording import noted, word
from longtake_engine.work import (
    Animate,
    Estimate,
    Extend,
    Generate,
    Inpaint,
    Interpolate,
    Outpaint,
    Progress,
    Spec,
    Take,
)


def run(spec: Spec, *, job_id: str, cancel: CancelToken) -> Iterator[Progress | Take]:
    """The work done: progress as it goes, then every take, once all files are whole.

    Raises:
        EngineError: As each sentence says; nothing is left on disk then.
    """
    spec, notes = word(spec, cancel)
    yield from noted(_run(spec, job_id, cancel), spec.guidance, notes, cancel)


def _run(spec: Spec, job_id: str, cancel: CancelToken) -> Iterator[Progress | Take]:
    match spec.work:
        case Extend():
            yield from extend(spec, job_id=job_id, cancel=cancel)
        case Interpolate():
            yield from interpolate(spec, job_id=job_id, cancel=cancel)
        case Inpaint():
            yield from inpaint(spec, job_id=job_id, cancel=cancel)
        case Outpaint():
            yield from outpaint(spec, job_id=job_id, cancel=cancel)
        case Animate():
            yield from animate(spec, job_id=job_id, cancel=cancel)
        case Generate():
            yield from generate(spec, job_id=job_id, cancel=cancel)


def estimate(spec: Spec) -> Estimate:
    """What the work would cost, for the backend that is offered first.

    Raises:
        EngineError: The work could not be done.
    """
    match spec.work:
        case Extend():
            return estimate_extension(spec)
        case Interpolate():
            return estimate_interpolation(spec)
        case Inpaint():
            return estimate_inpainting(spec)
        case Outpaint():
            return estimate_outpainting(spec)
        case Animate():
            return estimate_animation(spec)
        case Generate():
            return estimate_generation(spec)
