"""Parts of a picture moved, done or reckoned."""

from collections.abc import Iterator
from contextlib import ExitStack

from msgspec.structs import replace

from longtake_engine.cancel import CancelToken
from longtake_engine.media.writer import MediaWriter
from longtake_engine.picture import Picture
from longtake_engine.tasks.animate.choice import fillers, model_name, take_count
from longtake_engine.tasks.animate.clip import ClipMotion
from longtake_engine.tasks.animate.flow import paint_strokes
from longtake_engine.tasks.animate.loop import way_back
from longtake_engine.tasks.animate.making import Target, as_take, write_take
from longtake_engine.tasks.animate.note import source_notes
from longtake_engine.tasks.animate.route import plan_route
from longtake_engine.tasks.animate.source import Source, open_source
from longtake_engine.tasks.animate.still import move_still
from longtake_engine.tasks.cost import BASE_MEMORY, WRITE_S_PER_PIXEL, disk_bytes, free_bytes
from longtake_engine.tasks.counting import counted
from longtake_engine.tasks.finishing import finish
from longtake_engine.tasks.soundtrack import source_tracks
from longtake_engine.work import Animate, Estimate, Progress, Spec, Take

# On two ordinary cores, a pixel of a frame: regions that flow, things that are laid.
FLOW_S_PER_PIXEL = 1.5e-7
LAY_S_PER_PIXEL = 1.5e-7
FOLLOW_S_PER_PIXEL = 1.5e-7
LOOK_S_PER_PIXEL = 4e-8
FILL_S = 8.0  # of one still
WORKED_ON = 40  # pictures' worth of memory that making one takes
PATHS_BYTES = 130_000_000  # that what flows keeps
HELD_PICTURES = 512 << 20  # bytes: what is kept of a clip that things are lifted out of


def animate(spec: Spec, *, job_id: str, cancel: CancelToken) -> Iterator[Progress | Take]:
    """The work done: progress by frame, then the takes, once all their files are whole.

    Raises:
        EngineError: As each sentence says. Nothing is left on disk then.
    """
    yield Progress("reading")
    model = model_name(spec)
    source = open_source(spec)
    count = take_count(spec, is_still=source.is_still)
    notes = source_notes(source, _work(spec), spec.guidance, spec.take_count)
    total = len(source.output) * count
    made: list[tuple[MediaWriter, Take]] = []
    with ExitStack() as stack:
        motion = None
        if not source.is_still:
            folder = spec.output.path.parent
            motion = ClipMotion(source, spec.guidance, _work(spec).loop, folder, stack)
            yield from motion.prepare(cancel)
            notes = (*notes, *dict.fromkeys(motion.notes))
        for number, path in enumerate(spec.take_paths[:count]):
            pictures = _pictures(spec, source, motion, number, cancel)
            tracks = source_tracks(
                source.info,
                source.rate,
                source.output,
                stack,
                silent=spec.output.no_audio or source.is_still,
            )
            writer = stack.enter_context(
                MediaWriter(
                    path,
                    job_id=job_id,
                    source=source.info,
                    format=source.reader.format,
                    rate=source.rate,
                    codec=spec.output.codec,
                    start_frame=source.output.start,
                    sound=tuple(track.format for track in tracks),
                )
            )
            target = Target(writer, tracks)
            progress = write_take(pictures, target, source.output.start, stack, cancel)
            seconds = yield from counted(progress, number * len(source.output), total)
            made.append((writer, as_take(source, path, model, seconds, notes)))
        yield from finish([writer for writer, _ in made], total, total, cancel)
    for _, take in made:
        yield take


def estimate_animation(spec: Spec) -> Estimate:
    """What the work would cost.

    Raises:
        EngineError: The work could not be done.
    """
    model = model_name(spec)
    source = open_source(spec)
    guidance, video, format = spec.guidance, source.info.video, source.reader.format
    paint_strokes(guidance.strokes, source.info)
    for path in guidance.box_paths:
        route = plan_route(path, video, source.output)
        way_back(route, video, source.output, _work(spec).loop and source.is_still)
    takes = take_count(spec, is_still=source.is_still)
    frames, pixels = len(source.output), format.width * format.height
    seconds, memory = (
        frames * pixels * WRITE_S_PER_PIXEL,
        BASE_MEMORY + WORKED_ON * format.size_bytes,
    )
    if guidance.strokes:
        seconds += frames * pixels * FLOW_S_PER_PIXEL
        memory += PATHS_BYTES
    if guidance.box_paths:
        seconds += frames * pixels * LAY_S_PER_PIXEL * len(guidance.box_paths)
        if source.is_still:
            seconds += FILL_S
        else:
            cost = fillers()[0].estimate(format, frames)
            seconds += cost.seconds
            memory += cost.memory_bytes + HELD_PICTURES
    seconds *= takes
    if not source.is_still:
        seconds += frames * pixels * LOOK_S_PER_PIXEL
        seconds += frames * pixels * FOLLOW_S_PER_PIXEL * len(guidance.box_paths)
    return Estimate(
        model=model,
        new_frames=frames,
        total_frames=frames * takes,
        seconds=seconds + 1.0,
        memory_bytes=memory,
        disk_bytes=disk_bytes(spec.output.codec, pixels, frames * takes),
        disk_free_bytes=free_bytes(spec.output.path.parent),
    )


def _pictures(
    spec: Spec, source: Source, motion: ClipMotion | None, number: int, cancel: CancelToken
) -> Iterator[Picture]:
    """The pictures of take number `number`, counted from 0."""
    guidance = spec.guidance
    if motion is not None:
        backend = fillers()[number] if guidance.box_paths else None
        return motion.frames(backend, cancel)
    return move_still(
        next(source.reader.frames()),
        source.info,
        replace(guidance, seed=guidance.seed + number),
        rate=source.rate,
        count=len(source.output),
        loop=_work(spec).loop,
        cancel=cancel,
    )


def _work(spec: Spec) -> Animate:
    assert isinstance(spec.work, Animate)
    return spec.work
