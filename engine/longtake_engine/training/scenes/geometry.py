"""Plane transforms of batches, as homogeneous matrices of any leading axes.

Lengths are halves of the picture: -1 and 1 are its edges, as torch's grids have them with
`align_corners=False`.
"""

import torch
from torch import Tensor


def pose(values: Tensor) -> Tensor:
    """Matrices ... 3 3 that scale, then turn, then shift.

    Args:
        values: ... 4: x, y, angle in radians, logarithm of the scale.
    """
    x, y, angle, zoom = values.unbind(-1)
    cos, sin = torch.cos(angle) * zoom.exp(), torch.sin(angle) * zoom.exp()
    zero, one = torch.zeros_like(x), torch.ones_like(x)
    rows = [cos, -sin, x, sin, cos, y, zero, zero, one]
    return torch.stack(rows, -1).unflatten(-1, (3, 3))


def stretch(lengths: Tensor) -> Tensor:
    """Matrices ... 3 3 that scale by ... 2 along the axes."""
    return torch.diag_embed(torch.cat([lengths, torch.ones_like(lengths[..., :1])], -1))


def pixel_grid(size: int, device: torch.device | str) -> Tensor:
    """The places of a picture's pixels, 1 H W 2 (x, y)."""
    line = (torch.arange(size, device=device, dtype=torch.float32) * 2 + 1) / size - 1
    y, x = torch.meshgrid(line, line, indexing="ij")
    return torch.stack([x, y], -1)[None]


def transform(matrices: Tensor, places: Tensor) -> Tensor:
    """Places B H W 2 (or 1 H W 2) under matrices B 3 3."""
    moved = places @ matrices[:, None, :2, :2].transpose(-1, -2)
    return moved + matrices[:, None, None, :2, 2]
