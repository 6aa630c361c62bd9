"""How loud each band of a room is beside the join, and how it was along the known sound."""

from dataclasses import dataclass

import numpy as np

from longtake_engine.splice.sound.spectrum import TICKS_PER_S, decibel

NEAR_S = 1.2  # what is so near the join says how loud the sound is there
SLOW_S = 1.0  # on both sides: changes slower than this are drift, quicker ones are the sound's life
BACK_S = 6.0  # in which the level goes back from what it is at the join towards the usual
FARTHEST_DB = 4.0  # that it may go
LOUDER_DB = 6.0  # most that a quiet part is raised


@dataclass(frozen=True, slots=True)
class Levels:
    """Levels of the bands of a room, dB, at each tick of the known sound."""

    life: np.ndarray  # B T: without the drift
    slow: np.ndarray  # B T: the drift
    near: np.ndarray  # B: beside the join
    usual: np.ndarray  # B: on the whole

    def gain_db(self, tick: int, distance_s: float) -> np.ndarray:
        """What brings the sound at `tick` to the level wanted `distance_s` from the join, B."""
        return np.minimum(self._wanted(distance_s) - self.slow[:, tick], LOUDER_DB)

    def unlike_db(self, distance_s: float) -> np.ndarray:
        """How far each tick is from the level wanted there, T."""
        return np.abs(self._wanted(distance_s)[:, None] - self.slow).mean(axis=0)

    def _wanted(self, distance_s: float) -> np.ndarray:
        away = np.clip(self.usual - self.near, -FARTHEST_DB, FARTHEST_DB)
        return self.near + away * (1 - np.exp(-distance_s / BACK_S))


def measure_levels(powers: np.ndarray, free: np.ndarray, *, forward: bool) -> Levels:
    """The levels of `powers`, B T, where `free`, T, is True, which it is somewhere; elsewhere the
    drift is that of the nearest free place."""
    ticks = powers.shape[1]
    kernel = np.hanning(2 * int(SLOW_S * TICKS_PER_S) + 3)[1:-1]
    weight = free.astype(float)
    inside = np.flatnonzero(free)
    share = _smooth(weight, kernel)[inside]
    slow = np.array([_smooth(band * weight, kernel)[inside] for band in powers]) / share
    nearest = np.searchsorted(inside, np.arange(ticks)).clip(0, len(inside) - 1)
    distance_s = (np.arange(ticks)[::-1] if forward else np.arange(ticks)) / TICKS_PER_S
    beside = weight * np.exp(-(distance_s - distance_s[free].min()) / NEAR_S)
    near = decibel(powers @ (beside / beside.sum()))
    usual = np.median(decibel(slow), axis=1)
    drift = decibel(slow[:, nearest])
    return Levels(decibel(powers) - drift, drift, near, usual)


def _smooth(line: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return np.convolve(line, kernel)[len(kernel) // 2 : len(kernel) // 2 + len(line)]
