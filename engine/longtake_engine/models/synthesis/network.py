"""The fill network: what should be added to an even filling of a hole, and how far off it and a
filling by patches are likely to be.

A U-Net (Ronneberger et al. 2015) on a quarter of the pixels, each with its neighbours as channels
(space to depth). What it gives is 0 at first: an untrained one leaves the even filling as it is.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from longtake_engine.models.synthesis.network_input import CHANNELS, MADE

WIDTHS = (32, 64, 96)  # channels at a half, a quarter and an eighth of the size
STEP = 8  # height and width are multiples of it
COLORS = 3
OUT = COLORS + 2 + 1  # the correction; two expected errors; how much of the filling by patches


class FillNetwork(nn.Module):
    """Layers named in the order in which they are gone through."""

    def __init__(self, widths: tuple[int, int, int] = WIDTHS) -> None:
        super().__init__()
        first, second, third = widths
        self.enter = _convolution(4 * CHANNELS, first)
        self.fine = _convolution(first, first)
        self.down = _convolution(first, second, stride=2)
        self.middle = _convolution(second, second)
        self.deeper = _convolution(second, third, stride=2)
        self.deep = _convolution(third, third)
        self.deepest = _convolution(third, third)
        self.rise = _convolution(third + second, second)
        self.risen = _convolution(second, second)
        self.end = _convolution(second + first, first)
        self.ended = _convolution(first, first)
        self.leave = _convolution(first, 4 * OUT)
        nn.init.zeros_(self.leave.weight)
        assert self.leave.bias is not None
        nn.init.zeros_(self.leave.bias)

    def forward(self, channels: Tensor) -> tuple[Tensor, Tensor]:
        """Of holes as `network_input.Shown` tells them.

        Args:
            channels: B CHANNELS H W, H and W multiples of STEP.

        Returns:
            B 3 H W: what is to be added to the even filling, and B 2 H W: natural logarithms of
            the squared errors that the luma is then expected to have, and that of the filling by
            patches; all in the network's own scale.
        """
        fine = functional.relu(self.enter(functional.pixel_unshuffle(channels, 2)))
        fine = fine + functional.relu(self.fine(fine))
        middle = functional.relu(self.down(fine))
        middle = middle + functional.relu(self.middle(middle))
        deep = functional.relu(self.deeper(middle))
        deep = deep + functional.relu(self.deep(deep))
        deep = deep + functional.relu(self.deepest(deep))
        middle = functional.relu(self.rise(torch.cat([_doubled(deep), middle], 1)))
        middle = middle + functional.relu(self.risen(middle))
        fine = functional.relu(self.end(torch.cat([_doubled(middle), fine], 1)))
        fine = fine + functional.relu(self.ended(fine))
        out = functional.pixel_shuffle(self.leave(fine), 2)
        correction, expected, share = out.split((COLORS, 2, 1), 1)
        return correction + share * channels[:, MADE], expected


def _convolution(incoming: int, outgoing: int, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(incoming, outgoing, 3, stride, 1)


def _doubled(small: Tensor) -> Tensor:
    return functional.interpolate(small, scale_factor=2, mode="nearest")
