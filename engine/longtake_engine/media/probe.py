"""What a file holds."""

from array import array
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from av.audio.codeccontext import AudioCodecContext
from av.audio.layout import AudioLayout
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from longtake_engine.errors import BadInput, WrongCall
from longtake_engine.media.color import color_from_numbers
from longtake_engine.media.info import AudioInfo, MediaInfo, Scan, Timing, VideoInfo
from longtake_engine.media.opening import check_readable, open_media
from longtake_engine.media.orientation import Orientation, orientation_of, side_data
from longtake_engine.media.pixel import describe, is_opaque
from longtake_engine.media.sequence import DEFAULT_RATE, find_images
from longtake_engine.media.stamps import Stamps, films, read_stamps
from longtake_engine.media.timing import Measured, measure
from longtake_engine.picture import Color
from longtake_engine.rate import timecode_to_frame

_FIELD_ORDERS: dict[int, Scan] = {
    1: "progressive",
    2: "top_first",
    3: "bottom_first",
    4: "bottom_first",  # coded top first, shown bottom first
    5: "top_first",
}
_LONGEST_S = 24 * 3600
_HDR_DATA = ("MASTERING_DISPLAY_METADATA", "CONTENT_LIGHT_LEVEL", "DOVI_METADATA")


def probe(path: Path, sequence_rate: Fraction | None = None) -> MediaInfo:
    """What `path` holds: a media file, a still, a folder of images or a pattern (shot.%04d.png).

    Frame counts come from the packets; only a few pictures are decoded, unless packets and pictures
    do not agree.

    Raises:
        MissingInput: It is not there or may not be read.
        BadInput: It holds nothing that FFmpeg can read, or is cut off.
        NotPossible: Its pictures are of a kind that cannot be worked on, such as floating point.
    """
    path = Path(path)
    images = find_images(path)
    if images is not None:
        return _probe_images(path, images, sequence_rate or DEFAULT_RATE)
    stamps = read_stamps(path)
    with open_media(path) as container:
        found = [
            _Found(path, s, stamps[s.index]).describe()
            for s in films(container)
            if s.index in stamps
        ]
        videos = tuple(video for video, _ in found)
        start = videos[0].timing.first_pts * videos[0].timing.time_base if videos else Fraction(0)
        sounds = tuple(
            _describe_audio(s, start)
            for s in container.streams.audio
            if s.codec_context is not None  # FFmpeg has a decoder for it
        )
        if not videos and not sounds:
            raise BadInput(f"{path.name} holds neither picture nor sound; give a video clip.")
        notes = (*_stream_notes(container, len(videos)), *(found[0][1] if found else ()))
        size = path.stat().st_size
        return MediaInfo(path.absolute(), container.format.name, size, videos, sounds, notes)


def _probe_images(path: Path, images: tuple[Path, ...], rate: Fraction) -> MediaInfo:
    stamps = next(iter(read_stamps(images[0]).values()), None)
    if stamps is None:
        raise BadInput(f"{images[0].name} holds no picture; replace it.")
    with open_media(images[0]) as container:
        still, notes = _Found(images[0], container.streams.video[0], stamps).describe()
    for image in images[1:]:
        check_readable(image)
    timing = Timing("counted", rate, 0, 1 / rate)
    video = replace(
        still, rate=rate, variable_rate=False, frame_count=len(images), timing=timing, scan=""
    )
    size = sum(image.stat().st_size for image in images)
    return MediaInfo(path.absolute(), "image2", size, (video,), (), notes)


@dataclass(frozen=True, slots=True)
class _Found:
    """A video stream with its stamps and first pictures, to be described."""

    path: Path
    stream: VideoStream
    stamps: Stamps

    def describe(self) -> tuple[VideoInfo, tuple[str, ...]]:
        """The stream's description and what of it cannot be carried on."""
        stream, frame = self.stream, self.stamps.first_frames[0]
        format = describe(frame.format.name, frame.width, frame.height, _color(stream, frame))
        if frame.format.name in ("pal8", "bgra") and format.has_alpha:
            opaque = all(is_opaque(f) for f in self.stamps.first_frames)
            format = replace(format, has_alpha=not opaque)
        measured = self._measure()
        orientation = orientation_of(frame)
        timecode, timecode_notes = _timecode(stream, measured.timing.rate)
        info = VideoInfo(
            index=stream.index,
            codec=stream.codec_context.codec.canonical_name,
            profile=stream.codec_context.profile or "",
            pixel_format=frame.format.name,
            width=frame.width,
            height=frame.height,
            pixel_aspect=stream.sample_aspect_ratio or Fraction(1),
            rotation_degrees=orientation.rotation_degrees,
            rate=measured.timing.rate,
            variable_rate=measured.variable_rate,
            frame_count=measured.frame_count,
            start_timecode=timecode,
            bit_depth=format.bit_depth,
            has_alpha=format.has_alpha,
            color=format.color,
            scan=_scan_type(stream.codec_context.field_order, self.stamps.first_frames),
            timing=measured.timing,
        )
        return info, (*_picture_notes(frame, orientation), *timecode_notes)

    def _measure(self) -> Measured:
        stream, stamps = self.stream, self.stamps
        stated = (stream.average_rate, stream.guessed_rate, stream.base_rate)
        base = stream.time_base or Fraction(1, 1000)
        if stamps.reliable:
            measured = measure(stamps.times, stamps.last_duration, base, stated)
            if measured.frame_count > _LONGEST_S * measured.timing.rate:
                raise BadInput(
                    f"The times in {self.path.name} make it longer than a day, so they must be"
                    " damaged; copy it again."
                )
            return measured
        # Without times there is only the rate that the file claims, and the order of the pictures.
        row = measure(array("q", [0]), 0, base, stated)
        timing = Timing("counted", row.timing.rate, 0, 1 / row.timing.rate)
        return Measured(timing, len(stamps.times), False)


def _color(stream: VideoStream, frame: VideoFrame) -> Color:
    # What the pictures leave open the container may say, and the context holds that before any
    # picture of it is decoded.
    context = stream.codec_context
    said, stated = (
        color_from_numbers(
            holder.color_range, holder.colorspace, holder.color_primaries, holder.color_trc
        )
        for holder in (frame, context)
    )
    color = Color(
        said.range or stated.range,
        said.matrix or stated.matrix,
        said.primaries or stated.primaries,
        said.transfer or stated.transfer,
    )
    if frame.format.name.startswith("yuvj"):
        color = replace(color, range="pc")
    if frame.format.is_rgb or frame.format.has_palette:
        return replace(color, matrix="rgb")
    return replace(color, matrix="") if color.matrix == "rgb" else color


def _scan_type(field_order: int, frames: list[VideoFrame]) -> Scan:
    stated = _FIELD_ORDERS.get(field_order, "")
    if stated in ("", "progressive") and any(frame.interlaced_frame for frame in frames):
        # PyAV does not say which field leads; where no header says it, it is nearly always the top.
        return "top_first"
    return stated


def _timecode(stream: VideoStream, rate: Fraction) -> tuple[str, tuple[str, ...]]:
    container = stream.container
    places = [stream.metadata, container.metadata]
    places += [other.metadata for other in container.streams.data]
    for metadata in places:
        for key, value in metadata.items():
            if key.lower() != "timecode":
                continue
            try:
                timecode_to_frame(value, rate)
            except WrongCall:
                return "", (f"The start timecode {value} does not fit the frame rate; left out.",)
            return value.strip(), ()
    return "", ()


def _layout(context: AudioCodecContext) -> str:
    layout = context.layout
    if not layout.name.endswith(" channels"):
        return layout.name
    # The file says only how many; FFmpeg's own tools take the usual layout of that number.
    try:
        return AudioLayout(f"{layout.nb_channels}c").name
    except ValueError:
        return layout.name


def _describe_audio(stream: AudioStream, video_start: Fraction) -> AudioInfo:
    context = stream.codec_context
    base = stream.time_base or Fraction(1, context.sample_rate or 1)
    container = stream.container
    assert isinstance(container, InputContainer)
    start = (stream.start_time or 0) * base
    if stream.duration is not None:
        duration = float(stream.duration * base)
    else:
        duration = max((container.duration or 0) / 1_000_000 - float(start), 0.0)
    return AudioInfo(
        index=stream.index,
        codec=context.codec.canonical_name,
        sample_format=context.format.name,
        bit_depth=24 if "s24" in context.name else min(context.format.bits, 32),
        sample_rate=context.sample_rate,
        layout=_layout(context),
        channel_count=context.layout.nb_channels,
        start_s=float(start - video_start),
        duration_s=duration,
    )


def _stream_notes(container: InputContainer, video_count: int) -> tuple[str, ...]:
    notes = []
    if video_count > 1:
        notes.append(f"Of {video_count} video streams only the first is carried on.")
    if container.streams.subtitles:
        notes.append("Subtitles are not carried on.")
    # A timecode track is carried on as the timecode that it holds.
    if any("timecode" not in stream.metadata for stream in container.streams.data):
        notes.append("Data streams are not carried on.")
    return tuple(notes)


def _picture_notes(frame: VideoFrame, orientation: Orientation) -> tuple[str, ...]:
    notes = []
    if orientation.mirrored:
        notes.append("The file asks players to mirror its pictures; that is not carried on.")
    if orientation.skewed:
        notes.append("The file's rotation is no quarter turn; it is carried on as the nearest.")
    kinds = {side.type.name for side in side_data(frame)}
    if kinds & set(_HDR_DATA):
        notes.append("HDR mastering data is not carried on; the colour tags are.")
    return tuple(notes)
