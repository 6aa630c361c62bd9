"""Leaves, discs and boxes that cover each other on a texture."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from longtake_engine.training.scenes.patterns import CELLS, texel_places
from longtake_engine.training.scenes.rolls import Rolls

# Grids of leaves over each other.
GRIDS = 4


def add_leaves(rolls: Rolls, textures: Tensor, has: Tensor, foliage: Tensor) -> Tensor:
    """Textures B 3 N N with discs, boxes and leaves of many sizes over each other: the dead
    leaves of Matheron (1968), thinned to one per cell of grids that are turned anyhow.

    Args:
        rolls: The lots.
        textures: What they lie on, and what shines through them.
        has: B bool, the scenes that have leaves.
        foliage: B bool, those whose leaves are small, long and greenish.
    """
    # More of the large ones, and these beneath.
    spread = (rolls.uniform(0, 1, GRIDS) ** 1.5).sort(1).values
    coarse = torch.where(foliage, math.log(14.0), math.log(2.5))[:, None]
    counts = torch.exp(coarse + spread * (math.log(40) - coarse))
    turns, shifts = rolls.angle(GRIDS), rolls.uniform(-0.5, 0.5, GRIDS, 2)
    thin = torch.where(foliage[:, None], rolls.uniform(0.2, 0.5, GRIDS), 1.0)
    boxes = rolls.chance(0.35, GRIDS) & ~foliage[:, None]
    contrast, colourful = rolls.uniform(0.05, 0.3), rolls.uniform(0.0, 0.6) ** 2
    kept, slope = rolls.uniform(0.0, 1.0), rolls.uniform(0, 0.25)
    green = torch.tensor([-0.06, 0.07, -0.1], device=rolls.device) * rolls.uniform(0, 1.5, 1)
    scenes = has.nonzero()[:, 0]
    if not len(scenes):
        return textures
    size = textures.shape[-1]
    pictures = textures[scenes]
    ground = pictures.mean((2, 3), keepdim=True)
    detail = (pictures - ground) * kept[scenes, None, None, None]
    ground = ground + (green * foliage[:, None])[scenes, :, None, None]
    for grid in range(GRIDS):
        table = _table(rolls, scenes, contrast[scenes], colourful[scenes])
        count, turn = counts[scenes, grid], turns[scenes, grid]
        leaf, right, below = _look_up(table, size, count, turn, shifts[scenes, grid])
        along = leaf[:, 2] * right + leaf[:, 3] * below
        aside = (leaf[:, 2] * below - leaf[:, 3] * right) / thin[scenes, grid, None, None]
        far = _distance(along, aside, boxes[scenes, grid])
        mask = ((leaf[:, 4] - far) * (size / count)[:, None, None] + 0.5).clamp(0, 1)
        colour = leaf[:, 5:] + (along * slope[scenes, None, None])[:, None]
        pictures = torch.lerp(pictures, ground + detail + colour, mask[:, None])
    out = textures.clone()
    out[scenes] = pictures
    return out


def _distance(along: Tensor, aside: Tensor, boxes: Tensor) -> Tensor:
    """B N N: how far from its leaf's middle each texel is, as discs or as boxes (B bool) go."""
    box = torch.maximum(along.abs(), aside.abs()) * 1.2
    return torch.where(boxes[:, None, None], box, torch.hypot(along, aside))


def _table(rolls: Rolls, scenes: Tensor, contrast: Tensor, colourful: Tensor) -> Tensor:
    """B 8 CELLS CELLS: each cell's leaf: its middle, cosine and sine of its direction, radius
    (below 0 where the cell is empty), and colour."""
    lots = rolls.noise(8, CELLS, CELLS, scenes=scenes.tolist())
    middle = lots[:, :2].clamp(-1.5, 1.5) * 0.06
    direction = torch.stack([torch.cos(lots[:, 2] * 3), torch.sin(lots[:, 2] * 3)], 1)
    radius = torch.where(lots[:, 4:5] > -0.4, 0.28 + 0.05 * lots[:, 3:4].clamp(-2, 2), -9.0)
    light = lots[:, 5:6] + lots[:, 5:] * colourful[:, None, None, None]
    return torch.cat([middle, direction, radius, light * contrast[:, None, None, None]], 1)


def _look_up(
    table: Tensor, size: int, count: Tensor, turn: Tensor, shift: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """What the table says of each texel's cell, B 8 N N, and where the texel is in its leaf."""
    x, y = texel_places(size, table.device)
    cos, sin = (torch.cos(turn) * count)[:, None, None], (torch.sin(turn) * count)[:, None, None]
    middle = shift[..., None, None] + CELLS / 2
    across, down = cos * x - sin * y + middle[:, 0], sin * x + cos * y + middle[:, 1]
    cells = torch.stack([across, down], -1) / (CELLS / 2) - 1
    leaf = F.grid_sample(table, cells, mode="nearest", align_corners=False)
    right = across - across.floor() - 0.5 - leaf[:, 0]
    below = down - down.floor() - 0.5 - leaf[:, 1]
    return leaf, right, below
