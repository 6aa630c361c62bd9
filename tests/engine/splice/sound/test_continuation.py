from itertools import pairwise

import numpy as np
import pytest
from longtake_engine.splice.sound.continuation import plan_continuation

RATE = 48000


def noise(seconds: float, channels: int = 2, *, level: float = 0.05, seed: int = 5) -> np.ndarray:
    """White noise, C S."""
    random = np.random.default_rng(seed)
    return random.normal(0, level, (channels, int(seconds * RATE))).astype(np.float32)


def rumble(seconds: float, channels: int = 2) -> np.ndarray:
    """Noise whose power falls with frequency, as a room's does, C S."""
    count = int(seconds * RATE)
    spectrum = np.fft.rfft(noise(seconds, channels)) / np.maximum(np.fft.rfftfreq(count), 1e-3)
    sound = np.fft.irfft(spectrum, count)
    return (0.05 * sound / sound.std()).astype(np.float32)


def go_on(
    history: np.ndarray, count: int, *, seed: int = 1, rate: int = RATE, forward: bool = True
) -> np.ndarray:
    plan = plan_continuation(history, rate, count, forward=forward, seed=seed)
    blocks = list(plan.blocks(0, count) if forward else plan.blocks(-count, 0))
    return np.concatenate(blocks, axis=1)


def level_db(sound: np.ndarray, than: np.ndarray) -> float:
    return float(20 * np.log10(sound.std() / than.std()))


def bands_db(sound: np.ndarray) -> np.ndarray:
    """Power in octaves from 62 Hz to 16 kHz."""
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2 / len(sound)
    edges = 62 * 2 ** np.arange(9) * len(sound) // RATE
    return np.array([10 * np.log10(power[a:b].mean()) for a, b in pairwise(edges)])


@pytest.mark.parametrize("rate", [8000, 44100, 48000, 96000])
@pytest.mark.parametrize("count", [1, 17, 999, 48048, 96097])
def test_exactly_as_many_samples_as_asked_for(count, rate):
    history = noise(1.5)
    made = go_on(history, count, rate=rate)
    assert made.shape == (2, count)
    assert made.dtype == np.float32


def test_none_asked_for_none_made():
    assert list(plan_continuation(noise(1), RATE, 0).blocks(0, 0)) == []


@pytest.mark.parametrize("history", [noise(8), rumble(8)], ids=["noise", "rumble"])
class TestAmbience:
    def test_it_joins_without_a_click(self, history):
        made = go_on(history, RATE)
        usual = np.abs(np.diff(history)).max()
        assert np.abs(made[:, 0] - history[:, -1]).max() <= usual
        assert np.abs(np.diff(made)).max() <= 1.25 * usual

    def test_it_is_as_loud(self, history):
        made = go_on(history, 4 * RATE)
        assert abs(level_db(made, history)) < 1
        tenth = RATE // 10
        parts = [made[:, n : n + tenth] for n in range(0, 4 * RATE, tenth)]
        known = [history[:, n : n + tenth] for n in range(0, 4 * RATE, tenth)]
        spread = max(abs(level_db(part, history)) for part in known)
        assert all(abs(level_db(part, history)) < 3 + spread for part in parts)

    def test_it_sounds_the_same(self, history):
        made = go_on(history, 4 * RATE)
        assert np.abs(bands_db(made[0]) - bands_db(history[0])).max() < 2

    def test_no_stretch_comes_again_and_again(self, history):
        made = go_on(history, 6 * RATE)[0]
        power = np.abs(np.fft.rfft(made - made.mean(), 1 << 20)) ** 2
        likeness = np.fft.irfft(power)
        likeness /= likeness[0]
        own = np.abs(np.fft.irfft(np.abs(np.fft.rfft(history[0], 1 << 20)) ** 2))
        natural = (own / own[0])[RATE // 5 : 4 * RATE].max()
        assert np.abs(likeness[RATE // 5 : 4 * RATE]).max() < 0.25 + natural


def test_the_same_seed_the_same_sound():
    history = noise(3)
    assert np.array_equal(go_on(history, RATE), go_on(history, RATE))
    assert not np.array_equal(go_on(history, RATE), go_on(history, RATE, seed=2))


def test_a_longer_extension_begins_as_a_shorter_one():
    history = noise(3)
    assert np.array_equal(go_on(history, 2 * RATE)[:, :RATE], go_on(history, RATE))


def test_channels_stay_together():
    one = noise(3, 1)
    history = np.concatenate([one, one, -one, np.zeros_like(one), 0.5 * one])
    made = go_on(history, RATE)
    assert np.array_equal(made[0], made[1])
    assert np.array_equal(made[0], -made[2])
    assert not made[3].any()
    assert np.allclose(made[4], made[0] / 2, atol=1e-6)
    assert made[0].std() > 0.03


def test_silence_goes_on_as_silence():
    made = go_on(np.zeros((2, 3 * RATE), np.float32), RATE)
    assert made.shape == (2, RATE)
    assert not made.any()


@pytest.mark.parametrize("count", [0, 1, 10, 47, 48, 100, 1000, 12000])
def test_a_very_short_history_does(count):
    history = noise(1)[:, :count]
    made = go_on(history, 5000)
    assert made.shape == (2, 5000)
    assert np.isfinite(made).all()
    assert np.abs(made).max() <= 1.5 * np.abs(noise(1)).max()
    if count >= 1000:
        assert abs(level_db(made, history)) < 3


def test_nothing_is_louder_than_what_was_there():
    loud = np.clip(noise(3, level=0.4), -1, 1)
    assert abs(level_db(go_on(loud, 3 * RATE), loud)) < 0.5


def speech(seconds: float) -> np.ndarray:
    """Room noise with loud words in it, more of the time than not."""
    sound = noise(seconds, 1, level=0.005)
    word = np.arange(int(0.5 * RATE))
    tone = 0.3 * np.sin(2 * np.pi * 220 * word / RATE) * np.hanning(len(word))
    for start in np.arange(0.3, seconds - 1, 0.9):
        at = int(start * RATE)
        sound[0, at : at + len(word)] += tone
    return sound.astype(np.float32)


def test_words_are_not_babbled_on():
    history = speech(8)
    made = go_on(history, 3 * RATE)
    assert np.abs(history).max() > 0.25
    assert np.abs(made).max() < 0.06
    quiet = noise(8, 1, level=0.005)
    assert abs(level_db(made[:, RATE // 10 :], quiet)) < 3


def test_a_word_at_the_join_dies_away():
    history = speech(8)
    last = np.arange(int(0.4 * RATE))
    history[0, -len(last) :] += (0.3 * np.sin(2 * np.pi * 220 * last / RATE)).astype(np.float32)
    made = go_on(history, RATE)
    assert np.abs(made[0, 0] - history[0, -1]) < 0.05  # no cut in the middle of it
    assert np.abs(made[:, RATE // 10 :]).max() < 0.06
