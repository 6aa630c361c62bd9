"""Makes tiny clips of every kind that cameras and programs write, with numbers in their pictures.

They are written here and not by `media/writer.py`, so that a fault there cannot hide itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from longtake_engine.media.color import color_numbers
from longtake_engine.media.convert import to_frame
from longtake_engine.media.info import MediaInfo, Timing, VideoInfo
from longtake_engine.media.pixel import describe
from longtake_engine.picture import Color, Picture, PictureFormat
from longtake_engine.testing.barcode import numbered_picture, read_number

__all__ = [
    "LONG_GOP",
    "Clip",
    "Sound",
    "described",
    "known_samples",
    "make_clip",
    "make_images",
    "numbered_picture",
    "read_number",
]

# One key picture in 250 frames, and B pictures that lean on what comes after them.
LONG_GOP = {"g": "250", "bf": "3", "preset": "veryfast", "x264-params": "b-adapt=0:scenecut=0"}
_BLOCK = 1000  # samples
_BT709 = Color("tv", "bt709", "bt709", "bt709")


@dataclass(frozen=True, slots=True)
class Sound:
    """An audio stream to be made."""

    codec: str = "pcm_s16le"
    sample_rate: int = 48000
    layout: str = "stereo"
    start_s: Fraction = Fraction(0)  # after the first picture

    @property
    def channel_count(self) -> int:
        """Channels of the layout."""
        return av.AudioLayout(self.layout).nb_channels

    @property
    def sample_format(self) -> str:
        """FFmpeg's name of what the encoder takes."""
        names = [format.name for format in av.Codec(self.codec, "w").audio_formats or ()]
        return next((name for name in names if not self.lossless and "flt" in name), names[0])

    @property
    def lossless(self) -> bool:
        """Whether the decoder gives the very samples back."""
        return self.codec.startswith(("pcm", "flac", "alac"))


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip to be made, whose picture k carries the number k."""

    frames: int = 24  # pictures
    size: tuple[int, int] = (128, 72)  # width, height
    rate: Fraction = Fraction(25)  # pictures a second, where `durations` says nothing else
    pixel_format: str = "yuv420p"  # as stored; the encoder must take it
    codec: str = "ffv1"  # FFmpeg's name of the encoder
    options: Mapping[str, str] = field(default_factory=dict)  # of the encoder
    color: Color = _BT709  # "pc" makes full-range pictures
    timecode: str = ""  # of the first picture
    rotation: int = 0  # degrees counter-clockwise, for players
    pixel_aspect: Fraction = Fraction(1)
    audio: tuple[Sound, ...] = ()  # streams of `known_samples`, as long as the pictures
    field_order: str = ""  # "tt" or "bb" marks and codes the pictures as interlaced
    fields: bool = False  # the lower lines of a picture show the scene half a frame later
    durations: tuple[int, ...] = (1,)  # frames at `rate` that pictures stay, over and over
    shift_frames: int = 0  # moves every stamp; below 0 an edit list cuts off the start of a .mp4
    video_streams: int = 1  # all with the same pictures
    subtitles: bool = False  # a stream of them
    cover: bool = False  # a picture on the case, as music from shops has; .mp4 only
    container_options: Mapping[str, str] = field(default_factory=dict)  # of the muxer

    def write(self, path: Path) -> None:
        """Write the clip; the suffix of `path` chooses the container."""
        stays = [self.durations[number % len(self.durations)] for number in range(self.frames)]
        starts = [sum(stays[:number]) for number in range(self.frames)]
        with av.open(path.as_posix(), "w", options=dict(self.container_options)) as container:
            streams = [self._add_video(container) for _ in range(self.video_streams)]
            sounds = [(_add_sound(container, sound), sound) for sound in self.audio]
            extras = []
            if self.subtitles:
                name = "subrip" if path.suffix == ".mkv" else "mov_text"
                extras.append(_subtitles(container, name))
            if self.cover:
                extras.append(_cover(container, self.size))
            placed = dict(zip(starts, stays, strict=True))
            mux = _Muxing(container, self.rate, placed, self.shift_frames)
            for number, start in enumerate(starts):
                frame = self._frame(number)
                for stream in streams:
                    frame.pts, frame.time_base = start, 1 / self.rate
                    mux.add(stream.encode(frame))
            for stream in streams:
                mux.add(stream.encode(None))
            container.mux(extras)  # not before pictures: PyAV 18.1 then crashes
            for stream, sound in sounds:
                count = round(sum(stays) * sound.sample_rate / self.rate)
                _write_sound(container, stream, sound, count)

    def _add_video(self, container: OutputContainer) -> VideoStream:
        options = dict(self.options)
        if self.field_order:
            options |= {"flags": "+ildct+ilme", "field_order": self.field_order}
        added = container.add_stream(self.codec, rate=self.rate, options=options)
        stream = cast(VideoStream, added)
        context = stream.codec_context
        context.width, context.height = self.size
        context.pix_fmt = self.pixel_format
        context.time_base = stream.time_base = 1 / self.rate
        context.sample_aspect_ratio = self.pixel_aspect
        numbers = color_numbers(self.color)
        context.color_range, context.colorspace = numbers[:2]
        context.color_primaries, context.color_trc = numbers[2:]
        if self.rotation:
            stream.set_display_rotation(self.rotation)
        if self.timecode:
            stream.metadata["timecode"] = self.timecode
        return stream

    def _frame(self, number: int) -> VideoFrame:
        return _numbered_frame(number, self.size, self.pixel_format, self.color, fields=self.fields)


def make_clip(path: Path, **fields: Any) -> Path:
    """Write a clip whose picture k carries the number k, and return its path.

    `fields` are those of `Clip`; the suffix of `path` chooses the container.
    """
    Clip(**fields).write(path)
    return path


def described(format: PictureFormat, rate: Fraction = Fraction(25)) -> MediaInfo:
    """What `probe` would say of a plain clip of such pictures, for writers that need a source."""
    video = VideoInfo(
        index=0,
        codec="ffv1",
        profile="",
        pixel_format=format.pixel_format,
        width=format.width,
        height=format.height,
        pixel_aspect=Fraction(1),
        rotation_degrees=0,
        rate=rate,
        variable_rate=False,
        frame_count=1,
        start_timecode="",
        bit_depth=format.bit_depth,
        has_alpha=format.has_alpha,
        color=format.color,
        scan="progressive",
        timing=Timing("even", rate, 0, 1 / rate),
    )
    return MediaInfo(Path("plain.mkv"), "matroska", 0, (video,), ())


def make_images(
    folder: Path,
    *,
    frames: int = 5,
    size: tuple[int, int] = (128, 72),
    pixel_format: str = "rgb24",
    codec: str = "png",
    name: str = "shot.%04d.png",
    first: int = 1,
) -> Path:
    """Write images whose k-th carries the number k into `folder`, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    color = Color("pc", "rgb" if "rgb" in pixel_format else "smpte170m")
    for number in range(frames):
        frame = _numbered_frame(number, size, pixel_format, color)
        (folder / (name % (first + number))).write_bytes(_encode_image(frame, codec))
    return folder


def known_samples(sound: Sound, start: int, stop: int) -> np.ndarray:
    """The samples C S that `make_clip` puts into a stream, as the decoder is to give them.

    Every value tells its place in PCM; lossy codecs get a tone, a different one in each channel.
    """
    place = np.arange(start, stop, dtype=np.int64)
    channels = np.arange(sound.channel_count, dtype=np.int64)[:, None]
    name = sound.sample_format.removesuffix("p")
    if not sound.lossless:
        turn = 2 * np.pi * 220 * (channels + 1) / sound.sample_rate
        return (0.25 * np.sin(place * turn)).astype(np.float32)
    if name == "flt":
        return ((place * 37 + channels * 7919) % 65536 / 32768 - 1).astype(np.float32)
    if name == "u8":
        return ((((place * 37 + channels * 79) % 256) - 128) << 8).astype(np.int16)
    if name == "s16":
        return ((place * 37 + channels * 7919) % 65536 - 32768).astype(np.int16)
    high = (place * 7919 + channels * 104729) % (1 << 24) - (1 << 23)
    return (high << 8).astype(np.int32)


def _numbered_frame(
    number: int,
    size: tuple[int, int],
    pixel_format: str,
    color: Color,
    *,
    fields: bool = False,
) -> VideoFrame:
    format = describe(pixel_format, *size, color)
    frame = _stored(numbered_picture(format, number, fields=fields), pixel_format)
    numbers = color_numbers(color)
    frame.color_range, frame.colorspace, frame.color_primaries, frame.color_trc = numbers
    return frame


def _stored(picture: Picture, pixel_format: str) -> VideoFrame:
    full = picture.format.color.range == "pc"
    if pixel_format.startswith("yuvj"):
        pixel_format = pixel_format.replace("yuvj", "yuv", 1)
    return to_frame(picture, pixel_format, full_range=full)


@dataclass(frozen=True, slots=True)
class _Muxing:
    container: OutputContainer
    rate: Fraction
    stays: dict[int, int]  # frames that the picture of a frame stays
    shift_frames: int

    def add(self, packets: list[Packet]) -> None:
        """Mux with the right durations, moved in time."""
        for packet in packets:
            assert packet.pts is not None and packet.dts is not None
            ticks = 1 / (self.rate * packet.time_base)
            packet.duration = round(self.stays[round(packet.pts / ticks)] * ticks)
            shift = round(self.shift_frames * ticks)
            packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
            self.container.mux(packet)


def _add_sound(container: OutputContainer, sound: Sound) -> AudioStream:
    stream = cast(AudioStream, container.add_stream(sound.codec, rate=sound.sample_rate))
    stream.codec_context.layout = sound.layout
    stream.codec_context.format = sound.sample_format
    return stream


def _subtitles(container: OutputContainer, codec: str) -> Packet:
    stream = container.add_mux_stream(codec)
    stream.time_base = Fraction(1, 1000)
    packet = av.Packet(b"Hello")
    packet.stream, packet.time_base = stream, Fraction(1, 1000)
    packet.pts, packet.dts, packet.duration = 0, 0, 40
    return packet


def _cover(container: OutputContainer, size: tuple[int, int]) -> Packet:
    width, height = size
    stream = container.add_mux_stream("mjpeg", width=width, height=height)
    stream.disposition = Disposition.attached_pic
    stream.time_base = Fraction(1, 25)
    color = Color("pc", "smpte170m")
    packet = av.Packet(_encode_image(_numbered_frame(0, size, "yuvj420p", color), "mjpeg"))
    packet.stream, packet.time_base, packet.is_keyframe = stream, Fraction(1, 25), True
    packet.pts = packet.dts = 0
    return packet


def _encode_image(frame: VideoFrame, codec: str) -> bytes:
    context = av.CodecContext.create(codec, "w")
    assert isinstance(context, av.VideoCodecContext)
    context.width, context.height = frame.width, frame.height
    context.pix_fmt = frame.format.name
    context.time_base = Fraction(1, 25)
    context.color_range = frame.color_range
    frame.pts, frame.time_base = 0, Fraction(1, 25)
    return b"".join(map(bytes, [*context.encode(frame), *context.encode(None)]))


def _write_sound(container: OutputContainer, stream: AudioStream, sound: Sound, count: int) -> None:
    offset = round(sound.start_s * sound.sample_rate)
    for frame in _sound_frames(sound, count):
        frame.pts = (frame.pts or 0) + offset
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def _sound_frames(sound: Sound, count: int) -> Iterator[av.AudioFrame]:
    for start in range(0, count, _BLOCK):
        samples = known_samples(sound, start, min(start + _BLOCK, count))
        name = sound.sample_format
        if name.startswith("u8"):
            samples = ((samples >> 8) + 128).astype(np.uint8)
        if not name.endswith("p"):
            samples = samples.T.reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), name, sound.layout)
        frame.sample_rate = sound.sample_rate
        frame.pts, frame.time_base = start, Fraction(1, sound.sample_rate)
        yield frame
