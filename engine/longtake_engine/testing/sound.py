"""Sounds to test with, made by rule: rooms, hum, music, steps. C S float32."""

import numpy as np

RATE = 48000


def room(seconds: float, channels: int = 1, *, level: float = 0.02, seed: int = 5) -> np.ndarray:
    """Noise that falls by 3 dB an octave, as a quiet room does."""
    random = np.random.default_rng(seed)
    count = int(seconds * RATE)
    hertz = np.maximum(np.fft.rfftfreq(count, 1 / RATE), 20)
    sound = np.fft.irfft(np.fft.rfft(random.normal(size=(channels, count))) / np.sqrt(hertz), count)
    return (level * sound / sound.std()).astype(np.float32)


def hum(seconds: float, hertz: float, *, level: float = 0.02, start_s: float = 0.0) -> np.ndarray:
    """Mains hum, its first four odd partials, as it is from `start_s` on; one channel."""
    time = np.arange(int(start_s * RATE), int(start_s * RATE) + int(seconds * RATE)) / RATE
    partials = [np.sin(2 * np.pi * hertz * k * time + k) / k for k in (1, 3, 5, 7)]
    return (level * np.sum(partials, axis=0))[None].astype(np.float32)


def melody(seconds: float, *, note_s: float = 0.4, seed: int = 3) -> np.ndarray:
    """Chords of three plucked notes, a new one every `note_s`; one channel."""
    random = np.random.default_rng(seed)
    sound = np.zeros(int((seconds + 2 * note_s) * RATE))
    for start in np.arange(0, seconds, note_s):
        time = np.arange(int(1.6 * note_s * RATE)) / RATE
        for step in random.choice([0, 2, 4, 5, 7, 9, 11, 12], 3, replace=False):
            pitch = 220 * 2 ** (step / 12)
            partials = [np.sin(2 * np.pi * pitch * k * time) / k**1.5 for k in range(1, 6)]
            pluck = np.minimum(time / 0.01, 1) * np.exp(-2 * time / note_s)
            at = int(start * RATE)
            sound[at : at + len(time)] += 0.06 * np.sum(partials, axis=0) * pluck
    return sound[None, : int(seconds * RATE)].astype(np.float32)


def knock(sound: np.ndarray, at_s: float, *, level: float = 0.5) -> np.ndarray:
    """`sound` with a knock in all channels at `at_s`."""
    random = np.random.default_rng(9)
    length = int(0.08 * RATE)
    blow = random.normal(size=length) * np.exp(-np.arange(length) / (0.012 * RATE))
    knocked = sound.copy()
    at = int(at_s * RATE)
    knocked[:, at : at + length] += (level * blow / np.abs(blow).max()).astype(np.float32)
    return knocked
