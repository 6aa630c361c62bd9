"""A file appears whole, or not at all."""

import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from longtake_engine.errors import OutOfSpace, WrongCall
from longtake_engine.media.codec import CodecChoice
from longtake_engine.media.info import SoundFormat
from longtake_engine.media.pixel import describe
from longtake_engine.media.probe import probe
from longtake_engine.media.sound_reader import SoundReader
from longtake_engine.media.writer import MediaWriter, made_by_longtake, partial_path
from longtake_engine.picture import Color
from longtake_engine.testing.media import described, make_clip, numbered_picture

FORMAT = describe("yuv420p", 128, 72, Color("tv", "bt709", "bt709", "bt709"))
STEREO = SoundFormat(48000, "stereo", 2, np.dtype(np.int16), 16)


def writer(
    path: Path, codec: CodecChoice = "prores", sound: tuple[SoundFormat, ...] = ()
) -> MediaWriter:
    return MediaWriter(
        path,
        job_id="job",
        source=described(FORMAT),
        format=FORMAT,
        rate=Fraction(25),
        codec=codec,
        start_frame=0,
        sound=sound,
    )


def test_the_name_appears_with_the_commit(tmp_path: Path, numbers) -> None:
    path = tmp_path / "out.mov"
    with writer(path) as out:
        for number in range(5):
            out.write_picture(numbered_picture(FORMAT, number))
        assert not path.exists()
        assert partial_path(path, "job").exists()
        out.commit()
        assert [p.name for p in tmp_path.iterdir()] == ["out.mov"]
    assert numbers(probe(path)) == list(range(5))


def test_an_older_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "out.mov"
    path.write_bytes(b"older")
    with writer(path) as out:
        out.write_picture(numbered_picture(FORMAT, 0))
    assert path.read_bytes() == b"older"
    with writer(path) as out:
        out.write_picture(numbered_picture(FORMAT, 0))
        out.commit()
    assert probe(path).video.frame_count == 1


@pytest.mark.parametrize("codec", ["prores", "h264"])
def test_leaving_without_a_commit_leaves_nothing(codec, tmp_path: Path) -> None:
    path = tmp_path / ("out.mp4" if codec == "h264" else "out.mov")
    with pytest.raises(KeyError), writer(path, codec, (STEREO,)) as out:
        out.write_picture(numbered_picture(FORMAT, 0))
        out.write_sound(0, np.zeros((2, 1920), np.int16))
        raise KeyError("the work failed")
    assert list(tmp_path.iterdir()) == []
    with writer(path, codec) as out, pytest.raises(WrongCall, match="without frames"):
        out.commit()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
@pytest.mark.parametrize("codec", ["prores", "ffv1", "h264"])
def test_a_full_disk_is_said_and_nothing_stays(codec, tmp_path: Path) -> None:
    suffix = {"prores": ".mov", "ffv1": ".mkv", "h264": ".mp4"}[codec]
    path = tmp_path / f"out{suffix}"
    partial_path(path, "job").symlink_to("/dev/full")
    with pytest.raises(OutOfSpace, match="is full; free some space") as caught, writer(
        path, codec
    ) as out:  # fmt: skip
        for number in range(40):
            out.write_picture(numbered_picture(FORMAT, number))
        out.commit()
    assert caught.value.reason == "OUT_OF_SPACE"
    assert list(tmp_path.iterdir()) == []


LIMITED_DISK = """
import resource, signal, sys
from pathlib import Path
from longtake_engine.errors import OutOfSpace
sys.path.insert(0, sys.argv[2])
import test_writer
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
path = Path(sys.argv[1])
try:
    with test_writer.writer(path) as out:
        for number in range(400):
            out.write_picture(test_writer.numbered_picture(test_writer.FORMAT, number))
        out.commit()
except OutOfSpace as error:
    print(number, error.sentence)
"""


@pytest.mark.skipif(os.name == "nt", reason="needs a limit on the size of files")
def test_a_disk_that_fills_up_in_the_middle(tmp_path: Path) -> None:
    path = tmp_path / "out.mov"
    command = [sys.executable, "-c", LIMITED_DISK, path, Path(__file__).parent]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert "is full; free some space" in done.stdout, done.stderr
    assert 0 < int(done.stdout.split()[0]) < 399  # noticed while writing, not at the end
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", [".mov", ".mkv"])
@pytest.mark.parametrize(
    ("dtype", "bits", "codec"),
    [("int16", 16, "pcm_s16le"), ("int32", 24, "pcm_s24le"), ("int32", 32, "pcm_s32le"),
     ("float32", 32, "pcm_f32le")],
)  # fmt: skip
def test_samples_come_back_as_they_were(
    suffix: str, dtype: str, bits: int, codec: str, tmp_path: Path
) -> None:
    sound = SoundFormat(44100, "5.1", 6, np.dtype(dtype), bits)
    random = np.random.default_rng(2)
    if dtype == "float32":
        samples = random.uniform(-1, 1, (6, 5292)).astype(np.float32)
    else:
        whole = random.integers(-(1 << 31), 1 << 31, (6, 5292))
        samples = (whole >> (32 - bits)).astype(np.int64) << (32 - bits)
        samples = (samples >> (32 - np.dtype(dtype).itemsize * 8)).astype(dtype)
    path = tmp_path / f"out{suffix}"
    with writer(path, sound=(sound,)) as out:
        for number in range(3):
            out.write_picture(numbered_picture(FORMAT, number))
        for start in (0, 1000, 1001):  # in pieces of any size
            stop = {0: 1000, 1000: 1001, 1001: 5292}[start]
            out.write_sound(0, samples[:, start:stop])
        out.commit()
    info = probe(path)
    stream = info.audio_streams[0]
    assert (stream.codec, stream.layout, stream.sample_rate) == (codec, "5.1", 44100)
    assert np.array_equal(np.concatenate(list(SoundReader(info).blocks()), 1), samples)


def test_sound_of_another_kind_is_refused(tmp_path: Path) -> None:
    with writer(tmp_path / "out.mov", sound=(STEREO,)) as out:
        out.write_picture(numbered_picture(FORMAT, 0))
        for wrong in (np.zeros((1, 10), np.int16), np.zeros((2, 10), np.float32)):
            with pytest.raises(WrongCall, match="does not go into a stream"):
                out.write_sound(0, wrong)


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.mov", "prores"), ("a.mkv", "ffv1"), ("a.mp4", "h264"), ("b.mkv", "prores")],
)
def test_what_longtake_made_can_be_told(name: str, codec, tmp_path: Path) -> None:
    with writer(tmp_path / name, codec) as out:
        out.write_picture(numbered_picture(FORMAT, 0))
        out.commit()
    assert made_by_longtake(tmp_path / name)
    assert not made_by_longtake(make_clip(tmp_path / "other.mov", codec="mpeg4", frames=1))


def test_sound_after_all_pictures_is_as_good_as_in_step(tmp_path: Path, numbers) -> None:
    samples = np.arange(2 * 96000, dtype=np.int64).reshape(2, 96000).astype(np.int16)
    infos = []
    for in_step in (True, False):
        path = tmp_path / f"{in_step}.mov"
        with writer(path, sound=(STEREO,)) as out:
            for number in range(50):
                out.write_picture(numbered_picture(FORMAT, number))
                if in_step:
                    out.write_sound(0, samples[:, number * 1920 : (number + 1) * 1920])
            if not in_step:
                out.write_sound(0, samples)
            out.commit()
        infos.append(probe(path))
    for info in infos:
        assert numbers(info) == list(range(50))
        assert np.array_equal(np.concatenate(list(SoundReader(info).blocks()), 1), samples)
