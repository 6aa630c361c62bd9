"""Plane transforms of batches, as homogeneous matrices of any leading axes.

Lengths are halves of the picture: -1 and 1 are its edges, as torch's grids have them with
`align_corners=False`.
"""

import torch
from torch import Tensor

# x and y, each of a shape that B H W can be made of.
Places = tuple[Tensor, Tensor]


def pose(values: Tensor) -> Tensor:
    """Matrices ... 3 3 that slant, then scale, then turn, then shift.

    Args:
        values: ... 6: x, y, angle in radians, logarithm of the scale, and by how much more
            distance shrinks things towards the right and the bottom.
    """
    x, y, angle, zoom, slant_x, slant_y = values.unbind(-1)
    cos, sin = torch.cos(angle) * zoom.exp(), torch.sin(angle) * zoom.exp()
    zero, one = torch.zeros_like(x), torch.ones_like(x)
    placed = torch.stack([cos, -sin, x, sin, cos, y, zero, zero, one], -1).unflatten(-1, (3, 3))
    slant = torch.stack([one, zero, zero, zero, one, zero, slant_x, slant_y, one], -1)
    return placed @ slant.unflatten(-1, (3, 3))


def stretch(lengths: Tensor) -> Tensor:
    """Matrices ... 3 3 that scale by ... 2 along the axes."""
    return torch.diag_embed(torch.cat([lengths, torch.ones_like(lengths[..., :1])], -1))


def shift(way: Tensor) -> Tensor:
    """Matrices ... 3 3 that shift by ... 2."""
    matrices = torch.eye(3, device=way.device).expand(*way.shape[:-1], 3, 3).clone()
    matrices[..., :2, 2] = way
    return matrices


def pixel_places(size: int, device: torch.device | str) -> Places:
    """The places of a picture's pixels."""
    line = (torch.arange(size, device=device, dtype=torch.float32) * 2 + 1) / size - 1
    return line[None, None, :], line[None, :, None]


def pixel_grid(size: int, device: torch.device | str) -> Tensor:
    """The places of a picture's pixels as one tensor, 1 H W 2 (x, y)."""
    return torch.stack(torch.broadcast_tensors(*pixel_places(size, device)), -1)


def apart(places: Tensor) -> Places:
    """Places ... 2 as x and y."""
    return places[..., 0], places[..., 1]


def transform(matrices: Tensor, places: Places) -> Tensor:
    """Places B H W 2 (x, y): where matrices B 3 3 bring others."""
    m = matrices[:, None, None]
    x, y = places
    # What is the same for a row is added up before it is spread along the row.
    depth = m[..., 2, 0] * x + (m[..., 2, 1] * y + m[..., 2, 2])
    across = m[..., 0, 0] * x + (m[..., 0, 1] * y + m[..., 0, 2])
    down = m[..., 1, 0] * x + (m[..., 1, 1] * y + m[..., 1, 2])
    out = depth.new_empty(*torch.broadcast_shapes(across.shape, depth.shape), 2)
    torch.div(across, depth, out=out[..., 0])
    torch.div(down, depth, out=out[..., 1])
    return out
