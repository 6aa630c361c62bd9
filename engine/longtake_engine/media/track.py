"""The streams of a file that is being written."""

from collections.abc import Iterator
from fractions import Fraction
from typing import cast

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from longtake_engine.errors import NotPossible, WrongCall
from longtake_engine.media.codec import Encoding
from longtake_engine.media.color import color_numbers
from longtake_engine.media.convert import color_written
from longtake_engine.media.info import SoundFormat, VideoInfo
from longtake_engine.picture import PictureFormat
from longtake_engine.rate import frame_to_timecode, timecode_to_frame

_SAMPLE_NAMES = {"int16": "s16", "int32": "s32", "float32": "flt"}
_AAC_RATES = frozenset(
    (7350, 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000)
)
_AAC_BITS_PER_CHANNEL = 160_000  # a second; transparent for nearly all
_MAX_BLOCK = 8192  # samples; more at once would make a file that is hard to play in step


class VideoTrack:
    """The picture stream."""

    def __init__(  # noqa: PLR0917 # one caller, and each of another type
        self,
        container: OutputContainer,
        encoding: Encoding,
        format: PictureFormat,
        rate: Fraction,
        source: VideoInfo,
        start_frame: int,
    ) -> None:
        self._time_base = 1 / rate
        self._count = 0
        self._stream = cast(
            VideoStream,
            container.add_stream(encoding.encoder, rate=rate, options=dict(encoding.options)),
        )
        context = self._stream.codec_context
        context.width, context.height = format.width, format.height
        context.pix_fmt = encoding.pixel_format
        context.time_base = self._stream.time_base = self._time_base
        context.sample_aspect_ratio = source.pixel_aspect
        context.thread_type = "AUTO"
        if encoding.encoder == "libx265" and container.format.name in ("mov", "mp4"):
            context.codec_tag = "hvc1"  # FFmpeg would write hev1, which Apple's players refuse
        self._color = color_numbers(color_written(format, encoding))
        _tag(context, self._color)
        if source.rotation_degrees:
            self._stream.set_display_rotation(source.rotation_degrees)
        if source.start_timecode:
            self._stream.metadata["timecode"] = shift_timecode(
                source.start_timecode, rate, start_frame
            )

    def encode(self, frame: VideoFrame) -> list[Packet]:
        """The packets that are ready after the next frame."""
        _tag(frame, self._color)
        frame.pts = self._count
        frame.time_base = self._time_base
        self._count += 1
        return self._timed(self._stream.encode(frame))

    def finish(self) -> list[Packet]:
        """The packets that the encoder still held."""
        return self._timed(self._stream.encode(None))

    def _timed(self, packets: list[Packet]) -> list[Packet]:
        # Some encoders leave it out, and then the container ends one frame early.
        for packet in packets:
            if not packet.duration:
                packet.duration = round(self._time_base / packet.time_base)
        return packets


def _tag(target: VideoFrame | object, color: tuple[int, int, int, int]) -> None:
    """Set the colour properties of a frame or codec context."""
    names = ("color_range", "colorspace", "color_primaries", "color_trc")
    for name, number in zip(names, color, strict=True):
        setattr(target, name, number)


def shift_timecode(timecode: str, rate: Fraction, frames: int) -> str:
    """The timecode `frames` later, still drop-frame where it was."""
    first = timecode_to_frame(timecode, rate) + frames
    return frame_to_timecode(first, rate, drop_frame=";" in timecode)


class SoundTrack:
    """One audio stream: PCM, or AAC where the container is meant for the web."""

    def __init__(self, container: OutputContainer, sound: SoundFormat, compressed: bool) -> None:
        self._sound = sound
        self._count = 0
        self._time_base = Fraction(1, sound.sample_rate)
        if compressed and sound.sample_rate not in _AAC_RATES:
            raise NotPossible(
                f"The sound's {sound.sample_rate} Hz cannot go into an .mp4; write a .mov, or add"
                " --no-audio."
            )
        name = "aac" if compressed else _pcm_codec(sound)
        self._stream = cast(AudioStream, container.add_stream(name, rate=sound.sample_rate))
        self._stream.codec_context.layout = sound.layout
        if compressed:
            self._stream.codec_context.bit_rate = _AAC_BITS_PER_CHANNEL * sound.channel_count

    def encode(self, samples: np.ndarray) -> Iterator[list[Packet]]:
        """The packets that are ready after samples C S."""
        sound = self._sound
        if samples.dtype != sound.dtype or samples.shape[0] != sound.channel_count:
            raise WrongCall(
                f"Sound of {samples.shape[0]} channels of {samples.dtype} does not go into a stream"
                f" of {sound.channel_count} channels of {sound.dtype}."
            )
        for start in range(0, samples.shape[1], _MAX_BLOCK):
            block = samples[:, start : start + _MAX_BLOCK]
            if self._stream.codec_context.name == "pcm_s24le" and block.dtype.kind == "f":
                block = _to_24_bits(block)
            packed = np.ascontiguousarray(block.T).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(
                packed, _SAMPLE_NAMES[block.dtype.name], sound.layout
            )
            frame.sample_rate = sound.sample_rate
            frame.pts = self._count
            frame.time_base = self._time_base
            self._count += block.shape[1]
            yield self._stream.encode(frame)

    def finish(self) -> list[Packet]:
        """The packets that the encoder still held."""
        return self._stream.encode(None)


def _to_24_bits(samples: np.ndarray) -> np.ndarray:
    """Float samples from -1 to 1 as int32, 24 bits in the upper ones; what is louder is clipped."""
    top = 1 << 23
    levels = np.clip(np.rint(samples.astype(np.float64) * top), -top, top - 1)
    return levels.astype(np.int32) << 8


def _pcm_codec(sound: SoundFormat) -> str:
    """Not every editor reads PCM of floats: it is written only where the source is that."""
    if sound.dtype == np.int32 or (sound.dtype == np.float32 and sound.bit_depth <= 24):
        return "pcm_s24le" if sound.bit_depth <= 24 else "pcm_s32le"
    return {"int16": "pcm_s16le", "float32": "pcm_f32le"}[sound.dtype.name]
