from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from longtake_engine.media.codec import CodecChoice
from longtake_engine.media.info import MediaInfo
from longtake_engine.media.probe import probe
from longtake_engine.media.sound_reader import SoundReader
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.media.writer import MediaWriter
from longtake_engine.picture import Picture
from longtake_engine.testing.media import described, read_number

CopyClip = Callable[..., MediaInfo]


@pytest.fixture
def copy_clip() -> CopyClip:
    """Write what was probed, through reader and writer, with frames before and after it."""

    def copy(
        source: MediaInfo,
        path: Path,
        codec: CodecChoice = "prores",
        *,
        head: int = 0,
        tail: int = 0,
        deinterlace: bool = False,
    ) -> MediaInfo:
        reader = VideoReader(source, deinterlace=deinterlace)
        sounds = [SoundReader(source, number) for number in range(len(source.audio_streams))]
        with MediaWriter(
            path,
            job_id="copy",
            source=source,
            format=reader.format,
            rate=reader.rate,
            codec=codec,
            start_frame=-head,
            sound=tuple(sound.format for sound in sounds),
        ) as writer:
            pictures = list(reader.frames())
            for picture in [pictures[0]] * head + pictures + [pictures[-1]] * tail:
                writer.write_picture(picture)
            for number, sound in enumerate(sounds):
                writer.write_sound(number, _silence(sound, head, reader.rate))
                for block in sound.blocks():
                    writer.write_sound(number, block)
                writer.write_sound(number, _silence(sound, tail, reader.rate))
            writer.commit()
        return probe(path)

    return copy


@pytest.fixture
def numbers() -> Callable[..., list[int]]:
    """The numbers that the frames of a clip carry."""

    def read(info: MediaInfo, start: int = 0, stop: int | None = None, **options) -> list[int]:
        reader = VideoReader(info, **options)
        return [read_number(picture) for picture in reader.frames(start, stop)]

    return read


def _silence(sound: SoundReader, frames: int, rate: Fraction) -> np.ndarray:
    count = round(Fraction(frames * sound.sample_rate) / rate)
    return np.zeros((sound.channel_count, count), sound.dtype)


@pytest.fixture
def write_pictures() -> Callable[..., MediaInfo]:
    """Write pictures as they are, and probe what was written."""

    def write(
        path: Path, codec: CodecChoice, pictures: list[Picture], rate: Fraction = Fraction(25)
    ) -> MediaInfo:
        format = pictures[0].format
        with MediaWriter(
            path,
            job_id="write",
            source=described(format, rate),
            format=format,
            rate=rate,
            codec=codec,
            start_frame=0,
            sound=(),
        ) as writer:
            for picture in pictures:
                writer.write_picture(picture)
            writer.commit()
        return probe(path)

    return write
