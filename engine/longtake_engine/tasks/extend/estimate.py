"""What an extension would cost."""

from longtake_engine.models.catalog import find_backends
from longtake_engine.tasks.cost import (
    BASE_MEMORY,
    WRITE_S_PER_PIXEL,
    disk_bytes,
    free_bytes,
    kept_bytes,
)
from longtake_engine.tasks.extend.draft import open_clip
from longtake_engine.tasks.extend.side import plan_side
from longtake_engine.work import Estimate, Extend, Spec


def estimate_extension(spec: Spec) -> Estimate:
    """What it would cost, for the backend that is offered first.

    Raises:
        EngineError: It could not be done.
    """
    work = spec.work
    assert isinstance(work, Extend)
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
