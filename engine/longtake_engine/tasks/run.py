"""Any piece of work, done or reckoned."""

from collections.abc import Iterator

from longtake_engine.cancel import CancelToken
from longtake_engine.models.catalog import find_backends
from longtake_engine.tasks.animate import animate, estimate_animation
from longtake_engine.tasks.cost import (
    BASE_MEMORY,
    WRITE_S_PER_PIXEL,
    disk_bytes,
    free_bytes,
    kept_bytes,
)
from longtake_engine.tasks.draft import open_clip
from longtake_engine.tasks.extend import extend
from longtake_engine.tasks.generate import estimate_generation, generate
from longtake_engine.tasks.inpaint import estimate_inpainting, inpaint
from longtake_engine.tasks.interpolate import estimate_interpolation, interpolate
from longtake_engine.tasks.outpaint import estimate_outpainting, outpaint
from longtake_engine.tasks.side import plan_side
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
        case Extend() as work:
            return _estimate_extension(spec, work)
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


def _estimate_extension(spec: Spec, work: Extend) -> Estimate:
    clip = open_clip(spec)
    backend = find_backends(spec.model, "extend")[0]
    head = plan_side(clip.reader, backend, forward=False, new_frames=clip.head_frames)
    tail = plan_side(clip.reader, backend, forward=True, new_frames=clip.tail_frames)
    made = len(head.wanted) + len(tail.wanted)
    whole = work.contents == "whole"
    written = clip.head_frames + clip.tail_frames + clip.reader.frame_count if whole else made
    takes = max(1, spec.take_count)
    format = clip.reader.format
    pixels = format.width * format.height
    cost = backend.estimate(format, made)
    seconds = cost.seconds + written * pixels * WRITE_S_PER_PIXEL
    return Estimate(
        model=backend.info.name,
        new_frames=clip.head_frames + clip.tail_frames,
        total_frames=written * takes,
        seconds=seconds * takes + 1.0,
        memory_bytes=BASE_MEMORY + cost.memory_bytes + 24 * format.size_bytes,
        disk_bytes=disk_bytes(spec.output.codec, pixels, written * takes)
        + kept_bytes(backend, format, made * takes),
        disk_free_bytes=free_bytes(spec.output.path.parent),
    )
