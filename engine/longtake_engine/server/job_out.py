"""Jobs as they go onto the wire: `jobs.job` and `work` to protobuf, exact."""

from google.protobuf import timestamp_pb2
from longtake.v1 import job_pb2

from longtake_engine.jobs.fault import to_error
from longtake_engine.jobs.job import Cancelled, Failed, Job, Queued, Running, State, Succeeded
from longtake_engine.server.error_map import to_status
from longtake_engine.server.work_out import (
    put_work,
    to_guidance_message,
    to_range_message,
    to_rational,
)
from longtake_engine.work import Estimate, Progress, Spec, Take


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
        measured=estimate.measured,
    )


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
        guidance=to_guidance_message(spec.guidance),
        model=spec.model,
        take_count=spec.take_count,
        deinterlace=spec.deinterlace,
    )
    if spec.sequence_rate is not None:
        message.sequence_rate.CopyFrom(to_rational(spec.sequence_rate))
    put_work(spec.work, message)
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
        made_ranges=[to_range_message(frames) for frames in take.made_ranges],
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
