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

from longtake_engine.models.between.card import read
from longtake_engine.models.between.network.estimation import Estimation, EstimationSettings
from longtake_engine.models.between.network.evidence import (
    CANDIDATES,
    CHANNELS,
    FAR,
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
ESTIMATED = 6  # more channels that an estimated motion is told by
NEARLY = 1e-3  # from 0 and 1, of shares


@dataclass(frozen=True, slots=True)
class RefinementSettings:
    """How large the network is."""

    width: int = 24  # channels at the fields' size; twice and four times as many below
    depth: int = 2  # layers at each size
    estimation: EstimationSettings | None = None  # finds motion of its own, for graphics cards


class Refinement(nn.Module):
    """From evidence to what is added to the way: B 5 H W, offsets to the first picture, to the
    second (x, y, field pixels), and the share of the second."""

    def __init__(self, settings: RefinementSettings) -> None:
        super().__init__()
        width, depth = settings.width, settings.depth
        self.estimation = Estimation(settings.estimation) if settings.estimation else None
        given = CHANNELS + (ESTIMATED if self.estimation else 0)
        self.high = _chain(given, width, depth)
        self.middle = _chain(width, 2 * width, depth, stride=2)
        self.low = _chain(2 * width, 4 * width, depth + 1, stride=2)
        self.middle_again = _chain(6 * width, 2 * width, 1)
        self.high_again = _chain(3 * width, width, 1)
        self.out = nn.Conv2d(width, OUT + (3 if self.estimation else 0), 3, padding=1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)  # pyright: ignore[reportArgumentType]

    def forward(self, channels: Tensor, lumas: Tensor | None = None) -> Tensor:
        """B CHANNELS H W to B 5 H W, 0 where nothing is to change.

        Args:
            channels: The evidence.
            lumas: B 2 H W of both pictures at the fields' size, 0 to 1; only asked for by networks
                with an estimation, and perhaps with some more pixels on all sides.
        """
        return self.with_estimate(channels, lumas)[0]

    def with_estimate(
        self, channels: Tensor, lumas: Tensor | None = None
    ) -> tuple[Tensor, Tensor | None]:
        """The same, and what the estimation alone would have: B 5 H W, offsets and share."""
        channels = channels.float()
        if self.estimation is None:
            return settled(self._wanted(channels), channels), None
        assert lumas is not None
        alone, cost = self._estimated(self.estimation, channels, lumas)
        moved = alone - _plain(channels)
        told = torch.cat((channels, moved[:, :4] / FIELD, moved[:, 4:], cost), 1)
        wanted = self._wanted(told)
        taken = wanted[:, OUT:].repeat_interleave(torch.tensor((2, 2, 1), device=told.device), 1)
        return settled(wanted[:, :OUT], channels, taken * moved), alone

    def _estimated(
        self, estimation: Estimation, channels: Tensor, lumas: Tensor
    ) -> tuple[Tensor, Tensor]:
        """What the estimation alone would have, and how much the ends differ then (B 1 H W)."""
        time = channels[:, TIME : TIME + 1, :1, :1]
        motion, pull = estimation(lumas, time)
        ends = [read(lumas[:, n : n + 1], motion[:, 2 * n : 2 * n + 2]) for n in (0, 1)]
        share = torch.sigmoid(torch.logit(time, NEARLY) + pull)
        found = torch.cat((motion, share, (ends[0] - ends[1]).abs() * (255 / GREY)), 1)
        height, width = channels.shape[-2:]
        top, side = (found.shape[-2] - height) // 2, (found.shape[-1] - width) // 2
        found = found[..., top : top + height, side : side + width]
        return found[:, :5], found[:, 5:]

    def _wanted(self, told: Tensor) -> Tensor:
        height, width = told.shape[-2:]
        padded = F.pad(told, (0, -width % STEP, 0, -height % STEP), mode="replicate")
        high = self.high(padded.clamp(-4, 4))
        middle = self.middle(high)
        low = self.low(middle)
        middle = self.middle_again(torch.cat((_twice(low), middle), 1))
        high = self.high_again(torch.cat((_twice(middle), high), 1))
        return self.out(high)[..., :height, :width].float()


def settled(wanted: Tensor, channels: Tensor, estimated: Tensor | None = None) -> Tensor:
    """What the last layer wants, as changes of the way.

    Args:
        wanted: B OUT H W.
        channels: B CHANNELS H W, the evidence.
        estimated: B 5 H W, what is taken of an estimation.
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
    changed = torch.cat(changes, 1)
    if estimated is not None:
        changed = changed + estimated
    return changed * gate


def _plain(channels: Tensor) -> Tensor:
    """The way that the evidence tells of, but for how it bends: B 5 H W."""
    motion, time = channels[:, MOTION] * FAR, channels[:, TIME : TIME + 1]
    return torch.cat((-time * motion, (1 - time) * motion, channels[:, SHARE : SHARE + 1]), 1)


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
