"""A shot made by a model: from words, from stills at their frames, or from a clip."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Known
from longtake_engine.errors import BadInput
from longtake_engine.media.info import MediaInfo
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.media.writer import MediaWriter
from longtake_engine.models.backend import VideoBackend
from longtake_engine.models.schedule import keep_windows, windows_folder
from longtake_engine.models.still.stillcamera import Framing, StillCamera
from longtake_engine.picture import Picture
from longtake_engine.tasks.backtest import UNKNOWN
from longtake_engine.tasks.cost import (
    BASE_MEMORY,
    WRITE_S_PER_PIXEL,
    disk_bytes,
    free_bytes,
    kept_bytes,
)
from longtake_engine.tasks.finishing import finish
from longtake_engine.tasks.generate.shape import Shape, shape_of
from longtake_engine.tasks.generate.still import Still, fit, probe_still, read_still, upright
from longtake_engine.tasks.generate.writing import open_writer, write
from longtake_engine.work import Estimate, FrameRange, Generate, Guidance, Progress, Spec, Take


def invent(
    spec: Spec, makers: Sequence[VideoBackend], *, job_id: str, cancel: CancelToken
) -> Iterator[Progress | Take]:
    """The work done by the first of `makers`, every take with a seed of its own.

    Raises:
        EngineError: As each sentence says. Nothing is left on disk then.
    """
    backend, ground = makers[0], _open(spec)
    shape, total = ground.shape, ground.shape.frame_count * max(1, spec.take_count)
    made: list[tuple[MediaWriter, Take]] = []
    with ExitStack() as stack:
        for number, path in enumerate(spec.take_paths):
            began = time.monotonic()
            guidance = _seeded(spec.guidance, number)
            folder = windows_folder(path, job_id)
            writer = stack.enter_context(open_writer(spec, shape, path, job_id))
            pictures = ground.pictures(backend, guidance, folder, cancel)
            done = number * shape.frame_count
            phase = f"making ({backend.info.name})"
            yield from write(writer, pictures, phase=phase, done=done, total=total, cancel=cancel)
            made.append((writer, _take(ground, backend, path, time.monotonic() - began)))
        yield from finish([writer for writer, _ in made], total, total, cancel)
    for _, take in made:
        yield take


def estimate_invention(spec: Spec, makers: Sequence[VideoBackend]) -> Estimate:
    """What the work would cost with the first of `makers`.

    Raises:
        EngineError: The work could not be done.
    """
    shape, backend, takes = _open(spec).shape, makers[0], max(1, spec.take_count)
    cost = backend.estimate(shape.format, shape.frame_count)
    pixels = shape.format.width * shape.format.height
    frames = shape.frame_count * takes
    return Estimate(
        model=backend.info.name,
        new_frames=shape.frame_count,
        total_frames=frames,
        seconds=cost.seconds * takes + frames * pixels * WRITE_S_PER_PIXEL + 1.0,
        memory_bytes=BASE_MEMORY + cost.memory_bytes + 24 * shape.format.size_bytes,
        disk_bytes=disk_bytes(spec.output.codec, pixels, frames)
        + kept_bytes(backend, shape.format, frames),
        disk_free_bytes=free_bytes(spec.output.path.parent),
    )


@dataclass(frozen=True, slots=True)
class _Ground:
    """What is known of a shot before a model makes it."""

    shape: Shape
    stills: tuple[Still, ...] = ()
    clip: MediaInfo | None = None
    deinterlace: bool = False  # the clip

    def pictures(
        self, backend: VideoBackend, guidance: Guidance, folder: Path, cancel: CancelToken
    ) -> Iterator[Picture]:
        """Every picture of the shot, in order: stills are shown as they are at their frames. What
        is made window by window is kept in `folder` meanwhile."""
        shape = self.shape
        if self.clip is not None:
            known = _ClipFrames(self.clip, shape, deinterlace=self.deinterlace)
            canvas = self._canvas(known, range(shape.frame_count))
            yield from _run(keep_windows(backend, folder / "0"), canvas, guidance, cancel)
            return
        stills = {frame: Known(_framed(still, shape)) for frame, still in self._placed().items()}
        due = 0
        for frame in (*stills, None):
            wanted = range(due, shape.frame_count if frame is None else frame)
            beside = {at: stills[at] for at in (due - 1, frame) if at is not None and at in stills}
            if wanted:
                kept = keep_windows(backend, folder / str(due))
                yield from _run(kept, self._canvas(beside, wanted), guidance, cancel)
            if frame is not None:
                yield stills[frame].picture
                due = frame + 1

    def _placed(self) -> dict[int, Still]:
        """The frame of each still: the first on the first, others evenly up to the last."""
        last, count = self.shape.frame_count - 1, len(self.stills)
        return {
            round(last * number / max(1, count - 1)): still
            for number, still in enumerate(self.stills)
        }

    def _canvas(self, known: Mapping[int, Known], wanted: range) -> Canvas:
        return Canvas(self.shape.format, self.shape.rate, known, wanted)


class _ClipFrames(Mapping[int, Known]):
    """A clip's frames at the rate and in the pictures of a shot, read as they are asked for."""

    def __init__(self, clip: MediaInfo, shape: Shape, *, deinterlace: bool) -> None:
        self._clip, self._shape = clip, shape
        self._reader = VideoReader(clip, deinterlace=deinterlace)
        self._run: Iterator[Picture] = iter(())
        self._at = -1  # frame of the clip that was read last
        self._last: Picture | None = None

    def __getitem__(self, frame: int) -> Known:
        if not 0 <= frame < self._shape.frame_count:
            raise KeyError(frame)
        own = min(int(frame * self._reader.rate / self._shape.rate), self._reader.frame_count - 1)
        if own < self._at or self._last is None:
            self._run, self._at = self._reader.frames(own), own - 1
        while self._at < own:
            self._last, self._at = next(self._run), self._at + 1
        assert self._last is not None
        return Known(_framed(upright(self._clip, self._last), self._shape))

    def __iter__(self) -> Iterator[int]:
        return iter(range(self._shape.frame_count))

    def __len__(self) -> int:
        return self._shape.frame_count


def _run(
    backend: VideoBackend, canvas: Canvas, guidance: Guidance, cancel: CancelToken
) -> Iterator[Picture]:
    """What the backend makes, held to what was asked for: every wanted frame once, in order."""
    made = backend.complete(canvas, guidance, cancel)
    for frame, completed in zip(canvas.wanted, made, strict=True):
        if completed.frame != frame or completed.picture.format != canvas.format:
            name = backend.info.name
            raise RuntimeError(f"backend {name} made frame {completed.frame}, not {frame}")
        yield completed.picture


def _framed(still: Still, shape: Shape) -> Picture:
    """All of a still that has room in the picture, from its middle."""
    picture = fit(still, shape, 1.0)
    return StillCamera(picture, shape.format, Framing(), Framing(), frame_count=1).shoot(0)


def _open(spec: Spec) -> _Ground:
    work = spec.work
    assert isinstance(work, Generate)
    if work.input_path is not None:
        clip = probe(work.input_path, spec.sequence_rate)
        shape = shape_of(spec, clip)
        video = clip.video
        if shape.frame_count / shape.rate > (video.frame_count + 1) / video.rate:
            raise BadInput(
                f"{work.input_path.name} lasts {float(video.frame_count / video.rate):.1f} s and"
                f" {float(shape.frame_count / shape.rate):.1f} s were asked for; ask for less, or"
                " leave --duration out."
            )
        VideoReader(clip, deinterlace=spec.deinterlace)  # refused before anything is made
        return _Ground(shape, clip=clip, deinterlace=spec.deinterlace)
    infos = [probe_still(path) for path in work.still_paths]
    shape = shape_of(spec, infos[0] if infos else None)
    return _Ground(shape, tuple(read_still(info) for info in infos))


def _seeded(guidance: Guidance, take: int) -> Guidance:
    return replace(guidance, seed=guidance.seed + take)


def _take(ground: _Ground, backend: VideoBackend, path: Path, seconds: float) -> Take:
    shape = ground.shape
    return Take(
        media_path=path,
        start_frame=0,
        duration_frames=shape.frame_count,
        rate=shape.rate,
        made_ranges=(FrameRange(0, shape.frame_count),),
        model=backend.info.name,
        score=UNKNOWN,
        seams=(),
        seconds=seconds,
        notes=shape.notes,
    )
