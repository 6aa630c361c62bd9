"""Motion to both pictures from one between them, found by a network from coarse to fine.

One network for all levels of a pyramid, as in Jin et al. 2023 (EBME): so that motion of any size
is found that is small at some level. It begins with no motion at all at the coarsest.
"""

# torch is an extra, which need not be here:
# pyright: reportMissingImports=false

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from longtake_engine.models.between.card import read

SLOPE = 0.1  # of the rectifiers, below 0
LEAST_COARSE = 12  # pixels of the shorter side at the coarsest level
REACH = 3  # pixels that both ends are compared over at each level
NEAR = (2 * REACH + 1) ** 2


@dataclass(frozen=True, slots=True)
class EstimationSettings:
    """How large the network is."""

    features: int = 32  # channels that each picture is told by
    width: int = 96  # channels inside
    memory: int = 32  # channels handed on from level to level
    most_levels: int = 6


class Estimation(nn.Module):
    """From the lumas of both pictures to the motion of one between them."""

    def __init__(self, settings: EstimationSettings) -> None:
        super().__init__()
        self._settings = settings
        features, width, memory = settings.features, settings.width, settings.memory
        self.told = nn.Sequential(*_layer(1, features), *_layer(features, features))
        given = 2 * features + NEAR + memory + 6  # motion, share and time
        self.inside = nn.Sequential(
            *_layer(given, width), *_layer(width, width), *_layer(width, width)
        )
        self.out = nn.Conv2d(width, memory + 5, 3, padding=1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)  # pyright: ignore[reportArgumentType]

    def forward(self, lumas: Tensor, time: Tensor) -> tuple[Tensor, Tensor]:
        """The motion to the first and to the second picture (B 4 H W, x and y, pixels), and what
        the second counts for beside the first (B 1 H W, before the logistic function).

        Args:
            lumas: B 2 H W of both pictures, 0 to 1.
            time: B 1 1 1, 0 to 1.
        """
        batch = len(lumas)
        levels = self._levels(*lumas.shape[-2:])
        found = memory = None
        for level in reversed(range(levels)):
            small = F.avg_pool2d(lumas, 2**level, ceil_mode=True) if level else lumas
            size = small.shape[-2:]
            if found is None or memory is None:
                found = lumas.new_zeros(batch, 5, *size)
                memory = lumas.new_zeros(batch, self._settings.memory, *size)
            else:
                found = torch.cat((2 * _fitted(found[:, :4], size), _fitted(found[:, 4:], size)), 1)
                memory = _fitted(memory, size)
            ends = [
                read(self.told(small[:, n : n + 1]).float(), found[:, 2 * n : 2 * n + 2])
                for n in (0, 1)
            ]
            known = (*ends, alike(*ends), memory, found, time.expand(-1, -1, *size))
            added = self.out(self.inside(torch.cat(known, 1))).float()
            found, memory = found + added[:, :5], added[:, 5:]
        assert found is not None
        return found[:, :4], found[:, 4:]

    def _levels(self, height: int, width: int) -> int:
        count = 1
        while count < self._settings.most_levels and min(height, width) >> count >= LEAST_COARSE:
            count += 1
        return count


def alike(first: Tensor, second: Tensor) -> Tensor:
    """B NEAR H W: how alike both are, the one moved against the other by each step within reach."""
    height, width = first.shape[-2:]
    wide = F.pad(second, (REACH,) * 4)
    steps = range(2 * REACH + 1)
    near = (wide[..., y : y + height, x : x + width] for y in steps for x in steps)
    return torch.stack([(first * other).mean(1) for other in near], 1)


def _layer(given: int, made: int) -> tuple[nn.Module, ...]:
    return nn.Conv2d(given, made, 3, padding=1), nn.LeakyReLU(SLOPE)


def _fitted(image: Tensor, size: torch.Size) -> Tensor:
    return F.interpolate(image, size, mode="bilinear", align_corners=False)
