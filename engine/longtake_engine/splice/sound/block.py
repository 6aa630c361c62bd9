"""A sound cut into blocks, to follow tones through."""

import numpy as np

TONES_AT_ONCE = 32  # what their waves take of memory is kept small


class Blocks:
    """A sound in blocks.

    Frequencies are in cycles per sample ("turns"), phases count from the sample `origin`.

    Attributes:
        trust: How much each block says of the room.
    """

    def __init__(
        self, known: np.ndarray, size: int, hop: int, origin: int, weight: np.ndarray
    ) -> None:
        """Cut `known`, C S float32, every `hop` samples; `weight`, S, is how far each sample is to
        be trusted."""
        self._size = size
        self._starts = np.arange(0, known.shape[1] - size + 1, hop)
        self._frames = np.lib.stride_tricks.sliding_window_view(known, size, axis=1)[:, ::hop]
        self._time = np.arange(known.shape[1]) - origin
        self._from_origin = self._starts - origin
        self.trust = np.array([weight[s : s + size].mean() for s in self._starts]) + 1e-3

    def amplitudes(self, turns: np.ndarray) -> np.ndarray:
        """Complex amplitudes of tones, T C K: blocks, channels, tones."""
        window = np.hanning(self._size + 1)[:-1]
        window *= 2 / window.sum()
        found = []
        for first in range(0, len(turns), TONES_AT_ONCE):
            some = turns[first : first + TONES_AT_ONCE]
            angle = 2 * np.pi * np.outer(np.arange(self._size), some)
            across = (window[:, None] * np.cos(angle)).astype(np.float32)
            along = (window[:, None] * np.sin(angle)).astype(np.float32)
            at_block = self._frames @ across - 1j * (self._frames @ along)  # C T K
            turned = np.exp(-2j * np.pi * np.outer(self._from_origin, some))
            found.append(np.moveaxis(at_block * turned, 0, 1))
        return np.concatenate(found, axis=2)

    def loudest(self, turns: np.ndarray) -> np.ndarray:
        """The amplitudes T K of each tone in the channel where it is loudest."""
        found = self.amplitudes(turns)
        channel = np.abs(found).sum(axis=0).argmax(axis=0)
        return np.take_along_axis(found, channel[None, None], axis=1)[:, 0]

    def drift(self, amplitudes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How fast the phases of T K turn, radians per sample, and how far they stray from that."""
        phases = np.unwrap(np.angle(amplitudes), axis=0)
        slopes, offsets = np.polyfit(self._starts, phases, 1, w=np.sqrt(self.trust))
        strays = phases - (np.outer(self._starts, slopes) + offsets)
        return slopes, np.sqrt(np.average(strays**2, axis=0, weights=self.trust))

    def wave(self, amplitudes: np.ndarray, turn: float) -> np.ndarray:
        """A tone as it is in the sound, C S float32, its amplitudes T C passing from block to
        block."""
        middles = self._starts + self._size / 2
        time = np.arange(len(self._time))
        level = np.array(
            [
                np.interp(time, middles, channel.real) + 1j * np.interp(time, middles, channel.imag)
                for channel in amplitudes.T
            ]
        )
        return (level * np.exp(2j * np.pi * turn * self._time)).real.astype(np.float32)
