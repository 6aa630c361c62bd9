"""A chord that is held: the last instants of music, sounding on without a beat."""

from dataclasses import dataclass

import numpy as np

from longtake_engine.splice.sound.spectrum import overlap_add, sine_window

FRAME_S = 0.3


@dataclass(frozen=True, slots=True)
class Pad:
    """The sound beside the join, endless: its spectra with their phases drawn anew.

    As in Nasca Octavian Paul's "extreme sound stretching"; all channels share the drawn phases, so
    that the stereo image stays.
    """

    sound: np.ndarray  # C S float32, what is held
    size: int  # samples of a frame, even
    seed: int

    def render(self, start: int, stop: int) -> np.ndarray:
        """Samples `start` to `stop`, which may be negative, C S float32."""
        return overlap_add(self._frame, len(self.sound), self.size, start, stop)

    def _frame(self, number: int) -> np.ndarray:
        random = np.random.default_rng([self.seed, number + (1 << 40)])
        at = int(random.integers(0, self.sound.shape[1] - self.size + 1))
        window = sine_window(self.size)
        spectrum = np.fft.rfft(self.sound[:, at : at + self.size] * window)
        turn = np.exp(2j * np.pi * random.random(spectrum.shape[1]))
        turn[0] = 0
        # The first window has halved the power.
        wave = np.fft.irfft(spectrum * turn, self.size) * np.sqrt(2)
        return (wave * window).astype(np.float32)


def hold_chord(chord: np.ndarray, sample_rate: int, seed: int) -> Pad:
    """The pad of what sounds in `chord`, C S."""
    return Pad(chord, min(int(FRAME_S * sample_rate), chord.shape[1]) // 2 * 2, seed)
