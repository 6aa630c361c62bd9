"""Every kind of media: made, probed, written again with more frames, probed again."""

from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from longtake_engine.media.probe import probe
from longtake_engine.media.sound_reader import SoundReader
from longtake_engine.picture import Color
from longtake_engine.rate import frame_to_timecode, timecode_to_frame
from longtake_engine.testing.media import LONG_GOP, Sound, known_samples, make_clip

BT709 = Color("tv", "bt709", "bt709", "bt709")
PQ = Color("tv", "bt2020nc", "bt2020", "smpte2084")
HLG = Color("tv", "bt2020nc", "bt2020", "arib-std-b67")
PAL = Color("tv", "bt470bg", "bt470bg", "bt470bg")
NTSC = Color("tv", "smpte170m", "smpte170m", "smpte170m")
NO_TAGS = Color("tv", "", "", "")
H264 = {"codec": "libx264", "options": LONG_GOP}
HQ = {"codec": "prores_aw", "options": {"profile": "3"}, "pixel_format": "yuv422p10le"}
P23 = Fraction(24000, 1001)
P29 = Fraction(30000, 1001)
P59 = Fraction(60000, 1001)


@dataclass(frozen=True)
class Kind:
    name: str
    suffix: str
    made: dict[str, Any]  # arguments of make_clip
    codec: str = "prores"
    out: str = ".mov"
    says: dict[str, Any] = field(default_factory=dict)  # of the source's video stream
    written: dict[str, Any] = field(default_factory=dict)  # of the copy's, where it differs


KINDS = [
    Kind("h264 23.976", ".mp4", {**H264, "rate": P23}, says={"pixel_format": "yuv420p"}),
    Kind("h264 25 bt601", ".mp4", {**H264, "color": PAL}),
    Kind("h264 29.97 drop", ".mov", {**H264, "rate": P29, "timecode": "00:59:59;25"}),
    Kind("h264 59.94 drop", ".mov", {**H264, "rate": P59, "timecode": "23:59:59;50"}),
    Kind("h264 59.94", ".mkv", {**H264, "rate": P59}),
    Kind("h264 50 ntsc colour", ".mp4", {**H264, "rate": Fraction(50), "color": NTSC}),
    Kind("no tags", ".mp4", {**H264, "color": NO_TAGS}),
    Kind("prores timecode", ".mov", {**HQ, "timecode": "10:00:00:00"}),
    Kind("prores to mkv", ".mov", {**HQ, "timecode": "10:00:00:00"}, out=".mkv"),
    Kind(
        "hevc 10 bit pq",
        ".mp4",
        {
            "codec": "libx265",
            "options": {"x265-params": "log-level=error:pools=none:frame-threads=1:keyint=12"},
            "pixel_format": "yuv420p10le",
            "color": PQ,
            "size": (128, 96),
        },
        says={"bit_depth": 10},
    ),
    Kind("h264 10 bit 4:2:2 hlg", ".mov", {**H264, "pixel_format": "yuv422p10le", "color": HLG}),
    Kind(
        "full range",
        ".mp4",
        {**H264, "color": replace(BT709, range="pc")},
        says={"color": replace(BT709, range="pc")},
        written={"color": BT709},
    ),
    Kind(
        "full range kept",
        ".mp4",
        {**H264, "color": replace(BT709, range="pc")},
        codec="h264",
        out=".mp4",
    ),
    Kind(
        "full range motion jpeg",
        ".mov",
        {"codec": "mjpeg", "pixel_format": "yuvj420p", "color": replace(PAL, range="pc")},
        codec="ffv1",
        out=".mkv",
        says={"pixel_format": "yuvj420p", "bit_depth": 8},
    ),
    Kind(
        "4:4:4 12 bit",
        ".mkv",
        {"pixel_format": "yuv444p12le"},
        says={"bit_depth": 12},
        written={"pixel_format": "yuv444p12le", "profile": "4444"},
    ),
    Kind("16 bit", ".mkv", {"pixel_format": "yuv422p16le"}, says={"bit_depth": 16}),
    Kind("gray", ".mkv", {"pixel_format": "gray", "color": Color("tv")}, codec="ffv1", out=".mkv"),
    Kind(
        "rgb",
        ".mkv",
        {"pixel_format": "gbrp10le", "color": Color("pc", "rgb", "bt709", "bt709")},
        written={"color": BT709, "profile": "4444"},
    ),
    Kind(
        "alpha",
        ".mkv",
        {"pixel_format": "yuva444p10le"},
        says={"has_alpha": True},
        written={"has_alpha": True, "profile": "4444"},
    ),
    Kind(
        "alpha in rgb",
        ".mov",
        {"codec": "qtrle", "pixel_format": "argb", "color": Color("pc", "rgb", "bt709", "bt709")},
        codec="ffv1",
        out=".mkv",
        says={"has_alpha": True},
    ),
    Kind("rotated", ".mp4", {**H264, "rotation": 90}, says={"rotation_degrees": 90}),
    Kind("rotated 180", ".mov", {**H264, "rotation": 180}, says={"rotation_degrees": 180}),
    Kind("rotated 270", ".mp4", {**H264, "rotation": 270}, codec="h264", out=".mp4"),
    Kind("portrait", ".mp4", {**H264, "size": (72, 128)}),
    Kind("odd size", ".mkv", {"size": (427, 241), "frames": 5}),
    Kind("odd size 4:4:4", ".mkv", {"size": (427, 241), "frames": 5, "pixel_format": "yuv444p"}),
    Kind("wide pixels", ".mp4", {**H264, "pixel_aspect": Fraction(64, 45)}),
    Kind("narrow pixels", ".mov", {**HQ, "pixel_aspect": Fraction(8, 9)}, codec="h264"),
    Kind("dnxhr", ".mov", {**H264, "size": (256, 144)}, codec="dnxhr"),
    Kind("dnxhr 10 bit", ".mov", {**HQ, "size": (256, 144)}, codec="dnxhr"),
    Kind("mono", ".mov", {**HQ, "audio": (Sound(layout="mono"),)}),
    Kind("stereo 24 bit", ".mov", {**HQ, "audio": (Sound("pcm_s24le"),)}),
    Kind("5.1", ".mov", {**HQ, "audio": (Sound("pcm_s24le", layout="5.1"),)}),
    Kind("float 96 kHz", ".mov", {**HQ, "audio": (Sound("pcm_f32le", 96000),)}),
    Kind("8 bit sound", ".avi", {**H264, "audio": (Sound("pcm_u8", 22050, "mono"),)}),
    Kind("32 bit sound", ".mkv", {**H264, "audio": (Sound("pcm_s32le"),)}, out=".mkv"),
    Kind("flac", ".mkv", {**H264, "audio": (Sound("flac"),)}, codec="ffv1", out=".mkv"),
    Kind(
        "three streams",
        ".mov",
        {**H264, "audio": (Sound(), Sound("pcm_s24le", 44100, "mono"), Sound(layout="5.1"))},
    ),
    Kind("aac", ".mp4", {**H264, "audio": (Sound("aac"),)}),
    Kind("opus", ".mkv", {**H264, "audio": (Sound("libopus", layout="mono"),)}, out=".mkv"),
    Kind("same codec", ".mp4", {**H264, "timecode": "01:00:00:00"}, codec="source", out=".mp4"),
    Kind("same prores", ".mov", {**HQ, "options": {"profile": "1"}}, codec="source"),
    Kind("broadcast", ".mxf", {"codec": "mpeg2video", "timecode": "09:00:00:00"}),
    Kind("transport stream", ".ts", {**H264, "audio": (Sound("aac"),)}),
    Kind("motion jpeg avi", ".avi", {"codec": "mjpeg", "color": Color("pc", "bt470bg")}),
    Kind("camera raw 4:2:2", ".avi", {"codec": "rawvideo", "pixel_format": "yuyv422"}),
]
HEAD, TAIL = 3, 2


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name.replace(" ", "_"))
def test_a_clip_grows_and_keeps_what_it_is(kind, tmp_path: Path, copy_clip, numbers) -> None:
    made = {"frames": 12, **kind.made}
    source = probe(make_clip(tmp_path / f"in{kind.suffix}", **made))
    video = source.video
    assert video.frame_count == made["frames"]
    assert video.rate == made.get("rate", Fraction(25))
    assert not video.variable_rate
    assert numbers(source) == list(range(made["frames"]))
    for name, value in kind.says.items():
        assert getattr(video, name) == value, name

    copy = copy_clip(source, tmp_path / f"out{kind.out}", kind.codec, head=HEAD, tail=TAIL)
    grown = copy.video
    assert grown.frame_count == HEAD + made["frames"] + TAIL
    last = made["frames"] - 1
    assert numbers(copy) == [0] * HEAD + list(range(made["frames"])) + [last] * TAIL
    for name in ("rate", "pixel_aspect", "rotation_degrees", "width", "height", "variable_rate"):
        assert getattr(grown, name) == getattr(video, name), name
    _check_color(kind, video.color, grown.color)
    for name, value in kind.written.items():
        assert getattr(grown, name) == value, name
    assert grown.start_timecode == _earlier(video.start_timecode, video.rate)
    assert video.start_timecode == made.get("timecode", "")
    _check_sound(made.get("audio", ()), source, copy)


def _earlier(timecode: str, rate: Fraction) -> str:
    if not timecode:
        return ""
    first = timecode_to_frame(timecode, rate) - HEAD
    return frame_to_timecode(first, rate, drop_frame=";" in timecode)


def _check_color(kind: Kind, color: Color, grown: Color) -> None:
    expected = kind.written.get("color", color)
    if kind.codec in ("prores", "dnxhr"):
        # They are limited range by definition, and know one name of the BT.601 matrix.
        matrix = "smpte170m" if expected.matrix == "bt470bg" else expected.matrix
        expected = replace(expected, range="tv", matrix=matrix)
    assert grown == expected


def _check_sound(sounds: tuple[Sound, ...], source, copy) -> None:
    assert len(source.audio_streams) == len(copy.audio_streams) == len(sounds)
    rate = source.video.rate
    for number, sound in enumerate(sounds):
        reader, grown = SoundReader(source, number), SoundReader(copy, number)
        assert (reader.sample_rate, reader.layout) == (sound.sample_rate, sound.layout)
        assert replace(grown.format, dtype=reader.dtype) == reader.format
        assert reader.sample_count == round(source.video.frame_count * sound.sample_rate / rate)
        samples = np.concatenate(list(reader.blocks()), axis=1)
        assert samples.shape == (sound.channel_count, reader.sample_count)
        if sound.lossless:
            assert np.array_equal(samples, known_samples(sound, 0, reader.sample_count))
        more = np.concatenate(list(grown.blocks()), axis=1)
        head = round(HEAD * sound.sample_rate / rate)
        assert not more[:, :head].any()
        kept = more[:, head : head + reader.sample_count]
        if grown.dtype == reader.dtype:
            assert np.array_equal(kept, samples)
        else:  # compressed sound decodes to floats and is written as 24-bit PCM
            assert not sound.lossless
            assert np.abs(kept / 2.0**31 - np.clip(samples, -1, 1)).max() <= 2.0**-23
        assert not more[:, head + reader.sample_count :].any()
