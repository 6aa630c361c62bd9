"""What a file holds."""

from array import array
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
import av.container
import av.stream
from av.audio.stream import AudioStream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from longtake_engine.errors import BadInput
from longtake_engine.media.color import color_from_numbers
from longtake_engine.media.info import AudioInfo, MediaInfo, Scan, Timing, VideoInfo
from longtake_engine.media.opening import check_readable, open_media
from longtake_engine.media.pixel import describe
from longtake_engine.media.sequence import DEFAULT_RATE, find_images
from longtake_engine.media.timing import measure

_FIELD_ORDERS: dict[int, Scan] = {
    1: "progressive",
    2: "top_first",
    3: "bottom_first",
    4: "bottom_first",  # coded top first, shown bottom first
    5: "top_first",
}
_LOOKED_AT = 4  # decoded pictures of each stream; enough to meet one that is marked as interlaced


def probe(path: Path, sequence_rate: Fraction | None = None) -> MediaInfo:
    """What `path` holds: a media file, a still, a folder of images or a pattern such as shot.%04d.png.

    Frame counts come from the packets; only a few pictures are decoded.

    Raises:
        MissingInput: It is not there or may not be read.
        BadInput: It holds nothing that FFmpeg can read.
    """
    path = Path(path)
    images = find_images(path)
    if images is not None:
        return _probe_images(path, images, sequence_rate or DEFAULT_RATE)
    packets = _scan_packets(path)
    with open_media(path) as container:
        videos = tuple(
            _describe_video(path, stream, packets[stream.index])
            for stream in container.streams.video
            if stream.index in packets
        )
        start = videos[0].timing.first_pts * videos[0].timing.time_base if videos else Fraction(0)
        if not videos and not container.streams.audio:
            raise BadInput(f"{path.name} holds neither picture nor sound; give a video clip.")
        return MediaInfo(
            path.absolute(),
            container.format.name,
            path.stat().st_size,
            videos,
            tuple(_describe_audio(s, start) for s in container.streams.audio),
            _notes(container, videos),
        )


def _probe_images(path: Path, images: tuple[Path, ...], rate: Fraction) -> MediaInfo:
    with open_media(images[0]) as container:
        if not container.streams.video:
            raise BadInput(f"{images[0].name} holds no picture; replace it.")
        stream = container.streams.video[0]
        one = _Packets(array("q", [0]), 0, True)
        still = _describe_video(images[0], stream, one)
    for image in images[1:]:
        check_readable(image)
    timing = Timing("counted", rate, 0, 1 / rate)
    video = replace(still, rate=rate, frame_count=len(images), timing=timing)
    size = sum(image.stat().st_size for image in images)
    return MediaInfo(path.absolute(), "image2", size, (video,), ())


@dataclass(slots=True)
class _Packets:
    """The packets of one stream that make pictures."""

    stamps: array
    last_duration: int = 0
    stamped: bool = True  # every packet has a presentation time of its own


def _scan_packets(path: Path) -> dict[int, _Packets]:
    """The packets of every video stream that is not a cover picture, by the stream's index."""
    with open_media(path) as container:
        streams = [s for s in container.streams.video if not _is_cover(s)]
        found = {s.index: _Packets(array("q")) for s in streams}
        latest: dict[int, int] = {}
        if not streams:
            return {}
        try:
            for packet in container.demux(streams):
                if packet.size == 0 or packet.is_discard:
                    continue
                packets = found[packet.stream_index]
                stamp = packet.pts if packet.pts is not None else packet.dts
                packets.stamped &= packet.pts is not None
                packets.stamps.append(stamp or 0)
                if stamp is not None and stamp >= latest.get(packet.stream_index, stamp):
                    latest[packet.stream_index] = stamp
                    packets.last_duration = packet.duration or 0
        except av.FFmpegError as error:
            raise BadInput(f"{path.name} cannot be read to its end; copy it again.") from error
    return found


def _is_cover(stream: av.stream.Stream) -> bool:
    cover = av.stream.Disposition.attached_pic | av.stream.Disposition.timed_thumbnails
    return bool(stream.disposition & cover)


def _describe_video(path: Path, stream: VideoStream, packets: _Packets) -> VideoInfo:
    frames = _decode_first(path, stream)
    frame = frames[0]
    context = stream.codec_context
    color = color_from_numbers(
        frame.color_range or context.color_range,
        frame.colorspace,
        frame.color_primaries,
        frame.color_trc,
    )
    format = describe(frame.format.name, frame.width, frame.height, color)
    if frame.format.name.startswith("yuvj"):
        color = replace(color, range="pc")
    if format.family == "rgb":
        color = replace(color, matrix="rgb")
    elif color.matrix == "rgb":
        color = replace(color, matrix="")
    time_base = stream.time_base or Fraction(1, 1000)
    stated = (stream.average_rate, stream.guessed_rate, stream.base_rate)
    measured = measure(packets.stamps, packets.last_duration, time_base, stated)
    return VideoInfo(
        index=stream.index,
        codec=context.codec.canonical_name,
        profile=context.profile or "",
        pixel_format=frame.format.name,
        width=frame.width,
        height=frame.height,
        pixel_aspect=stream.sample_aspect_ratio or Fraction(1),
        rotation_degrees=round(frame.rotation / 90) * 90 % 360,
        rate=measured.timing.rate,
        variable_rate=measured.variable_rate,
        frame_count=measured.frame_count,
        start_timecode=_timecode(stream),
        bit_depth=format.bit_depth,
        has_alpha=format.has_alpha,
        color=color,
        scan=_scan_type(context.field_order, frames),
        timing=measured.timing,
    )


def _decode_first(path: Path, stream: VideoStream) -> list[VideoFrame]:
    container = stream.container
    assert isinstance(container, av.container.InputContainer)
    frames: list[VideoFrame] = []
    for packet in container.demux(stream):
        try:
            frames += packet.decode()
        except av.FFmpegError:
            continue  # a damaged first picture; the next may do
        if len(frames) >= _LOOKED_AT:
            break
    if not frames:
        raise BadInput(f"The pictures of {path.name} cannot be decoded; copy the file again.")
    container.seek(0)
    return frames


def _scan_type(field_order: int, frames: list[VideoFrame]) -> Scan:
    stated = _FIELD_ORDERS.get(field_order, "")
    if stated in ("", "progressive") and any(frame.interlaced_frame for frame in frames):
        return "top_first"  # PyAV does not say which field leads; nearly all marked so late do so
    return stated


def _timecode(stream: VideoStream) -> str:
    container = stream.container
    places = [stream.metadata, container.metadata]
    places += [other.metadata for other in container.streams.data]
    for metadata in places:
        for key, value in metadata.items():
            if key.lower() == "timecode":
                return value.strip()
    return ""


def _describe_audio(stream: AudioStream, video_start: Fraction) -> AudioInfo:
    context = stream.codec_context
    base = stream.time_base or Fraction(1, context.sample_rate or 1)
    start = (stream.start_time or 0) * base
    container = stream.container
    assert isinstance(container, av.container.InputContainer)
    duration = (
        float(stream.duration * base)
        if stream.duration is not None
        else (container.duration or 0) / 1_000_000
    )
    bits = 24 if "s24" in context.name else context.format.bits
    return AudioInfo(
        stream.index,
        context.codec.canonical_name,
        context.format.name,
        bits,
        context.sample_rate,
        context.layout.name,
        context.layout.nb_channels,
        float(start - video_start),
        duration,
    )


def _notes(
    container: av.container.InputContainer, videos: tuple[VideoInfo, ...]
) -> tuple[str, ...]:
    notes = []
    if len(videos) > 1:
        notes.append(f"Of {len(videos)} video streams only the first is carried on.")
    if container.streams.subtitles:
        notes.append("Subtitles are not carried on.")
    return tuple(notes)
