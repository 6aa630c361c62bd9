from fractions import Fraction

import numpy as np
import pytest
from longtake_engine.splice.sound import stretch
from longtake_engine.splice.sound.stretch import stretched
from longtake_engine.testing.sound import RATE, knock, room

pytest.importorskip("python_stretch")
FACTORS = [Fraction(25025, 24000), Fraction(2), Fraction(5, 2), Fraction(4)]


def slowed(sound: np.ndarray, factor: Fraction, block: int = 5000) -> np.ndarray:
    blocks = (sound[:, at : at + block] for at in range(0, sound.shape[1], block))
    return np.concatenate(list(stretched(blocks, RATE, factor)), axis=1)


def sine(hertz: float, seconds: float) -> np.ndarray:
    time = np.arange(round(seconds * RATE)) / RATE
    return 0.3 * np.sin(2 * np.pi * hertz * time)[None].astype(np.float32)


def pitch(sound: np.ndarray) -> float:
    """Of the loudest partial of one channel, Hz."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.fft.rfftfreq(len(sound), 1 / RATE)[spectrum.argmax()])


@pytest.mark.parametrize("factor", FACTORS)
def test_the_pitch_stays_and_the_length_is_exact(factor):
    made = slowed(sine(440, 3), factor)
    assert made.shape == (1, round(3 * RATE * factor))
    assert pitch(made[0, RATE : 2 * RATE]) == pytest.approx(440, abs=1.5)
    middle = made[0, RATE // 2 : -RATE // 2]
    assert 20 * np.log10(middle.std() / (0.3 / np.sqrt(2))) == pytest.approx(0, abs=1)


@pytest.mark.parametrize("factor", FACTORS)
def test_what_sounds_comes_at_its_moment(factor):
    sound = knock(room(3, level=0.001), 1.25)
    made = np.square(slowed(sound, factor)[0].astype(np.float64))
    heard = (made * np.arange(made.size)).sum() / made.sum() / RATE
    true = np.square(sound[0].astype(np.float64))
    due = (true * np.arange(true.size)).sum() / true.sum() / RATE * float(factor)
    assert heard == pytest.approx(due, abs=0.05)


def test_channels_stay_apart_and_in_step():
    sound = np.concatenate([sine(220 * (n + 1), 2) for n in range(6)])
    made = slowed(sound, Fraction(2))
    assert made.shape == (6, 4 * RATE)
    heard = [pitch(channel[RATE : 3 * RATE]) for channel in made]
    assert heard == pytest.approx([220 * (n + 1) for n in range(6)], abs=1.5)


def test_a_long_sound_in_pieces_has_no_gap_and_no_bump(monkeypatch):
    sound = sine(330, 14)
    for at_s in (3.2, 6.5, 9.9):
        sound[:, round(at_s * RATE) : round((at_s + 0.25) * RATE)] *= 0.02
    at_once = slowed(sound, Fraction(2))
    monkeypatch.setattr(stretch, "MOST_S", 4.0)
    made = slowed(sound, Fraction(2))
    assert made.shape == at_once.shape == (1, 28 * RATE)
    assert not np.array_equal(made, at_once)
    loudness, wanted = (
        np.sqrt(np.square(one[0].reshape(-1, RATE // 50)).mean(axis=1)) for one in (made, at_once)
    )
    assert np.abs(loudness - wanted).mean() < 0.01
    assert np.abs(loudness - wanted).max() < 0.12


def test_pieces_are_small_however_long_and_wide_the_sound(monkeypatch):
    sizes = []
    inner = stretch._stretch

    def watched(piece, sample_rate, factor):
        sizes.append(piece.size * factor)
        return inner(piece, sample_rate, factor)

    monkeypatch.setattr(stretch, "_stretch", watched)
    monkeypatch.setattr(stretch, "MOST_SAMPLES", 12 * 4 * RATE)
    slowed(room(12, channels=2, level=0.1), Fraction(4), block=RATE // 4)
    assert len(sizes) > 3
    assert max(sizes) < 1.1 * stretch.MOST_SAMPLES


@pytest.mark.parametrize("count", [0, 1, 100, 5000])
def test_hardly_any_sound(count):
    blocks = list(stretched([np.zeros((2, count), np.float32)], RATE, Fraction(5, 2)))
    assert sum(block.shape[1] for block in blocks) == round(count * Fraction(5, 2))


def test_no_sound_at_all():
    assert list(stretched([], RATE, Fraction(2))) == []
