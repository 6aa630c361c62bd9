"""Several shots of one subject, made together by a model whose attention can be reached."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from typing import cast

from msgspec.structs import replace

from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
from longtake_engine.errors import WrongCall
from longtake_engine.media.writer import MediaWriter
from longtake_engine.models.backend import SeriesBackend, VideoBackend
from longtake_engine.picture import Picture
from longtake_engine.rate import count_frames
from longtake_engine.tasks.backtest import UNKNOWN
from longtake_engine.tasks.cost import BASE_MEMORY, WRITE_S_PER_PIXEL, disk_bytes, free_bytes
from longtake_engine.tasks.finishing import finish
from longtake_engine.tasks.generate.shape import Shape, shape_of
from longtake_engine.tasks.generate.writing import open_writer, write
from longtake_engine.work import Estimate, FrameRange, Generate, Guidance, Progress, Spec, Take


def is_series(spec: Spec) -> bool:
    """Whether several shots of one subject are asked for."""
    return isinstance(spec.work, Generate) and bool(spec.work.shots)


def make_series(
    spec: Spec, makers: Sequence[VideoBackend], *, job_id: str, cancel: CancelToken
) -> Iterator[Progress | Take]:
    """The shots made by the first of `makers`, each a take, in their order.

    Raises:
        EngineError: As each sentence says. Nothing is left on disk then.
    """
    backend, series = cast(SeriesBackend, makers[0]), _plan(spec)
    made: list[tuple[MediaWriter, Take]] = []
    began, done, total = time.monotonic(), 0, sum(series.counts)
    phase = f"making ({backend.info.name})"
    yield Progress(phase, 0, total)
    runs = backend.complete_together(series.canvas, series.guidances, series.subject, cancel)
    with ExitStack() as stack:
        for path, count, run in zip(spec.take_paths, series.counts, runs, strict=True):
            writer = stack.enter_context(open_writer(spec, series.shape, path, job_id))
            pictures = _pictures(run, count)
            yield from write(writer, pictures, phase=phase, done=done, total=total, cancel=cancel)
            done += count
            take = Take(
                media_path=path,
                start_frame=0,
                duration_frames=count,
                rate=series.shape.rate,
                made_ranges=(FrameRange(0, count),),
                model=backend.info.name,
                score=UNKNOWN,
                seams=(),
                seconds=time.monotonic() - began,
                notes=(*series.shape.notes, series.note),
            )
            made.append((writer, take))
        yield from finish([writer for writer, _ in made], total, total, cancel)
    for _, take in made:
        yield take


def estimate_series(spec: Spec, makers: Sequence[VideoBackend]) -> Estimate:
    """What the shots would cost together.

    Raises:
        EngineError: The work could not be done.
    """
    backend, series = makers[0], _plan(spec)
    form, frames = series.shape.format, sum(series.counts)
    cost = backend.estimate(form, len(series.canvas.wanted))
    pixels = form.width * form.height
    return Estimate(
        model=backend.info.name,
        new_frames=max(series.counts),
        total_frames=frames,
        seconds=cost.seconds * len(series.counts) + frames * pixels * WRITE_S_PER_PIXEL + 1.0,
        memory_bytes=BASE_MEMORY + cost.memory_bytes + 24 * form.size_bytes,
        disk_bytes=disk_bytes(spec.output.codec, pixels, frames),
        disk_free_bytes=free_bytes(spec.output.path.parent),
    )


@dataclass(frozen=True, slots=True)
class _Series:
    shape: Shape
    counts: tuple[int, ...]  # frames of each shot
    guidances: tuple[Guidance, ...]  # of each shot
    subject: str

    @property
    def canvas(self) -> Canvas:
        """As long as the longest shot: all are made of one length, and cut to their own."""
        return Canvas(self.shape.format, self.shape.rate, {}, range(max(self.counts)))

    @property
    def note(self) -> str:
        """What an editor should know of each shot."""
        return (
            f"{len(self.counts)} shots were made together, so that “{self.subject}” looks the same"
            " in them."
        )


def _plan(spec: Spec) -> _Series:
    work, guidance = spec.work, spec.guidance
    assert isinstance(work, Generate)
    shape = shape_of(spec, None)
    durations = [shot.duration for shot in work.shots]
    counts = [
        shape.frame_count if one is None else count_frames(one, shape.rate) for one in durations
    ]
    prompts = (guidance.prompt, *(shot.prompt for shot in work.shots))
    for prompt in prompts:
        check_subject(prompt, work.subject)
    guidances = tuple(
        replace(guidance, prompt=prompt, seed=guidance.seed + number)
        for number, prompt in enumerate(prompts)
    )
    return _Series(shape, (shape.frame_count, *counts), guidances, work.subject)


def check_subject(prompt: str, subject: str) -> None:
    """Nothing, where the prompt of a shot names what it shares with others.

    Raises:
        WrongCall: It does not.
    """
    if not says_subject(prompt, subject):
        raise WrongCall(
            f'Every shot has to name what they share: "{subject}" is not in "{prompt}".'
        )


def says_subject(prompt: str, subject: str) -> bool:
    """Whether the words of `subject` stand in `prompt`, side by side and in any case."""
    return " ".join(subject.split()).lower() in " ".join(prompt.split()).lower()


def _pictures(run: Iterator[Completed], count: int) -> Iterator[Picture]:
    return (completed.picture for completed in islice(run, count))
