"""Frames between frames, done or reckoned."""

from collections.abc import Iterator

from longtake_engine.cancel import CancelToken
from longtake_engine.models.backend import VideoBackend
from longtake_engine.picture import PictureFormat
from longtake_engine.tasks.cost import (
    BASE_MEMORY,
    WRITE_S_PER_PIXEL,
    disk_bytes,
    free_bytes,
    kept_bytes,
)
from longtake_engine.tasks.interpolate.choice import BETWEEN, asked_join, find_filler
from longtake_engine.tasks.interpolate.clip import open_clip, retime
from longtake_engine.tasks.interpolate.gap import fill_gap
from longtake_engine.tasks.interpolate.shots import open_shots
from longtake_engine.work import Estimate, Interpolate, Progress, Spec, Take

# For each pixel of a frame that is made, measured at 1080p on two ordinary cores.
MAKE_S_PER_PIXEL = {"draft": 6e-8, "standard": 1.6e-7, "best": 4e-7}
MAKE_BYTES_PER_PIXEL = {"draft": 160, "standard": 210, "best": 560}
JOINS = 3  # ways of filling a gap


def interpolate(spec: Spec, *, job_id: str, cancel: CancelToken) -> Iterator[Progress | Take]:
    """The work done: progress by frame, then the takes, once all their files are whole.

    Raises:
        EngineError: As each sentence says. Nothing is left on disk then.
    """
    work = spec.work
    assert isinstance(work, Interpolate)
    if len(work.input_paths) == 2:
        yield from fill_gap(spec, job_id=job_id, cancel=cancel)
    else:
        yield from retime(spec, job_id=job_id, cancel=cancel)


def estimate_interpolation(spec: Spec) -> Estimate:
    """What the work would cost.

    Raises:
        EngineError: The work could not be done.
    """
    work = spec.work
    assert isinstance(work, Interpolate)
    takes = 1
    if len(work.input_paths) == 2:
        shots = open_shots(spec)
        asked_join(work.join, spec.model)
        takes = min(spec.take_count, JOINS)
        format, made = shots.format, shots.gap_frames
        filler = find_filler(work.join, spec.model)
        if filler is not None:
            return _estimate_filling(spec, filler, format, made)
        frames = made * takes
    else:
        clip = open_clip(spec)
        format, frames = clip.reader.format, clip.course.frame_count
        made = clip.course.made_frames
    pixels = format.width * format.height
    memory = 24 * format.size_bytes + pixels * MAKE_BYTES_PER_PIXEL[work.quality]
    seconds = made * takes * pixels * MAKE_S_PER_PIXEL[work.quality]
    seconds += frames * pixels * WRITE_S_PER_PIXEL
    return Estimate(
        model=BETWEEN if spec.model == "auto" else spec.model,
        new_frames=made,
        total_frames=frames,
        seconds=seconds + 2.0 * takes,
        memory_bytes=BASE_MEMORY + memory,
        disk_bytes=disk_bytes(spec.output.codec, pixels, frames),
        disk_free_bytes=free_bytes(spec.output.path.parent),
    )


def _estimate_filling(
    spec: Spec, filler: VideoBackend, format: PictureFormat, made: int
) -> Estimate:
    """What it costs to have a model make a gap's frames."""
    cost = filler.estimate(format, made)
    pixels = format.width * format.height
    return Estimate(
        model=filler.info.name,
        new_frames=made,
        total_frames=made,
        seconds=cost.seconds + made * pixels * WRITE_S_PER_PIXEL,
        memory_bytes=BASE_MEMORY + cost.memory_bytes,
        disk_bytes=disk_bytes(spec.output.codec, pixels, made) + kept_bytes(filler, format, made),
        disk_free_bytes=free_bytes(spec.output.path.parent),
    )
