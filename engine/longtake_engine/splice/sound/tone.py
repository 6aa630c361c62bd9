"""Hum, whistle and whine: the steady tones of a room, taken out of its sound and carried on."""

from dataclasses import dataclass

import numpy as np

from longtake_engine.splice.sound.block import Blocks
from longtake_engine.splice.sound.spectrum import decibel, spectra

SHORTEST_S = 1.5  # of known sound, under which no tone is told from noise
PEAK_DB = 9.0  # above the noise beside it
APART_HZ = 6.0
HIGHEST_MULTIPLE_HZ = 420.0  # above, notes are multiples of something, too
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
    blocks = Blocks(known, size, size // 2, origin, weight)
    brief = Blocks(known, size // 5, size // 5, origin, weight)
    peaks = [hertz for hertz in _peaks(known, sample_rate) if _meant(hertz, multiples_of_hz)]
    turns = _steady(np.array(peaks) / sample_rate, blocks, brief)
    turns = _apart(turns, APART_HZ / sample_rate)
    if not len(turns):
        return no_tones(len(known)), known
    amplitudes = blocks.amplitudes(turns)
    left = known.copy()
    for tone, turn in enumerate(turns):
        left -= blocks.wave(amplitudes[:, :, tone], turn)
    usual = np.einsum("t,tck->ck", blocks.trust / blocks.trust.sum(), amplitudes)
    return Tones(turns, usual, amplitudes[-1 if forward else 0]), left


def _steady(turns: np.ndarray, blocks: Blocks, brief: Blocks) -> np.ndarray:
    """The exact frequencies of those tones near `turns` that are steady: their phase goes on evenly
    from block to block, and they are there in brief blocks too, not word by word."""
    if not len(turns):
        return turns
    turns = turns + blocks.drift(blocks.loudest(turns))[0] / (2 * np.pi)
    found = blocks.loudest(turns)
    slopes, strays = blocks.drift(found)
    turns = turns + slopes / (2 * np.pi)
    sizes = np.abs(found)
    usual = np.average(sizes, axis=0, weights=blocks.trust)
    wanders = np.sqrt(np.average((sizes - usual) ** 2, axis=0, weights=blocks.trust)) / usual
    brief_sizes = np.abs(brief.loudest(turns))[brief.trust >= min(0.5, brief.trust.max())]
    lasts = np.quantile(brief_sizes, 0.15, axis=0) > LEAST * np.median(brief_sizes, axis=0)
    return turns[(strays < STRAY_RAD) & (wanders < WANDER) & lasts & (turns > 0)]


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
    near = any(abs(hertz - root * round(hertz / root)) < 0.5 for root in multiples_of_hz)
    return near and hertz < HIGHEST_MULTIPLE_HZ


def _apart(turns: np.ndarray, apart: float) -> np.ndarray:
    """The first of tones that lie too close together to be told apart."""
    kept: list[float] = []
    for turn in turns:
        if all(abs(turn - other) > apart for other in kept):
            kept.append(turn)
    return np.array(kept[:MOST_TONES])
