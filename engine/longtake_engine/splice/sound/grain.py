"""The room's own sound laid out anew in pieces, each where it fits the piece beside it."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from longtake_engine.splice.sound.fade import rise_over
from longtake_engine.splice.sound.level import Levels
from longtake_engine.splice.sound.piece_search import OVERLAP_TICKS, PieceSearch
from longtake_engine.splice.sound.spectrum import band_gain, tick_samples


@dataclass(frozen=True, slots=True)
class Grain:
    """One piece. Places count from the join in samples."""

    place: int
    source: int  # of its first sample in the known sound
    length: int
    gain_db: np.ndarray  # B

    @property
    def stop(self) -> int:
        """Where it has ended."""
        return self.place + self.length


@dataclass(frozen=True, slots=True)
class Grains:
    """Pieces in the order of their places, each faded into the next at equal power."""

    known: np.ndarray  # C S float32
    sample_rate: int
    order: tuple[Grain, ...]

    @classmethod
    def plan(
        cls,
        known: np.ndarray,
        sample_rate: int,
        search: PieceSearch,
        levels: Levels,
        count: int,
    ) -> Self:
        """Pieces of `known`, C S, for `count` samples after the join, or before it where that is
        what `search` is for: they are then chosen from the join backwards, and played forwards all
        the same."""
        tick = tick_samples(sample_rate)
        overlap = OVERLAP_TICKS * tick
        order = []
        covered = 0
        while covered < count + overlap:  # beyond that the last one would fade
            start, ticks = search.next(
                covered / sample_rate, levels.unlike_db(covered / sample_rate)
            )
            size = ticks * tick
            place = covered - overlap if search.forward else overlap - covered - size
            gain = levels.gain_db(start + ticks // 2, covered / sample_rate)
            order.append(Grain(place, start * tick, size, gain))
            covered += size - overlap
        return cls(known, sample_rate, tuple(order if search.forward else order[::-1]))

    def render(self, start: int, stop: int) -> np.ndarray:
        """Samples `start` to `stop`, C S float32."""
        made = np.zeros((len(self.known), stop - start), np.float32)
        for grain in self.order:
            first, last = max(start, grain.place), min(stop, grain.stop)
            if first < last:
                piece = self._piece(grain)[:, first - grain.place : last - grain.place]
                made[:, first - start : last - start] += piece
        return made

    def _piece(self, grain: Grain) -> np.ndarray:
        """The piece at the level wanted, faded at both ends."""
        overlap = OVERLAP_TICKS * tick_samples(self.sample_rate)
        before = min(grain.source, overlap)  # room for the filter to ring in
        stop = grain.source + grain.length
        taken = self.known[:, grain.source - before : stop + overlap]
        size = 1 << int(np.ceil(np.log2(taken.shape[1])))
        spectrum = np.fft.rfft(taken, size) * band_gain(grain.gain_db, size, self.sample_rate)
        piece = np.fft.irfft(spectrum, size)[:, before : before + grain.length]
        fade = rise_over(overlap)
        piece[:, :overlap] *= fade
        piece[:, -overlap:] *= fade[::-1]
        return piece.astype(np.float32)
