"""What is heard between two shots, read back from the file."""

from fractions import Fraction

import numpy as np
import pytest
from longtake_engine.media.probe import probe
from longtake_engine.testing.picture import format_of, panning
from longtake_engine.testing.sound import RATE, hum, room

SMALL = panning(format_of("gray", 64, 36), 100, (1, 0))
SECONDS = 4  # of each shot


@pytest.fixture
def shots(talkie):
    """A shot in a room with a deep hum and one in a room with a high one."""
    sounds = [room(SECONDS, 2, seed=n) + hum(SECONDS, hertz) for n, hertz in ((1, 100), (2, 1000))]
    return tuple(talkie(SMALL, (sound * 32767).astype(np.int16)) for sound in sounds)


def level(sound: np.ndarray, hertz: float) -> float:
    """Of one partial of the first channel."""
    spectrum = np.abs(np.fft.rfft(sound[0] * np.hanning(sound.shape[1])))
    hertz_of = np.fft.rfftfreq(sound.shape[1], 1 / RATE)
    return float(spectrum[np.abs(hertz_of - hertz) < 8].max())


@pytest.mark.parametrize("join", ["cut", "dissolve", "morph"])
def test_the_first_room_goes_over_into_the_second(shots, make, heard, out, join):
    make(*shots, gap=50, join=join)
    sound = heard(out)
    assert sound.shape == (2, 2 * RATE)
    ends = sound[:, : RATE // 2], sound[:, -RATE // 2 :]
    for own, other, end in ((100, 1000, ends[0]), (1000, 100, ends[1])):
        assert level(end, own) > 3 * level(end, other)
    # At equal power: nowhere a hole or a bump.
    loudness = np.sqrt(np.square(sound).reshape(2, 20, -1).mean(axis=(0, 2)))
    whole = np.sqrt(np.square(np.concatenate([heard(shot) for shot in shots], axis=1)).mean())
    assert loudness.min() > 0.5 * whole
    assert loudness.max() < 1.8 * whole


@pytest.mark.parametrize("rate", [Fraction(25), Fraction(24000, 1001)])
@pytest.mark.parametrize("gap", [1, 7])
def test_it_is_as_long_as_the_picture_to_the_sample(talkie, make, heard, rate, gap):
    sound = (room(SECONDS, 1) * 32767).astype(np.int16)
    clip = talkie(SMALL, sound, rate)
    take = make(clip, clip, gap=gap, join="morph").take
    assert heard(take.media_path).shape == (1, round(gap * RATE / rate))


def test_sound_of_another_layout_and_rate_comes_to_the_first_ones(talkie, make, heard, out):
    first = talkie(SMALL, (room(SECONDS, 1) * 32767).astype(np.int16))
    second = talkie(SMALL, room(SECONDS, 6, seed=7), Fraction(30), bits=32)
    make(first, second, gap=25, join="morph")
    (stream,) = probe(out).audio_streams
    assert (stream.layout, stream.sample_format.removesuffix("p")) == ("mono", "s16")
    sound = heard(out)
    assert sound.shape == (1, RATE)
    assert np.sqrt(np.square(sound[:, -RATE // 5 :]).mean()) > 0.005


def test_one_shot_without_sound_leaves_the_other_its_own(film, talkie, make, heard, out):
    silent = film(SMALL)
    loud = talkie(SMALL, (room(SECONDS, 2) * 32767).astype(np.int16))
    for pair, quiet, end in (((silent, loud), 0, -1), ((loud, silent), -1, 0)):
        make(*pair, gap=25, join="dissolve")
        parts = np.split(heard(out), 5, axis=1)
        assert parts[quiet].std() < 0.5 * parts[end].std()
        assert parts[end].std() > 0.01


def test_no_audio_leaves_it_out(shots, make, out):
    make(*shots, gap=5, join="morph", no_audio=True)
    assert probe(out).audio_streams == ()
