"""One clip made slower, or converted to another frame rate."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from fractions import Fraction

from longtake_engine.cancel import CancelToken
from longtake_engine.errors import BadInput, WrongCall
from longtake_engine.media.info import MediaInfo
from longtake_engine.media.probe import probe
from longtake_engine.media.sound_reader import SoundReader
from longtake_engine.media.still import encode_jpeg
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.media.writer import MediaWriter, check_output
from longtake_engine.models.between import quickest_fusion
from longtake_engine.rate import convert_timecode
from longtake_engine.tasks.ahead import work_ahead
from longtake_engine.tasks.backtest import HELD
from longtake_engine.tasks.finishing import finish
from longtake_engine.tasks.interpolate.choice import BETWEEN
from longtake_engine.tasks.interpolate.frames import Frame, Retiming
from longtake_engine.tasks.interpolate.note import clip_notes
from longtake_engine.tasks.interpolate.refining import choose_refiner
from longtake_engine.tasks.interpolate.sound import ClipSound
from longtake_engine.tasks.interpolate.sureness import Sureness
from longtake_engine.tasks.interpolate.survey import AROUND, Found, distinct_pictures
from longtake_engine.tasks.interpolate.timing import Course, plan_course
from longtake_engine.tasks.interpolate.trial import try_clip
from longtake_engine.tasks.shown import shown_frames
from longtake_engine.work import FrameRange, Interpolate, Progress, Spec, Take

PREVIEW_S = 0.5  # between two preview pictures
HELD_FRAMES = 240  # looked at for held pictures
MOST_RUNS = 10_000  # of made frames that are told one by one


@dataclass(frozen=True, slots=True)
class Clip:
    """The clip to go through, and how."""

    info: MediaInfo
    shown: range  # frames of the file that are slowed down or converted
    reader: VideoReader  # of these and of some around them
    course: Course  # counted in what the reader reads


def open_clip(spec: Spec) -> Clip:
    """The clip that `spec` speaks of, checked against how it is to be written.

    Raises:
        EngineError: It cannot be read or gone through as asked, or not be written so.
    """
    work = spec.work
    assert isinstance(work, Interpolate) and len(work.input_paths) == 1
    if spec.model not in ("auto", BETWEEN):
        raise WrongCall(
            f'No model "{spec.model}" can slow down or convert a clip here; there are: auto,'
            f" {BETWEEN}."
        )
    info = probe(work.input_paths[0], spec.sequence_rate)
    shown = shown_frames(info, work.input_ranges[0] if work.input_ranges else None)
    around = range(max(shown.start - AROUND, 0), min(shown.stop + AROUND, info.video.frame_count))
    reader = VideoReader(info, deinterlace=spec.deinterlace, shown=around)
    check_output(spec.output.path, spec.output.codec, reader.format, info)
    course = plan_course(work, reader.rate, len(shown), shown.start - around.start)
    if reader.frame_count < 2:
        raise BadInput(
            "The clip has 1 frame, and nothing lies between it and another; hold the still in your"
            " editor."
        )
    if work.frame_rate == reader.rate and not _holds_pictures(spec, info, around):
        raise WrongCall(
            f"The clip already runs at {float(reader.rate):.6g} fps, each frame a picture of its"
            " own; give another --rate, or --factor for slow motion."
        )
    return Clip(info, shown, reader, course)


def _holds_pictures(spec: Spec, info: MediaInfo, around: range) -> bool:
    """Whether amid the clip pictures are held, so that motion can be smoothed at its own rate."""
    start = around.start + max(0, len(around) - HELD_FRAMES) // 2
    shown = range(start, min(start + HELD_FRAMES, around.stop))
    reader = VideoReader(info, deinterlace=spec.deinterlace, shown=shown)
    found = Found()
    for _ in distinct_pictures(reader, Fraction(1), found):
        pass
    return found.copies > 0


def retime(spec: Spec, *, job_id: str, cancel: CancelToken) -> Iterator[Progress | Take]:
    """The work done: progress by frame, then the take, once its file is whole.

    Raises:
        EngineError: As each sentence says. Nothing is left on disk then.
    """
    yield Progress("reading")
    clip = open_clip(spec)
    work = spec.work
    assert isinstance(work, Interpolate)
    yield Progress("measuring")
    trial = try_clip(clip.reader, work.quality, cancel)
    refining = choose_refiner(clip.reader, work.quality, spec.model, cancel)
    began = time.monotonic()
    fusion = quickest_fusion(next(iter(clip.reader.frames(0, 1))))
    retiming = Retiming(clip.reader, clip.course, work.quality, fusion, refining)
    written = _Written()
    with ExitStack() as stack:
        streams = range(0 if spec.output.no_audio else len(clip.info.audio_streams))
        sounds = [
            ClipSound(stack.enter_context(SoundReader(clip.info, n, shown=clip.shown)), clip.course)
            for n in streams
        ]
        writer = stack.enter_context(_open_writer(spec, clip, sounds, job_id))
        ahead = work_ahead(retiming.frames(cancel), cancel.check)
        frames = stack.enter_context(closing(ahead))
        yield from _write(writer, frames, sounds, written, clip.course.frame_count)
        count = clip.course.frame_count
        yield from finish((writer,), count, count, cancel)
    yield Take(
        media_path=spec.output.path,
        start_frame=clip.shown.start,
        duration_frames=clip.course.frame_count,
        rate=clip.course.rate,
        made_ranges=written.ranges,
        model=BETWEEN,
        score=trial.score_of(written.sureness.mean) if written.ranges else HELD,
        seams=(),
        seconds=time.monotonic() - began,
        notes=clip_notes(clip.info, retiming, trial),
    )


class _Written:
    """What has been written: which frames were made, and how sure they were."""

    def __init__(self) -> None:
        self.sureness = Sureness()
        self._runs: list[FrameRange] = []
        self._count = 0

    def see(self, frame: Frame) -> None:
        """The next frame."""
        if frame.made:
            if frame.sureness is not None:
                self.sureness.add(frame.sureness)
            last = self._runs[-1] if self._runs else None
            if last and last.start_frame + last.duration_frames == self._count:
                self._runs[-1] = FrameRange(last.start_frame, last.duration_frames + 1)
            else:
                self._runs.append(FrameRange(self._count, 1))
        self._count += 1

    @property
    def ranges(self) -> tuple[FrameRange, ...]:
        """The runs of made frames; where they are too many to tell, one from the first to the
        last."""
        runs = self._runs
        if len(runs) <= MOST_RUNS:
            return tuple(runs)
        start = runs[0].start_frame
        return (FrameRange(start, runs[-1].start_frame + runs[-1].duration_frames - start),)


def _open_writer(spec: Spec, clip: Clip, sounds: list[ClipSound], job_id: str) -> MediaWriter:
    return MediaWriter(
        spec.output.path,
        job_id=job_id,
        source=_at_rate(clip.info, clip.course.rate),
        format=clip.reader.format,
        rate=clip.course.rate,
        codec=spec.output.codec,
        start_frame=round(clip.shown.start * clip.course.rate / clip.reader.rate),
        sound=tuple(sound.format for sound in sounds),
    )


def _at_rate(info: MediaInfo, rate: Fraction) -> MediaInfo:
    """`info` with its start timecode as one of `rate`."""
    video = info.video
    if not video.start_timecode or video.rate == rate:
        return info
    timecode = convert_timecode(video.start_timecode, video.rate, rate)
    return replace(
        info, video_streams=(replace(video, start_timecode=timecode), *info.video_streams[1:])
    )


def _write(
    writer: MediaWriter,
    frames: Iterator[Frame],
    sounds: list[ClipSound],
    written: _Written,
    total: int,
) -> Iterator[Progress]:
    """Progress after each frame written, and the sound under it."""
    shown_at = 0.0
    for number, frame in enumerate(frames, 1):
        writer.write_picture(frame.picture)
        written.see(frame)
        for stream, sound in enumerate(sounds):
            for block in sound.up_to(number):
                writer.write_sound(stream, block)
        preview = b""
        if frame.made and time.monotonic() - shown_at > PREVIEW_S:
            preview = encode_jpeg(frame.picture)
            shown_at = time.monotonic()
        yield Progress(f"making ({BETWEEN})", number, total, preview_jpeg=preview)
