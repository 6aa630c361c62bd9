"""Pictures and sound into a file that appears whole or not at all."""

import os
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np

from longtake_engine.errors import WrongCall
from longtake_engine.media.codec import CodecChoice, check_output, choose_encoding, default_suffix
from longtake_engine.media.color import color_numbers
from longtake_engine.media.info import MediaInfo, SoundFormat
from longtake_engine.media.pixel import pack
from longtake_engine.picture import Picture, PictureFormat
from longtake_engine.rate import frame_to_timecode, timecode_to_frame

__all__ = ["MediaWriter", "check_output", "default_suffix", "partial_path"]

COMMENT = "Made with Longtake"


def partial_path(path: Path, job_id: str) -> Path:
    """Where the file that will be `path` grows until it is whole."""
    return path.parent / f".{path.stem}.{job_id}.part{path.suffix}"


class MediaWriter:
    """Writes beside `path` and renames on `commit()`; leaving without it removes what was written."""

    def __init__(
        self,
        path: Path,
        *,
        job_id: str,
        source: MediaInfo,
        format: PictureFormat,
        rate: Fraction,
        codec: CodecChoice,
        start_frame: int,
        sound: tuple[SoundFormat, ...],
    ) -> None:
        check_output(path, codec, format, source)
        self._path = path
        self._partial = partial_path(path, job_id)
        self._rate = rate
        self._encoding = choose_encoding(codec, format, source)
        self._container = av.open(self._partial.as_posix(), "w", metadata_errors="replace")
        self._container.metadata["comment"] = COMMENT
        self._video = self._container.add_stream(
            self._encoding.encoder, rate=rate, options=dict(self._encoding.options)
        )
        self._video.width, self._video.height = format.width, format.height
        self._video.pix_fmt = self._encoding.pixel_format
        self._video.time_base = self._video.codec_context.time_base = 1 / rate
        context = self._video.codec_context
        numbers = color_numbers(format.color)
        context.color_range, context.colorspace, context.color_primaries, context.color_trc = (
            numbers
        )
        video = source.video
        context.sample_aspect_ratio = video.pixel_aspect
        if video.rotation_degrees:
            self._video.set_display_rotation(video.rotation_degrees)
        if video.start_timecode:
            first = timecode_to_frame(video.start_timecode, rate) + start_frame
            drop = ";" in video.start_timecode
            self._video.metadata["timecode"] = frame_to_timecode(first, rate, drop_frame=drop)
        self._sounds = [self._add_sound(s) for s in sound]
        self._frames = 0
        self._samples = [0] * len(sound)
        self._formats = sound

    def _add_sound(self, sound: SoundFormat):
        name = {"int16": "pcm_s16le", "int32": "pcm_s24le", "float32": "pcm_f32le"}[
            sound.dtype.name
        ]
        if self._path.suffix == ".mp4":
            name = "aac"
        stream = self._container.add_stream(name, rate=sound.sample_rate)
        stream.codec_context.layout = sound.layout
        return stream

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._container.close()
        self._partial.unlink(missing_ok=True)

    def write_picture(self, picture: Picture) -> None:
        """Add the next frame."""
        frame = pack(picture)
        numbers = color_numbers(picture.format.color)
        frame.color_range, frame.colorspace, frame.color_primaries, frame.color_trc = numbers
        if frame.format.name != self._encoding.pixel_format:
            frame = frame.reformat(format=self._encoding.pixel_format)
        frame.pts = self._frames
        frame.time_base = 1 / self._rate
        self._frames += 1
        self._container.mux(self._video.encode(frame))

    def write_sound(self, stream: int, samples: np.ndarray) -> None:
        """Add samples C S to audio stream number `stream`, counted from 0."""
        sound = self._formats[stream]
        if samples.dtype != sound.dtype:
            raise WrongCall("Sound has the wrong type.")
        name = {"int16": "s16", "int32": "s32", "float32": "flt"}[sound.dtype.name]
        packed = np.ascontiguousarray(samples.T).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(packed, name, sound.layout)
        frame.sample_rate = sound.sample_rate
        frame.pts = self._samples[stream]
        frame.time_base = Fraction(1, sound.sample_rate)
        self._samples[stream] += samples.shape[1]
        self._container.mux(self._sounds[stream].encode(frame))

    def commit(self) -> None:
        """Finish the file and give it its name."""
        self._container.mux(self._video.encode(None))
        for stream in self._sounds:
            self._container.mux(stream.encode(None))
        self._container.close()
        os.replace(self._partial, self._path)
