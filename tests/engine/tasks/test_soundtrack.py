from fractions import Fraction

import numpy as np
import pytest
from longtake_engine.media.probe import probe
from longtake_engine.media.sound_reader import SoundReader
from longtake_engine.tasks.soundtrack import Soundtrack, sample_at
from longtake_engine.testing.media import Sound, known_samples, make_clip

FILM = Fraction(24000, 1001)
NTSC = Fraction(30000, 1001)


@pytest.mark.parametrize(
    ("frame", "sample_rate", "rate", "sample"),
    [
        (0, 48000, FILM, 0),
        (1, 48000, FILM, 2002),
        (10**15, 48000, FILM, 2002 * 10**15),  # however far in, not one sample off
        (-24, 48000, FILM, -48048),
        (1, 48000, NTSC, 1602),  # 1601.6
        (5, 48000, NTSC, 8008),
        (5 * 10**9, 48000, NTSC, 8008 * 10**9),
        (24000, 44100, FILM, 44100 * 1001),
        (1, 44100, FILM, 1839),  # 1839.3375
        (40, 44100, FILM, 73574),  # 73573.5: halves go to even, as in SoundReader.sample_count
        (120, 44100, FILM, 220720),  # 220720.5
        (25, 44100, Fraction(25), 44100),
    ],
)
def test_first_sample_of_a_frame(frame, sample_rate, rate, sample):
    assert sample_at(frame, sample_rate, rate) == sample


@pytest.mark.parametrize("rate", [FILM, NTSC, Fraction(60000, 1001), Fraction(25, 2)])
def test_frames_share_the_samples_without_drift(rate):
    usual = Fraction(44100) / rate
    starts = [sample_at(n, 44100, rate) for n in range(-1000, 1000)]
    steps = np.diff(starts)
    assert set(steps) <= {int(usual), int(usual) + 1}
    assert all(abs(s - n * usual) <= Fraction(1, 2) for n, s in enumerate(starts, -1000))


@pytest.fixture
def reader(tmp_path) -> SoundReader:
    clip = make_clip(tmp_path / "clip.mkv", frames=10, size=(32, 18), rate=FILM, audio=(Sound(),))
    return SoundReader(probe(clip))


@pytest.mark.parametrize(
    "frames", [range(10), range(-4, 10), range(14), range(-4, 14), range(3, 7), range(6, 14)]
)
def test_sound_comes_frame_by_frame_and_is_the_same_in_one_go(reader, frames):
    steps = Soundtrack(reader, FILM, frames)
    parts = []
    for frame in frames:
        part = list(steps.up_to(frame + 1))
        assert all(block.dtype == np.int16 for block in part)
        parts += part
        due = sample_at(frame + 1, 48000, FILM) - sample_at(frames.start, 48000, FILM)
        assert sum(block.shape[1] for block in parts) == due
    whole = np.concatenate(list(Soundtrack(reader, FILM, frames).up_to(frames.stop)), axis=1)
    assert np.array_equal(np.concatenate(parts, axis=1), whole)
    known = range(max(0, frames.start), min(10, frames.stop))
    first, last = (sample_at(n, 48000, FILM) for n in (known.start, known.stop))
    offset = first - sample_at(frames.start, 48000, FILM)
    kept = whole[:, offset : offset + last - first]
    assert np.array_equal(kept, known_samples(Sound(), first, last))


@pytest.mark.parametrize(
    ("part", "whole"), [(range(12, 16), range(10, 16)), (range(-6, -2), range(-6, 0))]
)
def test_a_part_away_from_the_clip_is_the_same_as_in_the_whole(reader, part, whole):
    heard = np.concatenate(list(Soundtrack(reader, FILM, part).up_to(part.stop)), axis=1)
    all_of_it = np.concatenate(list(Soundtrack(reader, FILM, whole).up_to(whole.stop)), axis=1)
    start = sample_at(part.start, 48000, FILM) - sample_at(whole.start, 48000, FILM)
    assert np.array_equal(heard, all_of_it[:, start : start + heard.shape[1]])


def test_nothing_is_given_twice_or_beyond_the_end(reader):
    track = Soundtrack(reader, FILM, range(5))
    assert sum(block.shape[1] for block in track.up_to(99)) == sample_at(5, 48000, FILM)
    assert list(track.up_to(5)) == []
    assert list(track.up_to(3)) == []
