"""Jobs as they go onto the wire: `jobs.job` and `work` to protobuf, exact."""

from fractions import Fraction

from google.protobuf import timestamp_pb2
from longtake.v1 import job_pb2, media_pb2

from longtake_engine.jobs.fault import to_error
from longtake_engine.jobs.job import Cancelled, Failed, Job, Queued, Running, State, Succeeded
from longtake_engine.server.error_map import to_status
from longtake_engine.work import (
    Estimate,
    Extend,
    FrameRange,
    Generate,
    Inpaint,
    Interpolate,
    Length,
    Progress,
    Spec,
    Take,
)


def to_job(job: Job, *, preview: bool = True) -> job_pb2.Job:
    """The job as a message; without its preview picture where many go into one message."""
    message = job_pb2.Job(
        id=job.id,
        spec=to_spec_message(job.spec),
        state=_to_state(job.state),
        create_time=_to_time(job.create_time),
        progress=_to_progress(job.progress, preview=preview),
        attempt=job.attempt,
    )
    if job.start_time is not None:
        message.start_time.CopyFrom(_to_time(job.start_time))
    match job.state:
        case Succeeded(takes=takes):
            message.takes.extend(map(_to_take, takes))
        case Failed(fault=fault):
            message.error.CopyFrom(to_status(to_error(fault)))
        case _:
            pass
    if not isinstance(job.state, Queued | Running):
        message.end_time.CopyFrom(_to_time(job.state.end_time))
    return message


def to_estimate(estimate: Estimate) -> job_pb2.EstimateJobResponse:
    """The estimate as a message."""
    return job_pb2.EstimateJobResponse(
        model=estimate.model,
        new_frames=estimate.new_frames,
        total_frames=estimate.total_frames,
        seconds=estimate.seconds,
        memory_bytes=estimate.memory_bytes,
        disk_bytes=estimate.disk_bytes,
        disk_free_bytes=estimate.disk_free_bytes,
    )


def to_rational(value: Fraction) -> media_pb2.Rational:
    """The fraction as a message."""
    return media_pb2.Rational(numerator=value.numerator, denominator=value.denominator)


def to_spec_message(spec: Spec) -> job_pb2.JobSpec:
    """The work as a message."""
    message = job_pb2.JobSpec(
        output=job_pb2.OutputSpec(
            path=str(spec.output.path),
            codec=spec.output.codec,
            no_audio=spec.output.no_audio,
            replace_existing=spec.output.replace_existing,
            music=spec.output.music,
        ),
        guidance=job_pb2.Guidance(
            prompt=spec.guidance.prompt,
            negative_prompt=spec.guidance.negative_prompt,
            seed=spec.guidance.seed,
            reference_paths=map(str, spec.guidance.reference_paths),
            strength=spec.guidance.strength,
        ),
        model=spec.model,
        take_count=spec.take_count,
        deinterlace=spec.deinterlace,
    )
    if spec.sequence_rate is not None:
        message.sequence_rate.CopyFrom(to_rational(spec.sequence_rate))
    match spec.work:
        case Extend():
            message.extend.CopyFrom(_to_extend(spec.work))
        case Interpolate():
            message.interpolate.CopyFrom(_to_interpolate(spec.work))
        case Inpaint():
            message.inpaint.CopyFrom(_to_inpaint(spec.work))
        case Generate():
            message.generate.CopyFrom(_to_generate(spec.work))
    return message


def _to_state(state: State) -> job_pb2.JobState:
    match state:
        case Queued():
            return job_pb2.JOB_STATE_QUEUED
        case Running():
            return job_pb2.JOB_STATE_RUNNING
        case Succeeded():
            return job_pb2.JOB_STATE_SUCCEEDED
        case Failed():
            return job_pb2.JOB_STATE_FAILED
        case Cancelled():
            return job_pb2.JOB_STATE_CANCELLED


def _to_time(seconds: float) -> timestamp_pb2.Timestamp:
    message = timestamp_pb2.Timestamp()
    message.FromMicroseconds(round(seconds * 1_000_000))
    return message


def _to_progress(progress: Progress, *, preview: bool) -> job_pb2.Progress:
    return job_pb2.Progress(
        phase=progress.phase,
        done_frames=progress.done_frames,
        total_frames=progress.total_frames,
        remaining_s=progress.remaining_s,
        preview_jpeg=progress.preview_jpeg if preview else b"",
    )


def _to_take(take: Take) -> job_pb2.Take:
    return job_pb2.Take(
        media_path=str(take.media_path),
        start_frame=take.start_frame,
        duration_frames=take.duration_frames,
        rate=to_rational(take.rate),
        made_ranges=[_to_range(frames) for frames in take.made_ranges],
        model=take.model,
        score=job_pb2.Score(
            confidence=take.score.confidence,
            psnr_db=take.score.psnr_db,
            freeze_psnr_db=take.score.freeze_psnr_db,
            ssim=take.score.ssim,
            liveliness=take.score.liveliness,
        ),
        seams=[
            job_pb2.SeamReport(
                frame=seam.frame,
                color_jump=seam.color_jump,
                sharpness_ratio=seam.sharpness_ratio,
                noise_ratio=seam.noise_ratio,
                motion_ratio=seam.motion_ratio,
            )
            for seam in take.seams
        ],
        seconds=take.seconds,
        notes=take.notes,
        fillings=[
            job_pb2.Filling(
                start_frame=filling.start_frame,
                filled_share=filling.filled_share,
                seen_share=filling.seen_share,
            )
            for filling in take.fillings
        ],
        fillings_png=take.fillings_png,
    )


def _to_length(length: Length) -> media_pb2.Duration:
    if length.frames is not None:
        return media_pb2.Duration(frames=length.frames)
    if length.seconds is not None:
        return media_pb2.Duration(seconds=to_rational(length.seconds))
    return media_pb2.Duration(timecode=length.timecode or "")


def _to_extend(work: Extend) -> job_pb2.ExtendSpec:
    new_only = work.contents == "new_only"
    return job_pb2.ExtendSpec(
        input_path=str(work.input_path),
        head=None if work.head is None else _to_length(work.head),
        tail=None if work.tail is None else _to_length(work.tail),
        contents=job_pb2.CONTENTS_NEW_ONLY if new_only else job_pb2.CONTENTS_WHOLE,
    )


def _to_interpolate(work: Interpolate) -> job_pb2.InterpolateSpec:
    return job_pb2.InterpolateSpec(
        input_paths=map(str, work.input_paths),
        factor=None if work.factor is None else to_rational(work.factor),
        frame_rate=None if work.frame_rate is None else to_rational(work.frame_rate),
        duration=None if work.duration is None else _to_length(work.duration),
        input_ranges=[_to_range(frames) for frames in work.input_ranges],
        join=f"JOIN_{work.join.upper()}",
        quality=f"QUALITY_{work.quality.upper()}",
    )


def _to_inpaint(work: Inpaint) -> job_pb2.InpaintSpec:
    start, end, shown = work.between_start, work.between_end, work.output_range
    return job_pb2.InpaintSpec(
        input_path=str(work.input_path),
        mask_path="" if work.mask_path is None else str(work.mask_path),
        boxes=[
            job_pb2.Box(x=box.x, y=box.y, width=box.width, height=box.height, frame=box.frame)
            for box in work.boxes
        ],
        outpaint_size=None if work.outpaint_size is None else _to_size(work.outpaint_size),
        mask_hides=f"MASK_HIDES_{work.mask_hides.upper()}",
        mask_start_frame=work.mask_start_frame,
        points=[job_pb2.Point(x=point.x, y=point.y, frame=point.frame) for point in work.points],
        defects=[f"DEFECT_{defect.upper()}" for defect in work.defects],
        between_start=None if start is None else _to_length(start),
        between_end=None if end is None else _to_length(end),
        output_range=None if shown is None else _to_range(shown),
        matte_path="" if work.matte_path is None else str(work.matte_path),
        margin=work.margin,
    )


def _to_range(frames: FrameRange) -> media_pb2.FrameRange:
    return media_pb2.FrameRange(
        start_frame=frames.start_frame, duration_frames=frames.duration_frames
    )


def _to_generate(work: Generate) -> job_pb2.GenerateSpec:
    return job_pb2.GenerateSpec(
        duration=_to_length(work.duration),
        size=None if work.size is None else _to_size(work.size),
        frame_rate=None if work.frame_rate is None else to_rational(work.frame_rate),
        still_paths=map(str, work.still_paths),
    )


def _to_size(size: tuple[int, int]) -> job_pb2.PictureSize:
    width, height = size
    return job_pb2.PictureSize(width=width, height=height)
