"""Noise with the colour, level and width of a room: what lies under its words and its music."""

from dataclasses import dataclass

import numpy as np

from longtake_engine.splice.sound.spectrum import (
    band_centers,
    band_edges,
    decibel,
    overlap_add,
    sine_window,
    spectra,
)

FRAME_S = 0.085
VALLEY_FRAME_S = 0.17  # where the room is looked for between words and notes
CELL_BINS = 6
QUIETEST = 0.1  # of the cells of a band, between words
QUIETEST_IN_MUSIC = 0.02


@dataclass(frozen=True, slots=True)
class Bed:
    """Endless noise. Sample 0 is beside the join; the same sample is the same every time."""

    roots: np.ndarray  # F C C complex: square roots of the covariance of the channels in each bin
    size: int  # samples of a frame
    seed: int

    def render(self, start: int, stop: int) -> np.ndarray:
        """Samples `start` to `stop`, which may be negative, C S float32."""
        return overlap_add(self._frame, self.roots.shape[1], self.size, start, stop)

    def _frame(self, number: int) -> np.ndarray:
        random = np.random.default_rng([self.seed, number + (1 << 40)])
        bins, channels = self.roots.shape[:2]
        chance = random.standard_normal((2, bins, channels)).astype(np.float32)
        colour = np.einsum("fcd,fd->cf", self.roots, chance[0] + 1j * chance[1])
        colour[:, 0] = 0
        wave = np.fft.irfft(colour, self.size, axis=-1) * (self.size / np.sqrt(2))
        return (wave * sine_window(self.size)).astype(np.float32)


def learn_bed(
    sound: np.ndarray, sample_rate: int, free: np.ndarray | None, seed: int, *, music: bool = False
) -> Bed:
    """The bed of `sound`, C S.

    Args:
        sound: Known sound, at least 16 samples.
        sample_rate: Samples a second.
        free: True at the samples where nothing but the room is heard, S. None where no such part
            is known: then the quietest moments of each band are taken for it.
        seed: The same seed gives the same noise.
        music: Whether music plays all through.
    """
    if free is None:
        size = _frame_size(VALLEY_FRAME_S * sample_rate, sound.shape[1] // 2)
        frames = spectra(sound, size, size // 2)
        edges = _at_least(band_edges(size, sample_rate, 3.0, 4 * sample_rate / size), CELL_BINS)
        covariances = [_valley(band, music=music) for band in np.split(frames, edges[1:-1], axis=2)]
        return Bed(_roots(_without_lines(np.array(covariances)), edges, size), size, seed)
    size = _frame_size(FRAME_S * sample_rate, int(np.count_nonzero(free)))
    hop = max(1, size // 4)
    share = np.lib.stride_tricks.sliding_window_view(free, size)[::hop].mean(axis=1)
    frames = spectra(sound, size, hop)[:, share >= min(share.max(), 0.99)]
    edges = band_edges(size, sample_rate, 6.0, 4 * sample_rate / size)
    covariances = [_covariance(band) for band in np.split(frames, edges[1:-1], axis=2)]
    return Bed(_roots(np.array(covariances), edges, size), size, seed)


def _at_least(edges: np.ndarray, bins: int) -> np.ndarray:
    """The edges of bands, without those that would make a band of fewer bins."""
    kept = [edges[0]]
    for edge in edges[1:-1]:
        if edge - kept[-1] >= bins and edges[-1] - edge >= bins:
            kept.append(edge)
    return np.array([*kept, edges[-1]])


def _frame_size(wanted: float, most: int) -> int:
    return 1 << int(np.log2(min(wanted, most)))


def _covariance(band: np.ndarray) -> np.ndarray:
    """Power per bin, channels by channels, of a band C T F."""
    flat = band.reshape(len(band), -1)
    return flat @ flat.conj().T / flat.shape[1]


def _valley(band: np.ndarray, *, music: bool) -> np.ndarray:
    """The same of the quietest cells of a band, some bins in one frame each.

    Between words there is nothing but the room, and the cells are brought up to what noise of
    which they are the quietest would have on the whole. Music hardly leaves a moment: the quietest
    of all is the most that the room can be.
    """
    wide = min(CELL_BINS, band.shape[2])
    cells = band[:, :, : band.shape[2] // wide * wide].reshape(len(band), -1, wide)
    power = (np.abs(cells) ** 2).sum(axis=(0, 2))
    share = QUIETEST_IN_MUSIC if music else QUIETEST
    count = max(1, int(share * len(power)))
    order = np.argsort(power, kind="stable")[:count]
    chosen = _covariance(cells[:, order])
    if music or not power.any():
        return chosen
    most = np.median(power) / max(power[order].mean(), 1e-20)  # what is steady needs no more
    return chosen * min(1 / _lowest_part(band, wide), float(most))


def _lowest_part(band: np.ndarray, wide: int) -> float:
    """Mean power of the quietest cells of noise over that of all of them."""
    alike = _covariance(band)
    squares = (np.abs(alike) ** 2).sum()
    channels = float(np.abs(np.einsum("cc->", alike)) ** 2 / squares) if squares > 0 else 1.0
    # Bins beside each other share part of their noise under the window, channels as much as they
    # are alike. The middle of the lowest tenth of a gamma law: Wilson and Hilferty (1931).
    freedom = max(1.0, 0.7 * wide * channels)
    return float((1 - 1 / (9 * freedom) - 1.645 / (3 * np.sqrt(freedom))) ** 3)


def _without_lines(covariances: np.ndarray) -> np.ndarray:
    """The bands, B C C, no louder than those on one side of them: no vowel, no held note."""
    level = decibel(np.abs(np.trace(covariances, axis1=1, axis2=2)))
    beside = np.pad(level, 3, mode="edge")
    near = np.lib.stride_tricks.sliding_window_view(beside, 3)
    below, above = np.median(near, axis=1)[: len(level)], np.median(near, axis=1)[4:]
    down = np.minimum(np.maximum(below, above) + 1 - level, 0)
    return covariances * (10 ** (down / 10))[:, None, None]


def _roots(covariances: np.ndarray, edges: np.ndarray, size: int) -> np.ndarray:
    """Square roots, F C C, of the bands' covariances, passing evenly from band to band."""
    bins = np.arange(size // 2 + 1)
    at = np.interp(bins, band_centers(edges), np.arange(len(covariances)))
    low = np.floor(at).astype(int)
    high = np.minimum(low + 1, len(covariances) - 1)
    part = (at - low)[:, None, None]
    between = (1 - part) * covariances[low] + part * covariances[high]
    # From band to band the level passes in decibels: beside a codec's cut nothing leaks across it.
    powers = np.einsum("bcc->b", np.abs(covariances)) + 1e-20
    wanted = np.exp(np.interp(at, np.arange(len(powers)), np.log(powers)))
    between *= (wanted / (np.einsum("fcc->f", np.abs(between)) + 1e-20))[:, None, None]
    values, vectors = np.linalg.eigh(between)
    roots = vectors * np.sqrt(np.maximum(values, 0))[:, None, :]
    heard = np.einsum("bcc->c", np.abs(covariances)) > 0
    roots[:, ~heard] = 0  # what was silent stays so, to the last bit
    return roots.astype(np.complex64)
