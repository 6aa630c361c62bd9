"""A whole shot made, or reckoned."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from longtake_engine.cancel import CancelToken
from longtake_engine.errors import WrongCall
from longtake_engine.media.writer import MediaWriter
from longtake_engine.models.still import stillcamera
from longtake_engine.tasks.backtest import UNKNOWN
from longtake_engine.tasks.cost import BASE_MEMORY, WRITE_S_PER_PIXEL, disk_bytes, free_bytes
from longtake_engine.tasks.finishing import finish
from longtake_engine.tasks.generate.invention import estimate_invention, invent
from longtake_engine.tasks.generate.maker import find_makers
from longtake_engine.tasks.generate.note import still_notes
from longtake_engine.tasks.generate.rostrum import Scene, plan_scenes, shoot
from longtake_engine.tasks.generate.series import estimate_series, is_series, make_series
from longtake_engine.tasks.generate.shape import Shape, shape_of
from longtake_engine.tasks.generate.still import Still, probe_still, read_matte, read_still
from longtake_engine.tasks.generate.writing import open_writer, write
from longtake_engine.work import Estimate, FrameRange, Generate, Progress, Spec, Take

SHOOT_S_PER_PIXEL = 6e-8


def generate(spec: Spec, *, job_id: str, cancel: CancelToken) -> Iterator[Progress | Take]:
    """The work done: progress by frame, then the takes, once all their files are whole.

    Raises:
        EngineError: As each sentence says. Nothing is left on disk then.
    """
    yield Progress("reading")
    makers = find_makers(spec)
    if is_series(spec):
        yield from make_series(spec, makers, job_id=job_id, cancel=cancel)
        return
    if makers:
        yield from invent(spec, makers, job_id=job_id, cancel=cancel)
        return
    shot = _open(spec)
    takes = max(1, spec.take_count)
    total = takes * shot.shape.frame_count
    made: list[tuple[MediaWriter, Take]] = []
    with ExitStack() as stack:
        for number, path in enumerate(spec.take_paths):
            began = time.monotonic()
            scenes = shot.scenes(spec, number)
            writer = stack.enter_context(open_writer(spec, shot.shape, path, job_id))
            pictures = shoot(scenes, shot.shape, spec.guidance, cancel)
            done = number * shot.shape.frame_count
            yield from write(
                writer, pictures, phase="moving the camera", done=done, total=total, cancel=cancel
            )
            made.append((writer, _take(spec, shot.shape, scenes, path, time.monotonic() - began)))
        yield from finish([writer for writer, _ in made], total, total, cancel)
    for _, take in made:
        yield take


def estimate_generation(spec: Spec) -> Estimate:
    """What the work would cost.

    Raises:
        EngineError: The work could not be done.
    """
    makers = find_makers(spec)
    if is_series(spec):
        return estimate_series(spec, makers)
    if makers:
        return estimate_invention(spec, makers)
    shot = _open(spec)
    shape, takes = shot.shape, max(1, spec.take_count)
    pixels = shape.format.width * shape.format.height
    frames = shape.frame_count * takes
    held = sum(still.picture.format.size_bytes for still in shot.stills)
    return Estimate(
        model=stillcamera.INFO.name,
        new_frames=shape.frame_count,
        total_frames=frames,
        seconds=frames * pixels * (SHOOT_S_PER_PIXEL + WRITE_S_PER_PIXEL) + 1.0,
        memory_bytes=BASE_MEMORY + held + 40 * shape.format.size_bytes,
        disk_bytes=disk_bytes(spec.output.codec, pixels, frames),
        disk_free_bytes=free_bytes(spec.output.path.parent),
    )


@dataclass(frozen=True, slots=True)
class _Shot:
    stills: tuple[Still, ...]
    shape: Shape

    def scenes(self, spec: Spec, take: int) -> tuple[Scene, ...]:
        """What becomes of each still in take number `take`: each take has a seed of its own."""
        return plan_scenes(self.stills, self.shape, spec.guidance, spec.guidance.seed + take)


def _open(spec: Spec) -> _Shot:
    work = spec.work
    assert isinstance(work, Generate)
    infos = [probe_still(path) for path in work.still_paths]
    matte = read_matte(work.matte_path, infos[0]) if work.matte_path is not None else None
    stills = tuple(read_still(info, matte) for info in infos)
    shape = shape_of(spec, infos[0], with_alpha=all(still.is_cutout for still in stills))
    if shape.frame_count < len(stills):
        raise WrongCall(
            f"{len(stills)} stills do not fit into {shape.frame_count} frames; ask for a longer"
            " --duration, or give fewer."
        )
    return _Shot(stills, shape)


def _take(spec: Spec, shape: Shape, scenes: Sequence[Scene], path: Path, seconds: float) -> Take:
    return Take(
        media_path=path,
        start_frame=0,
        duration_frames=shape.frame_count,
        rate=shape.rate,
        made_ranges=(FrameRange(0, shape.frame_count),),
        model=stillcamera.INFO.name,
        score=UNKNOWN,
        seams=(),
        seconds=seconds,
        notes=still_notes(scenes, shape, prompt=spec.guidance.prompt),
    )
