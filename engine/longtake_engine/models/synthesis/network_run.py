"""The fill network where there is no torch: its layers in NumPy, the same numbers within rounding.

It is small, and works on some thousand pixels: a frame's hole takes tens of milliseconds, and
nothing else needs to be installed for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from longtake_engine.models.synthesis.network_input import CHANNELS, MADE
from longtake_engine.models.synthesis.patch import Array

STEP = 8  # height and width are multiples of it
COLORS = 3
# In the order in which they are gone through.
LAYERS = (
    *("enter", "fine", "down", "middle", "deeper", "deep", "deepest"),
    *("rise", "risen", "end", "ended", "leave"),
)


@dataclass(frozen=True, slots=True)
class FillRun:
    """The weights of a `network.FillNetwork` by name: float32, as torch has them."""

    weights: Mapping[str, Array]

    def run(self, channels: Array) -> tuple[Array, Array]:
        """As `FillNetwork.forward`, of one hole: CHANNELS h w float32 in, 3 h w and 2 h w out."""
        assert channels.shape[0] == CHANNELS
        fine = self._on("enter", _halved(channels))
        fine = fine + self._on("fine", fine)
        middle = self._on("down", fine, stride=2)
        middle = middle + self._on("middle", middle)
        deep = self._on("deeper", middle, stride=2)
        deep = deep + self._on("deep", deep)
        deep = deep + self._on("deepest", deep)
        middle = self._on("rise", np.concatenate([_doubled(deep), middle]))
        middle = middle + self._on("risen", middle)
        fine = self._on("end", np.concatenate([_doubled(middle), fine]))
        fine = fine + self._on("ended", fine)
        out = _whole(self._convolved("leave", fine, 1))
        share = out[COLORS + 2]
        return out[:COLORS] + share * channels[MADE], out[COLORS : COLORS + 2]

    def _on(self, name: str, values: Array, stride: int = 1) -> Array:
        return np.maximum(self._convolved(name, values, stride), 0)

    def _convolved(self, name: str, values: Array, stride: int) -> Array:
        """3 × 3, with a border of zeros: one product of matrices for each of its nine places."""
        kernel, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        height, width = values.shape[1] // stride, values.shape[2] // stride
        padded = np.pad(values, ((0, 0), (1, 1), (1, 1)))
        total = np.repeat(bias[:, None], height * width, axis=1)
        for row in range(3):
            for column in range(3):
                rows = slice(row, row + stride * height, stride)
                columns = slice(column, column + stride * width, stride)
                part = padded[:, rows, columns].reshape(len(values), -1)
                total += np.ascontiguousarray(kernel[:, :, row, column]) @ part
        return total.reshape(len(kernel), height, width)


def _halved(values: Array) -> Array:
    """Each square of four as channels, in torch's order (`pixel_unshuffle`)."""
    count, height, width = values.shape
    squares = values.reshape(count, height // 2, 2, width // 2, 2).transpose(0, 2, 4, 1, 3)
    return np.ascontiguousarray(squares).reshape(4 * count, height // 2, width // 2)


def _whole(values: Array) -> Array:
    """The other way round (`pixel_shuffle`)."""
    count, height, width = values.shape
    squares = values.reshape(count // 4, 2, 2, height, width).transpose(0, 3, 1, 4, 2)
    return np.ascontiguousarray(squares).reshape(count // 4, 2 * height, 2 * width)


def _doubled(values: Array) -> Array:
    return values.repeat(2, 1).repeat(2, 2)
