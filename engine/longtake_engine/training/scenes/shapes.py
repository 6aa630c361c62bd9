"""The outlines of things, as maps that are above 0 inside."""

import torch
from torch import Tensor

from longtake_engine.training.scenes.rolls import Rolls


def blobs(rolls: Rolls, count: int, side: int) -> Tensor:
    """B K G G: rounded lumps with lobes."""
    line = (torch.arange(side) * 2 + 1) / side - 1
    y, x = torch.meshgrid(line, line, indexing="ij")
    angle, radius = torch.atan2(y, x), torch.sqrt(x * x + y * y)
    order = torch.arange(1, 7)
    lobes = rolls.normal(count, 6) * 0.2 / order
    phase = rolls.angle(count, 6)
    waves = torch.cos(order[:, None, None] * angle + phase[..., None, None])
    edge = 0.7 + torch.einsum("bkj,bkjhw->bkhw", lobes, waves)
    return edge.clamp(0.2, 0.95) - radius
