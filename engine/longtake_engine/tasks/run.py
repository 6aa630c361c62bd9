"""Any piece of work, done or reckoned."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from longtake_engine.ability import check_possible
from longtake_engine.cancel import CancelToken
from longtake_engine.errors import WrongCall
from longtake_engine.models.catalog import find_backends
from longtake_engine.tasks.draft import open_clip
from longtake_engine.tasks.extend import extend
from longtake_engine.tasks.side import plan_side
from longtake_engine.work import Estimate, Progress, Spec, Take

BASE_MEMORY = 220_000_000  # bytes: Python with OpenCV and FFmpeg loaded
WRITE_S_PER_PIXEL = 3e-8  # reading, converting and encoding a frame to ProRes on two cores
BITS_PER_PIXEL = {"prores": 4.5, "dnxhr": 4.5, "ffv1": 9.0, "h264": 0.4, "source": 2.0}


def run(spec: Spec, *, job_id: str, cancel: CancelToken) -> Iterator[Progress | Take]:
    """The work done: progress as it goes, then every take, once all files are whole.

    Raises:
        EngineError: As each sentence says; nothing is left on disk then.
    """
    check_possible(spec)
    yield from extend(spec, job_id=job_id, cancel=cancel)


def estimate(spec: Spec) -> Estimate:
    """What the work would cost, for the backend that is offered first.

    Raises:
        EngineError: The work could not be done.
    """
    work = check_possible(spec)
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
        disk_bytes=int(written * takes * pixels * BITS_PER_PIXEL[spec.output.codec] / 8),
        disk_free_bytes=_free_bytes(spec.output.path.parent),
    )


def _free_bytes(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except (FileNotFoundError, NotADirectoryError) as error:
        raise WrongCall(f"The folder {folder} does not exist; make it, or name another.") from error
