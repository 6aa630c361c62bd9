"""Sounds that happened once: a door, a step, a knock, a shout. They are not part of the room."""

import numpy as np

from longtake_engine.splice.sound.spectrum import TICKS_PER_S, decibel
from longtake_engine.splice.sound.speech import runs

AROUND_TICKS = 150  # the quietest third of so many ticks on both sides is the room's own level
EVENT_DB = 9.0  # above that level in any band
UNHEARD_DB = 40.0  # under the loudest band nothing is heard
OVER_DB = 4.0  # where an event has died away
LONGEST_TICKS = TICKS_PER_S // 2  # that it may take to do so
CRACKLE_TICKS = 8  # events shorter than this that come often are the room's own: fire, rain
CRACKLES_PER_S = 3.0


def find_events(powers: np.ndarray) -> np.ndarray:
    """True at the ticks of `powers`, B T, that stand out of the sound around them."""
    levels = decibel(powers)
    usual = np.median(levels, axis=1)
    levels = np.maximum(levels, usual.max() - UNHEARD_DB)
    excess = levels - _room_level(levels)
    spread = np.minimum(_spread_around(excess), _spread_below(excess))
    loud = excess > np.maximum(EVENT_DB, 5 * spread)[:, None]
    lasting = excess > np.maximum(OVER_DB, 2.5 * spread)[:, None]
    # One band for one tick is a chance; two bands, or two ticks, have a cause.
    moments = np.asarray(loud.any(axis=0))
    kernels = [run for run in runs(moments) if loud[:, slice(*run)].sum() > 1]
    found = np.zeros(loud.shape[1], bool)
    if _crackles(kernels, len(found)):
        return found
    for start, stop in kernels:
        bands = loud[:, start:stop].any(axis=1)
        end = stop
        while end < min(len(found), stop + LONGEST_TICKS) and lasting[bands, end].any():
            end += 1
        found[max(0, start - 4) : end + 5] = True
    return found


def _spread_around(excess: np.ndarray) -> np.ndarray:
    """Standard deviation of each band, not minding single events; words would widen it."""
    middle = np.median(excess, axis=1, keepdims=True)
    return 1.4826 * np.median(np.abs(excess - middle), axis=1)


def _spread_below(excess: np.ndarray) -> np.ndarray:
    """The same read off below, where no word reaches; a pause in music would widen it. From the
    quietest third to the quietest twentieth are 1.2 standard deviations."""
    return -np.quantile(excess, 0.05, axis=1) / 1.2


def _crackles(kernels: list[tuple[int, int]], ticks: int) -> bool:
    """Whether what stands out is brief, and comes often all the time."""
    if len(kernels) < CRACKLES_PER_S * ticks / TICKS_PER_S or len(kernels) < 6:
        return False
    starts = [0, *(start for start, _ in kernels), ticks]
    brief = np.median([stop - start for start, stop in kernels]) <= CRACKLE_TICKS
    return bool(brief and np.diff(starts).max() < TICKS_PER_S)


def _room_level(levels: np.ndarray) -> np.ndarray:
    """The quietest third of the levels around each tick, B T."""
    step = 5
    reach = min(AROUND_TICKS, levels.shape[1] - 1)
    if reach < step:
        return np.repeat(np.quantile(levels, 1 / 3, axis=1, keepdims=True), levels.shape[1], axis=1)
    padded = np.pad(levels, ((0, 0), (reach, reach)), mode="reflect")
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=1)
    coarse = np.quantile(around[:, ::step, ::step], 1 / 3, axis=2)
    return np.repeat(coarse, step, axis=1)[:, : levels.shape[1]]
