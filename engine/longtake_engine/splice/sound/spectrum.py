"""Short-time spectra and the bands that they are summed into."""

from collections.abc import Callable

import numpy as np

TICKS_PER_S = 100  # the grid on which sound is judged: 10 ms


def tick_samples(sample_rate: int) -> int:
    """Samples of one tick."""
    return max(1, sample_rate // TICKS_PER_S)


def sine_window(size: int) -> np.ndarray:
    """`size` float32 whose squares add up to 1 where two of them overlap by half."""
    return np.sin(np.pi * (np.arange(size) + 0.5) / size).astype(np.float32)


def overlap_add(
    frame: Callable[[int], np.ndarray], channel_count: int, size: int, start: int, stop: int
) -> np.ndarray:
    """Samples `start` to `stop`, which may be negative, of windowed frames that overlap by half.

    Args:
        frame: Makes frame number n, C S float32 of `size` samples, which begins at n · size / 2.
        channel_count: C.
        size: Even.
        start: First sample.
        stop: The one after the last.
    """
    hop = size // 2
    first, last = start // hop - 1, (stop - 1) // hop
    made = np.zeros((channel_count, (last - first + 2) * hop), np.float32)
    for number in range(first, last + 1):
        at = (number - first) * hop
        made[:, at : at + size] += frame(number)
    offset = start - first * hop
    return made[:, offset : offset + stop - start]


def spectra(sound: np.ndarray, size: int, hop: int) -> np.ndarray:
    """Complex spectra C T F of every `hop` samples of `sound`, C S, `size` samples each.

    The power of a spectrum, summed over F (one-sided), is that of the samples under the window.
    """
    frames = np.lib.stride_tricks.sliding_window_view(sound, size, axis=-1)[:, ::hop]
    return np.fft.rfft(frames * sine_window(size), axis=-1) * np.float32(np.sqrt(2.0) / size)


def band_edges(size: int, sample_rate: int, per_octave: float, lowest_hz: float) -> np.ndarray:
    """First bins of bands at equal steps of pitch, and the end of the last; each band holds at
    least one bin, the first reaches down to 0 Hz."""
    bins = size // 2 + 1
    octaves = np.log2(sample_rate / 2 / lowest_hz)
    pitches = lowest_hz * 2 ** (np.arange(1, int(octaves * per_octave) + 1) / per_octave)
    edges = np.unique(np.rint(pitches * size / sample_rate).astype(int))
    return np.concatenate([[0], edges[(edges > 0) & (edges < bins - 2)], [bins]])


def band_centers(edges: np.ndarray) -> np.ndarray:
    """The middle bin of each band, as a float."""
    return (edges[:-1] + edges[1:] - 1) / 2


def tick_bands(sample_rate: int) -> tuple[int, np.ndarray]:
    """The size of the spectra that ticks are judged by, and the edges of their bands."""
    size = 1 << int(np.log2(4 * tick_samples(sample_rate)))
    return size, band_edges(size, sample_rate, 1.5, 60.0)


def tick_powers(sound: np.ndarray, sample_rate: int) -> np.ndarray:
    """Power of all channels of `sound`, C S, together in each band, B T, around every tick."""
    tick = tick_samples(sample_rate)
    size, edges = tick_bands(sample_rate)
    ticks = sound.shape[1] // tick
    padded = np.pad(sound, ((0, 0), (size // 2, size // 2)), mode="reflect")
    powers = np.zeros((len(edges) - 1, ticks))
    for channel in padded:  # one at a time: a long 7.1 history need not be held as spectra
        power = np.abs(spectra(channel[None], size, tick)[0, :ticks]).astype(np.float64) ** 2
        powers += np.add.reduceat(power, edges[:-1], axis=1).T
    return powers


def band_gain(gain_db: np.ndarray, size: int, sample_rate: int) -> np.ndarray:
    """Factors for the spectrum of `size` samples that pass evenly through the gains of the bands
    of ticks."""
    judged, edges = tick_bands(sample_rate)
    pitches = np.log2(band_centers(edges) * sample_rate / judged + 20)
    hertz = np.fft.rfftfreq(size, 1 / sample_rate)
    gain = np.interp(np.log2(hertz + 20), pitches, gain_db)
    return (10 ** (gain / 20)).astype(np.float32)


def decibel(power: np.ndarray) -> np.ndarray:
    """10 log10 of a power, with a floor of -120 dB."""
    return 10 * np.log10(power + 1e-12)
