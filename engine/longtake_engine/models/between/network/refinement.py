"""The network that moves what the classical search found, and weighs both ends anew.

A small U-Net (Ronneberger et al. 2015) at the size of the fields. It takes of the other candidates
what it wants at each place, adds a little motion of its own to either end, and shifts the share of
one end to the other. Its last layer begins at zero: then the classical result comes out, bit by
bit. It is gated: where both pictures show the same, or the ends agree already, it changes nothing.
"""

# torch is an extra, which need not be here:
# pyright: reportMissingImports=false

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from longtake_engine.models.between.network.evidence import (
    CANDIDATES,
    CHANNELS,
    FIELD,
    GREY,
    LEFT,
    MOTION,
    OTHERS,
    SAME,
    SHARE,
    TIME,
)

SLOPE = 0.1  # of the rectifiers, below 0
STEP = 4  # heights and widths inside are multiples of it
AGREED, APART = 1.0, 4.0  # grey levels left between the ends at which the gate opens, is open
OUT = 2 * CANDIDATES + 5  # shares of candidates for either end, a motion for either, and a share


@dataclass(frozen=True, slots=True)
class RefinementSettings:
    """How large the network is."""

    width: int = 24  # channels at the fields' size; twice and four times as many below
    depth: int = 2  # layers at each size


class Refinement(nn.Module):
    """From evidence to what is added to the way: B 5 H W, offsets to the first picture, to the
    second (x, y, field pixels), and the share of the second."""

    def __init__(self, settings: RefinementSettings) -> None:
        super().__init__()
        width, depth = settings.width, settings.depth
        self.high = _chain(CHANNELS, width, depth)
        self.middle = _chain(width, 2 * width, depth, stride=2)
        self.low = _chain(2 * width, 4 * width, depth + 1, stride=2)
        self.middle_again = _chain(6 * width, 2 * width, 1)
        self.high_again = _chain(3 * width, width, 1)
        self.out = nn.Conv2d(width, OUT, 3, padding=1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)  # pyright: ignore[reportArgumentType]

    def forward(self, channels: Tensor) -> Tensor:
        """B CHANNELS H W to B 5 H W, 0 where nothing is to change."""
        height, width = channels.shape[-2:]
        padded = F.pad(channels, (0, -width % STEP, 0, -height % STEP), mode="replicate")
        high = self.high(padded.clamp(-4, 4))
        middle = self.middle(high)
        low = self.low(middle)
        middle = self.middle_again(torch.cat((_twice(low), middle), 1))
        high = self.high_again(torch.cat((_twice(middle), high), 1))
        wanted = self.out(high)[..., :height, :width].float()
        return settled(wanted, channels.float())


def settled(wanted: Tensor, channels: Tensor) -> Tensor:
    """What the last layer wants, as changes of the way.

    Args:
        wanted: B OUT H W.
        channels: B CHANNELS H W, the evidence.
    """
    others = channels[:, OTHERS].unflatten(1, (CANDIDATES, 2)) * FIELD
    time = channels[:, TIME : TIME + 1]
    gate = (channels[:, LEFT : LEFT + 1] * GREY - AGREED) / (APART - AGREED)
    gate = gate.clamp(0, 1) * (1 - channels[:, SAME : SAME + 1])
    changes = []
    for number, way in enumerate((-time, 1 - time)):
        taken = wanted[:, number * CANDIDATES : (number + 1) * CANDIDATES, None]
        own = wanted[:, 2 * CANDIDATES + 2 * number : 2 * CANDIDATES + 2 * number + 2]
        changes.append(way * (taken * others).sum(1) + own)
    share = channels[:, SHARE : SHARE + 1]
    pull = torch.tanh(wanted[:, -1:])
    changes.append(torch.where(pull > 0, 1 - share, share) * pull)
    return torch.cat(changes, 1) * gate


def reversed_in_time(channels: Tensor) -> Tensor:
    """The evidence as it would be with both pictures in each other's place."""
    turned = channels.clone()
    turned[:, :4] = -channels[:, :4]
    swapped = [number ^ 1 for number in range(CANDIDATES)]
    turned[:, 8:12] = channels[:, [8 + number for number in swapped]]
    others = channels[:, OTHERS].unflatten(1, (CANDIDATES, 2))[:, swapped]
    turned[:, OTHERS] = -others.flatten(1, 2)
    turned[:, MOTION] = -channels[:, MOTION]
    turned[:, [23, 24]] = channels[:, [24, 23]]
    for number in (SHARE, TIME):
        turned[:, number] = 1 - channels[:, number]
    return turned


def _chain(given: int, made: int, count: int, stride: int = 1) -> nn.Sequential:
    layers: list[nn.Module] = []
    for number in range(count):
        first = number == 0
        layers.append(nn.Conv2d(given if first else made, made, 3, stride if first else 1, 1))
        layers.append(nn.LeakyReLU(SLOPE))
    return nn.Sequential(*layers)


def _twice(image: Tensor) -> Tensor:
    return F.interpolate(image, scale_factor=2, mode="bilinear", align_corners=False)
