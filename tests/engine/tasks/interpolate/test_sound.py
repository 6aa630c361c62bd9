"""What is heard of a clip that was slowed down, read back from the file."""

from fractions import Fraction

import numpy as np
import pytest
from longtake_engine.media.probe import probe
from longtake_engine.testing.picture import format_of, panning

pytest.importorskip("python_stretch")
RATE = 48000
FILM = Fraction(24000, 1001)
SMALL = panning(format_of("gray", 64, 36), 60, (2, 0))


def tones(hertz: list[float], seconds: float) -> np.ndarray:
    """A sine of each pitch in a channel of its own, float32."""
    time = np.arange(round(seconds * RATE)) / RATE
    return np.stack([0.3 * np.sin(2 * np.pi * h * time) for h in hertz]).astype(np.float32)


def pitch(sound: np.ndarray) -> float:
    """Of the loudest partial of one channel, Hz."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.fft.rfftfreq(len(sound), 1 / RATE)[spectrum.argmax()])


@pytest.mark.parametrize(
    ("rate", "factor"), [(Fraction(25), Fraction(2)), (FILM, Fraction(2)), (FILM, Fraction(5, 2))]
)
def test_slowed_sound_lasts_as_long_as_the_picture(talkie, make, heard, rate, factor):
    sound = (tones([440, 660], 60 / rate) * 32767).astype(np.int16)
    done = make(talkie(SMALL, sound, rate), factor=factor)
    frames, out = done.take.duration_frames, done.take.media_path
    assert frames == round(60 * factor)
    made = heard(out)
    assert made.shape == (2, round(frames * RATE / rate))
    (stream,) = probe(out).audio_streams
    assert stream.sample_format.startswith("s16")
    middle = made[:, RATE : -RATE // 2]
    assert [pitch(channel) for channel in middle] == pytest.approx([440, 660], abs=1.5)
    assert middle.std() == pytest.approx(0.3 / np.sqrt(2), rel=0.1)


def test_depth_and_layout_stay(talkie, make, heard, out):
    pitches = [200.0, 300.0, 400.0, 50.0, 600.0, 700.0]
    sound = (tones(pitches, 60 / 25).astype(np.float64) * 2**31).astype(np.int32) >> 8 << 8
    make(talkie(SMALL, sound, bits=24), factor=2)
    (stream,) = probe(out).audio_streams
    assert (stream.bit_depth, stream.layout) == (24, "5.1")
    made = heard(out)[:, RATE:-RATE]
    assert [pitch(channel) for channel in made] == pytest.approx(pitches, abs=1.5)


def test_what_sounds_is_seen_at_the_same_moment(talkie, make, heard, out):
    sound = 0.001 * np.random.default_rng(4).standard_normal((1, round(60 / 25 * RATE)))
    at = round(30 / 25 * RATE)
    sound[:, at : at + 400] += 0.5 * np.random.default_rng(5).standard_normal((1, 400))
    make(talkie(SMALL, sound.astype(np.float32), bits=32), factor=3)
    power = np.square(heard(out)[0].astype(np.float64))
    middle = (power * np.arange(power.size)).sum() / power.sum() / RATE
    assert middle == pytest.approx((at + 200) / RATE * 3, abs=0.02)


def test_no_audio_leaves_it_out(talkie, make, out):
    make(talkie(SMALL, tones([440], 60 / 25), bits=32), factor=2, no_audio=True)
    assert probe(out).audio_streams == ()


def test_sound_of_a_converted_clip_is_cut_or_filled_to_the_picture(talkie, make, heard, out):
    sound = (tones([440], 59 / 25) * 32767).astype(np.int16)
    clip = talkie(SMALL[:59], sound)
    take = make(clip, rate=FILM).take
    assert take.duration_frames == 57  # 56.58 of them are the clip
    made, known = heard(out), heard(clip)
    assert made.shape[1] == round(57 * RATE / FILM)
    assert np.array_equal(made[:, : known.shape[1]], known)
    assert not made[:, known.shape[1] :].any()
