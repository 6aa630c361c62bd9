"""Sample k is sample k, and sample 0 sounds with frame 0."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from longtake_engine.errors import WrongCall
from longtake_engine.media.probe import probe
from longtake_engine.media.sound_reader import SoundReader
from longtake_engine.testing.media import LONG_GOP, Sound, known_samples, make_clip

INTRA = {"codec": "mjpeg", "pixel_format": "yuvj420p", "size": (64, 36)}


def read(reader: SoundReader, start: int = 0, stop: int | None = None) -> np.ndarray:
    return np.concatenate(list(reader.blocks(start, stop)), axis=1)


@pytest.mark.parametrize(
    ("suffix", "sound"),
    [
        (".mov", Sound("pcm_s16le")),
        (".mov", Sound("pcm_s24le", 44100, "5.1")),
        (".mov", Sound("pcm_f32le", 96000, "mono")),
        (".mkv", Sound("pcm_s16le", 44100)),
        (".mkv", Sound("flac")),
        (".avi", Sound("pcm_s16le")),
    ],
)
def test_any_run_of_samples_is_exact(suffix: str, sound: Sound, tmp_path: Path) -> None:
    info = probe(make_clip(tmp_path / f"a{suffix}", frames=90, audio=(sound,), **INTRA))
    reader = SoundReader(info)
    count = round(90 * sound.sample_rate / Fraction(25))
    assert reader.sample_count == count
    for start, stop in ((0, count), (1, 2), (999, 3001), (count - 7, count), (count // 2, count)):
        assert np.array_equal(read(reader, start, stop), known_samples(sound, start, stop))
    assert all(block.flags.c_contiguous for block in reader.blocks(5, 5000))


def test_runs_are_cut_to_what_there_is(tmp_path: Path) -> None:
    sound = Sound(layout="mono")
    info = probe(make_clip(tmp_path / "a.mov", frames=5, audio=(sound,), **INTRA))
    reader = SoundReader(info)
    assert read(reader, -10, 20).shape == (1, 20)
    assert read(reader, 9590, 99999).shape == (1, 10)
    assert not list(reader.blocks(9600))


@pytest.mark.parametrize("suffix", [".mov", ".mkv"])
def test_sound_that_starts_late_is_silent_before(suffix: str, tmp_path: Path) -> None:
    sound = Sound(start_s=Fraction(1, 4))
    info = probe(make_clip(tmp_path / f"a{suffix}", frames=25, audio=(sound,), **INTRA))
    assert info.audio_streams[0].start_s == pytest.approx(0.25)
    samples = read(SoundReader(info))
    assert samples.shape == (2, 48000)
    assert not samples[:, :12000].any()
    assert np.array_equal(samples[:, 12000:], known_samples(sound, 0, 36000))
    assert np.array_equal(read(SoundReader(info), 11998, 12003), samples[:, 11998:12003])


def test_sound_from_before_the_first_picture_is_left_out(tmp_path: Path) -> None:
    sound = Sound()
    path = make_clip(tmp_path / "a.mkv", frames=25, shift_frames=5, audio=(sound,), **INTRA)
    info = probe(path)
    assert info.audio_streams[0].start_s == pytest.approx(-0.2)
    samples = read(SoundReader(info))
    assert np.array_equal(samples[:, :38400], known_samples(sound, 9600, 48000))
    assert not samples[:, 38400:].any()


def test_compressed_sound_lies_where_it_was(tmp_path: Path) -> None:
    sound = Sound("aac", layout="mono")
    path = make_clip(tmp_path / "a.mp4", frames=50, audio=(sound,), codec="libx264",
                     options=LONG_GOP)  # fmt: skip
    samples = read(SoundReader(probe(path)))[0]
    known = known_samples(sound, 0, 96000)[0]
    # A tone of 220 Hz repeats every 218 samples; its place is told within half of that.
    errors = [np.abs(samples[9000 + d : 19000 + d] - known[9000:19000]).mean() for d in (0, 40)]
    assert errors[0] < 0.02 < errors[1]


def test_every_stream_is_there(tmp_path: Path) -> None:
    sounds = (Sound(), Sound("pcm_s24le", 44100, "mono"), Sound("pcm_s16le", layout="5.1"))
    info = probe(make_clip(tmp_path / "a.mov", frames=10, audio=sounds, **INTRA))
    assert [s.layout for s in info.audio_streams] == ["stereo", "mono", "5.1"]
    for number, sound in enumerate(sounds):
        samples = read(SoundReader(info, number))
        assert np.array_equal(samples, known_samples(sound, 0, samples.shape[1]))
    with pytest.raises(WrongCall, match="no audio stream number 3"):
        SoundReader(info, 3)


def test_length_matches_the_picture_at_odd_rates(tmp_path: Path) -> None:
    rate = Fraction(30000, 1001)
    info = probe(make_clip(tmp_path / "a.mov", frames=11, rate=rate, audio=(Sound(),), **INTRA))
    reader = SoundReader(info)
    assert reader.sample_count == round(11 * 48000 / rate) == 17618
    assert read(reader).shape == (2, 17618)
