"""What cannot be read or written is said in one sentence, and nothing is left behind."""

import errno
import os
import re
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from longtake_engine.errors import BadInput, EngineError, MissingInput, NotPossible, WrongCall
from longtake_engine.media.codec import CodecChoice, check_output
from longtake_engine.media.info import SoundFormat
from longtake_engine.media.pixel import describe
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.media.writer import MediaWriter, default_suffix, partial_path
from longtake_engine.picture import Color
from longtake_engine.testing.media import described, make_clip, make_images


def assert_one_sentence(error: EngineError) -> None:
    assert error.sentence.endswith(".")
    assert not re.search(r"\.\s+[A-Z]", error.sentence), error.sentence
    assert "Traceback" not in error.sentence
    assert len(error.sentence) < 300


def text_as_movie(folder: Path) -> Path:
    (folder / "a.mov").write_text("Dear reader, this is not a film.\n" * 50)
    return folder / "a.mov"


def empty_file(folder: Path) -> Path:
    (folder / "a.mov").write_bytes(b"")
    return folder / "a.mov"


def noise_as_movie(folder: Path) -> Path:
    (folder / "a.mp4").write_bytes(np.random.default_rng(1).bytes(50_000))
    return folder / "a.mp4"


def nothing(folder: Path) -> Path:
    return folder / "a.mov"


def folder_without_images(folder: Path) -> Path:
    (folder / "b").mkdir()
    return folder / "b"


def half_a_header(folder: Path) -> Path:
    whole = make_clip(folder / "whole.mp4", frames=10, codec="libx264").read_bytes()
    (folder / "half.mp4").write_bytes(whole[: len(whole) // 2])  # the index is at the end
    return folder / "half.mp4"


def playlist(folder: Path) -> Path:
    make_clip(folder / "part.ts", frames=10, codec="libx264")
    (folder / "list.m3u8").write_text("#EXTM3U\n#EXTINF:1,\npart.ts\n#EXT-X-ENDLIST\n")
    return folder / "list.m3u8"


def file_list(folder: Path) -> Path:
    make_clip(folder / "part.mkv", frames=10)
    (folder / "list.mov").write_text("ffconcat version 1.0\nfile part.mkv\n")
    return folder / "list.mov"


@pytest.mark.parametrize(
    ("make", "kind", "says"),
    [
        (text_as_movie, BadInput, "not a media file"),
        (noise_as_movie, BadInput, "not a media file"),
        (empty_file, BadInput, "is empty"),
        (nothing, MissingInput, "does not exist"),
        (folder_without_images, BadInput, "no images"),
        (half_a_header, BadInput, "not a media file"),
        (playlist, BadInput, "not a media file"),
        (file_list, BadInput, "not a media file"),
    ],
)
def test_what_is_no_clip_is_told_apart(make, kind, says: str, tmp_path: Path) -> None:
    with pytest.raises(kind, match=says) as caught:
        probe(make(tmp_path))
    assert_one_sentence(caught.value)


@pytest.mark.skipif(os.name == "nt", reason="no permission bits on Windows")
def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_clip(tmp_path / "a.mkv", frames=1)
    path.chmod(0)
    if os.access(path, os.R_OK):  # root may read everything, so the system is made to refuse

        def refuse(self: Path, *_: object) -> None:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), self)

        monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(MissingInput, match="may not be read") as caught:
        probe(path)
    assert_one_sentence(caught.value)


def test_a_clip_without_video(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with av.open(path.as_posix(), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=48000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 4800), np.int16), "s16", "stereo")
        frame.sample_rate = 48000
        container.mux(stream.encode(frame))
    info = probe(path)
    assert (len(info.video_streams), len(info.audio_streams)) == (0, 1)
    with pytest.raises(BadInput, match="holds no video") as caught:
        VideoReader(info)
    assert_one_sentence(caught.value)


def test_a_size_that_changes_midway(tmp_path: Path) -> None:
    small = make_images(tmp_path / "in", frames=2, name="a%d.jpg", codec="mjpeg",
                        pixel_format="yuvj420p")  # fmt: skip
    make_images(small, frames=1, name="b%d.jpg", codec="mjpeg", pixel_format="yuvj420p",
                size=(64, 36))  # fmt: skip
    path = tmp_path / "a.mjpeg"
    names = ("a1.jpg", "a2.jpg", "b1.jpg")
    path.write_bytes(b"".join((small / name).read_bytes() for name in names))
    with pytest.raises(BadInput, match="changes the size") as caught:
        list(VideoReader(probe(path)).frames())
    assert_one_sentence(caught.value)


YUV = describe("yuv420p", 640, 360, Color())
OUTPUTS = [
    ("out.mp4", "prores", YUV, WrongCall, ".mov or .mkv"),
    ("out.mov", "ffv1", YUV, WrongCall, ".mkv"),
    ("out.avi", "h264", YUV, WrongCall, ".mp4 or .mov"),
    ("out", "prores", YUV, WrongCall, ".mov"),
    ("out.mov", "dnxhr", describe("yuv420p", 128, 72, Color()), NotPossible, "--codec prores"),
    ("out.mov", "dnxhr", describe("yuva444p", 640, 360, Color()), NotPossible, "transparency"),
    ("out.mp4", "h264", describe("gbrap", 640, 360, Color()), NotPossible, "transparency"),
    ("out.mp4", "h264", describe("yuv420p", 427, 241, Color()), NotPossible, "even sizes"),
]


@pytest.mark.parametrize("case", OUTPUTS, ids=lambda case: f"{case[1]}_{case[0]}_{case[4]}")
def test_outputs_that_cannot_be_are_refused_first(case, tmp_path: Path) -> None:
    name, codec, format, kind, says = case
    with pytest.raises(kind, match=re.escape(says)) as caught:
        check_output(tmp_path / name, codec, format, described(format))
    assert_one_sentence(caught.value)


def test_the_source_codec_without_an_encoder(tmp_path: Path) -> None:
    info = probe(make_clip(tmp_path / "a.avi", codec="asv1", frames=3))
    with pytest.raises(NotPossible, match=r"no encoder for asv1.*prores") as caught:
        check_output(tmp_path / "out.mov", "source", VideoReader(info).format, info)
    assert_one_sentence(caught.value)


def test_suffixes_by_codec() -> None:
    codecs = ("prores", "dnxhr", "ffv1", "h264")
    assert [default_suffix(codec) for codec in codecs] == [".mov", ".mov", ".mkv", ".mp4"]


@pytest.mark.parametrize("where", ["missing", "a_file"])
def test_a_folder_that_takes_nothing(where: str, tmp_path: Path) -> None:
    (tmp_path / "a_file").write_text("in the way")
    with pytest.raises(WrongCall, match="folder") as caught:
        writer(tmp_path / where / "out.mov")
    assert_one_sentence(caught.value)


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="Linux has folders for no one")
def test_a_folder_that_no_one_may_write_to() -> None:
    with pytest.raises(WrongCall, match=r"choose another folder|does not exist") as caught:
        writer(Path("/proc/out.mov"))
    assert_one_sentence(caught.value)


def test_sound_that_the_container_cannot_hold_leaves_nothing(tmp_path: Path) -> None:
    sound = SoundFormat(192000, "stereo", 2, np.dtype(np.int16), 16)
    with pytest.raises(NotPossible, match="192000 Hz") as caught:
        writer(tmp_path / "out.mp4", codec="h264", sound=(sound,))
    assert_one_sentence(caught.value)
    assert list(tmp_path.iterdir()) == []


def writer(
    path: Path, codec: CodecChoice = "prores", sound: tuple[SoundFormat, ...] = ()
) -> MediaWriter:
    return MediaWriter(
        path,
        job_id="job",
        source=described(YUV),
        format=YUV,
        rate=Fraction(25),
        codec=codec,
        start_frame=0,
        sound=sound,
    )


def test_the_partial_file_lies_hidden_beside_the_whole() -> None:
    assert partial_path(Path("/a/b.mov"), "7f") == Path("/a/.b.7f.part.mov")
