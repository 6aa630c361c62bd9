"""What a worker found out, as it goes onto the wire: `jobs.answer` to protobuf."""

from longtake.v1 import media_pb2, model_pb2

from longtake_engine.ability import ModelInfo, Task
from longtake_engine.jobs.answer import FoundAudio, FoundMedia, FoundVideo
from longtake_engine.server.job_out import to_rational

_SCANS = {
    "": media_pb2.SCAN_TYPE_UNSPECIFIED,
    "progressive": media_pb2.SCAN_TYPE_PROGRESSIVE,
    "top_first": media_pb2.SCAN_TYPE_TOP_FIELD_FIRST,
    "bottom_first": media_pb2.SCAN_TYPE_BOTTOM_FIELD_FIRST,
}
TASKS: dict[Task, model_pb2.Task] = {
    "extend": model_pb2.TASK_EXTEND,
    "interpolate": model_pb2.TASK_INTERPOLATE,
    "inpaint": model_pb2.TASK_INPAINT,
    "outpaint": model_pb2.TASK_OUTPAINT,
    "animate": model_pb2.TASK_ANIMATE,
    "generate": model_pb2.TASK_GENERATE,
}


def to_media(media: FoundMedia) -> media_pb2.MediaInfo:
    """What a file holds, as a message."""
    return media_pb2.MediaInfo(
        path=media.path,
        container=media.container,
        size_bytes=media.size_bytes,
        video_streams=map(_to_video, media.video_streams),
        audio_streams=map(_to_audio, media.audio_streams),
        notes=media.notes,
    )


def to_model(model: ModelInfo) -> model_pb2.Model:
    """A backend, as a message."""
    return model_pb2.Model(
        name=model.name,
        description=model.description,
        built_in=model.built_in,
        tasks=[TASKS[task] for task in model.tasks],
        takes_prompt=model.takes_prompt,
        min_known_frames=model.min_known_frames,
        max_new_frames=model.max_new_frames,
        remakes_known_frames=model.remakes_known_frames,
        license=model.license,
    )


def _to_video(stream: FoundVideo) -> media_pb2.VideoStream:
    return media_pb2.VideoStream(
        index=stream.index,
        codec=stream.codec,
        pixel_format=stream.pixel_format,
        width=stream.width,
        height=stream.height,
        pixel_aspect=to_rational(stream.pixel_aspect),
        rotation_degrees=stream.rotation_degrees,
        frame_rate=to_rational(stream.rate),
        variable_frame_rate=stream.variable_rate,
        frame_count=stream.frame_count,
        start_timecode=stream.start_timecode,
        bit_depth=stream.bit_depth,
        has_alpha=stream.has_alpha,
        color=media_pb2.ColorDescription(
            range=stream.color.range,
            matrix=stream.color.matrix,
            primaries=stream.color.primaries,
            transfer=stream.color.transfer,
        ),
        scan_type=_SCANS[stream.scan],
    )


def _to_audio(stream: FoundAudio) -> media_pb2.AudioStream:
    return media_pb2.AudioStream(
        index=stream.index,
        codec=stream.codec,
        sample_format=stream.sample_format,
        sample_rate=stream.sample_rate,
        channel_layout=stream.layout,
        channel_count=stream.channel_count,
        start_s=stream.start_s,
        duration_s=stream.duration_s,
    )
