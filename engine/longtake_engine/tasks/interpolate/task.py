"""Frames between frames, done or reckoned."""

from collections.abc import Iterator

from longtake_engine.cancel import CancelToken
from longtake_engine.errors import NotPossible
from longtake_engine.tasks.cost import BASE_MEMORY, WRITE_S_PER_PIXEL, disk_bytes, free_bytes
from longtake_engine.tasks.interpolate.choice import BETWEEN, check_model
from longtake_engine.tasks.interpolate.gap import fill_gap
from longtake_engine.tasks.interpolate.shots import open_shots
from longtake_engine.work import Estimate, Interpolate, Progress, Spec, Take

# Seconds and bytes for each pixel of a frame that is made, on two ordinary cores.
MAKE_S_PER_PIXEL = {"draft": 2.5e-7, "standard": 5e-7, "best": 1e-6}
MAKE_BYTES_PER_PIXEL = 120


def interpolate(spec: Spec, *, job_id: str, cancel: CancelToken) -> Iterator[Progress | Take]:
    """The work done: progress by frame, then the takes, once all their files are whole.

    Raises:
        EngineError: As each sentence says. Nothing is left on disk then.
    """
    work = spec.work
    assert isinstance(work, Interpolate)
    if len(work.input_paths) != 2:
        raise NotPossible("Slow motion of one clip is not built yet; give two shots and a gap.")
    yield from fill_gap(spec, job_id=job_id, cancel=cancel)


def estimate_interpolation(spec: Spec) -> Estimate:
    """What the work would cost.

    Raises:
        EngineError: The work could not be done.
    """
    work = spec.work
    assert isinstance(work, Interpolate)
    shots = open_shots(spec)
    check_model(spec.model)
    takes = max(1, spec.take_count)
    format = shots.format
    pixels = format.width * format.height
    frames = shots.gap_frames * takes
    seconds = frames * pixels * (MAKE_S_PER_PIXEL[work.quality] + WRITE_S_PER_PIXEL)
    return Estimate(
        model=BETWEEN if spec.model == "auto" else spec.model,
        new_frames=shots.gap_frames,
        total_frames=frames,
        seconds=seconds + 2.0 * takes,
        memory_bytes=BASE_MEMORY + 24 * format.size_bytes + pixels * MAKE_BYTES_PER_PIXEL,
        disk_bytes=disk_bytes(spec.output.codec, pixels, frames),
        disk_free_bytes=free_bytes(spec.output.path.parent),
    )
