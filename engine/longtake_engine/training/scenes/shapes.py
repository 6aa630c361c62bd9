"""The outlines of things, as maps of their own lengths: about the distance to the edge, above 0
inside. A thing lies within -1 and 1."""

import torch
from torch import Tensor

from longtake_engine.training.scenes.rolls import Rolls
from longtake_engine.training.scenes.textures import clouds

# Cells along the side of a map.
SIDE = 96


def map_places(device: torch.device | str) -> tuple[Tensor, Tensor]:
    """x and y of a map's cells, each G G."""
    line = (torch.arange(SIDE, device=device) * 2 + 1) / SIDE - 1
    y, x = torch.meshgrid(line, line, indexing="ij")
    return x, y


def blobs(rolls: Rolls, count: int) -> Tensor:
    """B K G G: rounded lumps with lobes."""
    x, y = map_places(rolls.device)
    angle, radius = torch.atan2(y, x), torch.sqrt(x * x + y * y)
    order = torch.arange(1, 7, device=rolls.device)
    lobes = rolls.normal(count, 6) * rolls.uniform(0.05, 0.3, count, 1) / order
    phase = rolls.angle(count, 6)
    # cos(a + p) = cos p cos a - sin p sin a: the waves are the same for all lumps.
    waves = torch.cat(
        [torch.cos(order[:, None, None] * angle), torch.sin(order[:, None, None] * angle)]
    )
    shares = torch.cat([lobes * torch.cos(phase), -lobes * torch.sin(phase)], -1)
    edge = 0.7 + torch.einsum("bkj,jhw->bkhw", shares, waves)
    return edge.clamp(0.2, 0.93) - radius


def polygons(rolls: Rolls, count: int) -> Tensor:
    """B K G G: convex, of three to six straight sides, some of them rectangles."""
    x, y = map_places(rolls.device)
    sides = 6
    spread = torch.arange(sides, device=rolls.device) / sides
    angle = 2 * torch.pi * (spread + rolls.normal(count, sides) * 0.06)
    distance = rolls.uniform(0.4, 0.75, count, sides)
    # Sides far away do not show: fewer corners.
    distance = torch.where(rolls.chance(0.3, count, sides), 0.95, distance)
    right = torch.arange(sides, device=rolls.device) * (torch.pi / 2)
    square = rolls.chance(0.4, count, 1)
    angle = torch.where(square, right, angle)
    distance = torch.where(square, 0.85, distance)
    out = torch.full((*angle.shape[:2], SIDE, SIDE), 0.95, device=rolls.device)
    out = out - torch.maximum(x.abs(), y.abs())
    for side in range(sides):
        turn = angle[..., side, None, None]
        reach = distance[..., side, None, None] - torch.cos(turn) * x - torch.sin(turn) * y
        out = torch.minimum(out, reach)
    return out


def rings(rolls: Rolls, count: int) -> Tensor:
    """B K G G: round bands."""
    x, y = map_places(rolls.device)
    width = rolls.uniform(0.08, 0.25, count)[..., None, None]
    return width - (torch.sqrt(x * x + y * y) - 0.65).abs()


def tufts(rolls: Rolls, count: int) -> Tensor:
    """B K G G: ragged, with holes, as leaves against the sky, or smoke."""
    x, y = map_places(rolls.device)
    exponent = rolls.uniform(1.0, 1.9, count)
    drawn = clouds(rolls, count, SIDE, exponent)
    thick = rolls.uniform(0.3, 0.9, count)[..., None, None]
    envelope = thick - (x * x + y * y) * 1.6
    edge = 0.95 - torch.maximum(x.abs(), y.abs())
    return torch.minimum(0.12 * drawn + 0.25 * envelope, edge)


def rods(count: int, layers: int, device: torch.device, taper: Tensor | float = 0.0) -> Tensor:
    """B K G G: a limb along y with round ends, in lengths of a box; the taper is the share that
    the far end is thinner."""
    x, y = map_places(device)
    thin = 1 - torch.as_tensor(taper, device=device)[..., None, None] * (y + 1) / 2
    end = ((y.abs() - 0.8) / 0.2).clamp(min=0)
    shape = 0.95 * thin - torch.hypot(x, end)
    return shape.expand(count, layers, SIDE, SIDE)


def grounds(rolls: Rolls, count: int) -> Tensor:
    """B K G G: all that lies below a line that is more or less straight."""
    x, y = map_places(rolls.device)
    order = torch.tensor([1.0, 2.0, 3.7, 6.3, 11.0], device=rolls.device)
    waves = torch.sin(order[:, None, None] * 3 * x + rolls.angle(count, 5)[..., None, None])
    heights = rolls.normal(count, 5) * rolls.uniform(0, 0.15, count, 1) / order
    return y + torch.einsum("bkj,bkjhw->bkhw", heights, waves)


def any_shapes(rolls: Rolls, count: int) -> Tensor:
    """B K G G: lumps, polygons, tufts and rings, by lot."""
    kinds = torch.stack(
        [blobs(rolls, count), polygons(rolls, count), tufts(rolls, count), rings(rolls, count)]
    )
    kind = rolls.choice([0.45, 0.3, 0.18, 0.07], count)
    index = kind[None, :, :, None, None].expand(1, -1, -1, SIDE, SIDE)
    return kinds.gather(0, index)[0]
