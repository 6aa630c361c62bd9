"""Hum, whistle and whine: the steady tones of a room, taken out of its sound and carried on."""

from dataclasses import dataclass

import numpy as np

from longtake_engine.splice.sound.spectrum import decibel, spectra

SHORTEST_S = 1.5  # of known sound, under which no tone is told from noise
PEAK_DB = 9.0  # above the noise beside it
APART_HZ = 6.0
MOST_TONES = 48
STRAY_RAD = 0.7  # how far a tone's phase may stray from a steady one
WANDER = 0.5  # and its size, in parts of it
LEAST = 0.25  # of its usual size that a tone has at its weakest


@dataclass(frozen=True, slots=True)
class Tones:
    """Steady tones, and what they do beside the join.

    Times count from the join in samples; amplitudes are complex, channels by tones.
    """

    turns: np.ndarray  # cycles per sample of each tone
    usual: np.ndarray  # amplitudes as they go on
    at_join: np.ndarray  # amplitudes as they were last, or will be first

    def render(self, start: int, stop: int, ease: int) -> np.ndarray:
        """Samples `start` to `stop`, C S float32; over the `ease` samples next to the join the
        amplitudes pass from what they were to what they usually are."""
        made = np.zeros((len(self.usual), stop - start), np.float32)
        time = np.arange(start, stop)
        near = np.clip(1 - np.maximum(time, -1 - time) / max(ease, 1), 0, 1)
        for tone, turn in enumerate(self.turns):
            wave = np.exp(2j * np.pi * (turn * time))
            step = self.at_join[:, tone, None] - self.usual[:, tone, None]
            made += ((self.usual[:, tone, None] + step * near) * wave).real
        return made


def no_tones(channels: int) -> Tones:
    """Tones of a sound that has none."""
    none = np.zeros((channels, 0), complex)
    return Tones(np.zeros(0), none, none)


def take_out_tones(
    known: np.ndarray,
    sample_rate: int,
    weight: np.ndarray,
    *,
    forward: bool,
    multiples_of_hz: tuple[float, ...] = (),
) -> tuple[Tones, np.ndarray]:
    """The steady tones of `known`, C S, and what is left of it without them.

    Args:
        known: The sound beside the join.
        sample_rate: Samples a second.
        weight: How much each sample says of the room, S.
        forward: True where the join is at the end of `known`, False at its beginning.
        multiples_of_hz: Where any are given, only tones at multiples of one of them are meant.
    """
    count = known.shape[1]
    if count < SHORTEST_S * sample_rate:
        return no_tones(len(known)), known
    size = int(min(1.0, count / sample_rate / 3) * sample_rate) // 2 * 2
    origin = count if forward else 0
    blocks = _Blocks(known, size, origin, weight)
    peaks = [hertz for hertz in _peaks(known, sample_rate) if _meant(hertz, multiples_of_hz)]
    found = [blocks.follow(hertz / sample_rate) for hertz in peaks]
    kept = _apart([turn for turn in found if turn is not None], APART_HZ / sample_rate)
    if not kept:
        return no_tones(len(known)), known
    turns = np.array(kept)
    amplitudes = np.stack([blocks.amplitudes(turn) for turn in turns], axis=-1)  # T C K
    left = known.copy()
    for tone, turn in enumerate(turns):
        left -= blocks.wave(amplitudes[:, :, tone], turn)
    usual = np.einsum("t,tck->ck", blocks.trust / blocks.trust.sum(), amplitudes)
    return Tones(turns, usual, amplitudes[-1 if forward else 0]), left


class _Blocks:
    """A sound cut into half-overlapping blocks, to follow tones through."""

    def __init__(self, known: np.ndarray, size: int, origin: int, weight: np.ndarray) -> None:
        self._known = known
        self._size = size
        self._weight = weight
        self._window = np.hanning(size + 1)[:-1]
        self._starts = np.arange(0, known.shape[1] - size + 1, size // 2)
        self._origin = origin
        self._time = np.arange(known.shape[1]) - origin
        self.trust = np.array([weight[s : s + size].mean() for s in self._starts]) + 1e-3

    def amplitudes(self, turn: float) -> np.ndarray:
        """Complex amplitudes of a tone, blocks by channels."""
        wave = self._window * np.exp(-2j * np.pi * turn * np.arange(self._size))
        scale = 2 / self._window.sum()
        return np.array(
            [
                self._known[:, s : s + self._size]
                @ (wave * (scale * np.exp(-2j * np.pi * turn * (s - self._origin))))
                for s in self._starts
            ]
        )

    def follow(self, turn: float) -> float | None:
        """The exact frequency of a tone near `turn`; None where it is not steady."""
        turn += self._drift(self._loudest(turn))[0] / (2 * np.pi)
        loudest = self._loudest(turn)
        slope, stray = self._drift(loudest)
        sizes = np.abs(loudest)
        usual = np.average(sizes, weights=self.trust)
        wanders = np.sqrt(np.average((sizes - usual) ** 2, weights=self.trust)) / usual
        turn += slope / (2 * np.pi)
        steady = stray < STRAY_RAD and wanders < WANDER and turn > 0
        return float(turn) if steady and self._lasts(turn) else None

    def _lasts(self, turn: float) -> bool:
        """Whether a tone is there all the time, not word by word."""
        size = self._size // 5
        starts = np.arange(0, self._known.shape[1] - size + 1, size)
        wave = np.hanning(size) * np.exp(-2j * np.pi * turn * np.arange(size))
        sizes = np.abs([(self._known[:, s : s + size] @ wave) for s in starts]).sum(axis=1)
        trusted = sizes[[self._weight[s : s + size].mean() > 0.5 for s in starts]]
        sizes = trusted if len(trusted) >= 4 else sizes
        return bool(np.quantile(sizes, 0.15) > LEAST * np.median(sizes))

    def _loudest(self, turn: float) -> np.ndarray:
        """Complex amplitudes, block by block, in the channel where the tone is loudest."""
        found = self.amplitudes(turn)
        return found[:, np.argmax(np.abs(found).sum(axis=0))]

    def _drift(self, amplitudes: np.ndarray) -> tuple[float, float]:
        """How fast the phase turns, radians per sample, and how far it strays from that."""
        phase = np.unwrap(np.angle(amplitudes))
        slope, offset = np.polyfit(self._starts, phase, 1, w=np.sqrt(self.trust))
        strays = phase - (slope * self._starts + offset)
        return slope, np.sqrt(np.average(strays**2, weights=self.trust))

    def wave(self, amplitudes: np.ndarray, turn: float) -> np.ndarray:
        """The tone as it is in the sound, C S, its amplitudes passing from block to block."""
        middles = self._starts + self._size / 2
        time = np.arange(len(self._time))
        level = np.array(
            [
                np.interp(time, middles, channel.real) + 1j * np.interp(time, middles, channel.imag)
                for channel in amplitudes.T
            ]
        )
        return (level * np.exp(2j * np.pi * turn * self._time)).real.astype(np.float32)


def _peaks(known: np.ndarray, sample_rate: int) -> np.ndarray:
    """Frequencies, Hz, that stand out of the noise beside them, loudest first."""
    size = int(min(1.0, known.shape[1] / sample_rate / 3) * sample_rate) // 2 * 2
    power = (np.abs(spectra(known, size, size // 2)) ** 2).sum(axis=0)
    level = decibel(np.median(power, axis=0).astype(np.float64))
    reach = 12
    beside = np.lib.stride_tricks.sliding_window_view(
        np.pad(level, reach, mode="edge"), 2 * reach + 1
    )
    over = level - np.median(beside, axis=1)
    peak = np.zeros(len(level), bool)
    peak[2:-2] = (level[2:-2] >= level[1:-3]) & (level[2:-2] > level[3:-1])
    bins = np.flatnonzero(peak & (over > PEAK_DB) & (level > level.max() - 70))
    bins = bins[bins * sample_rate / size > 15]
    loudest = bins[np.argsort(-level[bins], kind="stable")][: 2 * MOST_TONES]
    above, middle, below = level[loudest + 1], level[loudest], level[loudest - 1]
    bend = np.minimum(above - 2 * middle + below, -1e-6)
    return (loudest - 0.5 * (above - below) / bend) * sample_rate / size


def _meant(hertz: float, multiples_of_hz: tuple[float, ...]) -> bool:
    if not multiples_of_hz:
        return True
    return any(abs(hertz - root * round(hertz / root)) < 0.5 for root in multiples_of_hz)


def _apart(turns: list[float], apart: float) -> list[float]:
    """The first of tones that lie too close together to be told apart."""
    kept: list[float] = []
    for turn in turns:
        if all(abs(turn - other) > apart for other in kept):
            kept.append(turn)
    return kept[:MOST_TONES]
