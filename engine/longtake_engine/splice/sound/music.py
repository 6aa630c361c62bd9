"""Whether music plays: notes that hold and then change."""

import numpy as np

from longtake_engine.splice.sound.spectrum import decibel, spectra

FRAME_S = 0.09
NOTE_S = 0.3  # notes hold this long or longer
OVER_DB = 6.0  # that a note stands out
HIGHEST_HZ = 5000.0
LOWEST_HZ = 120.0
SHORTEST_S = 0.4  # of sound without words, under which nothing is said


def tonality(sound: np.ndarray, sample_rate: int, apart: np.ndarray) -> float:
    """Share of the bins of `sound`, C S, in which a note is heard, 0 to 1.

    A note is a ridge of the spectrogram: for `NOTE_S` it stands out of what is above and below it
    (the harmonic part of Fitzgerald, 2010, by medians along time and pitch).

    Args:
        sound: Without its steady tones.
        sample_rate: Samples a second.
        apart: True at the samples that do not count, S: words.
    """
    size = int(FRAME_S * sample_rate) // 2 * 2
    hop = size // 4
    if sound.shape[1] < 2 * size:
        return 0.0
    power = (np.abs(spectra(sound, size, hop)) ** 2).sum(axis=0)
    worded = np.lib.stride_tricks.sliding_window_view(apart, size)[::hop].any(axis=1)
    counts = np.logical_not(worded)
    low, high = int(LOWEST_HZ * size / sample_rate), int(HIGHEST_HZ * size / sample_rate)
    level = decibel(power[:, low:high])
    level = np.maximum(level, level.max() - 60)
    held = int(NOTE_S * sample_rate / hop) | 1
    if np.count_nonzero(counts) * hop < SHORTEST_S * sample_rate or len(level) <= held:
        return 0.0
    along = np.median(np.lib.stride_tricks.sliding_window_view(level, held, axis=0), axis=-1)
    across = np.median(
        np.lib.stride_tricks.sliding_window_view(
            np.pad(along, ((0, 0), (10, 10)), mode="edge"), 21, axis=1
        ),
        axis=-1,
    )
    counts = counts[held // 2 : held // 2 + len(along)]
    notes = np.greater(along - across, OVER_DB).mean(axis=1)
    return float(notes[counts].mean()) if counts.any() else 0.0
