"""How things move through the span of a scene: poses over time, and bending."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

# Pixels along the side of the fields that bend things, and how far they reach: things end at 1.
FIELD, REACH = 48, 1.5
# By how much a bend may push a thing beyond its shape, in its own lengths.
BENT_REACH = 0.3
# Rounds of looking for the place that a bend came from. Bends stretch by less than a half, so
# that each round halves the error at least.
ROUNDS = 14


@dataclass(frozen=True, slots=True)
class Path:
    """Poses over the span, of the six numbers that `geometry.pose` takes.

    All B K 6. The middle of the span is where `place` says, but for what sways.
    """

    place: Tensor
    velocity: Tensor  # over the whole span
    acceleration: Tensor
    sway: Tensor
    rhythm: Tensor  # radians over the whole span
    phase: Tensor

    def at(self, times: Tensor) -> Tensor:
        """B N K 6 at times B N."""
        time = times[:, :, None, None] - 0.5
        steady = self.velocity[:, None] * time + self.acceleration[:, None] * time * time
        swayed = self.sway[:, None] * torch.sin(self.rhythm[:, None] * time + self.phase[:, None])
        return self.place[:, None] + steady + swayed


@dataclass(frozen=True, slots=True)
class Bend:
    """Waves that a thing is bent by, in its own lengths: where it is cut from, seen from where it
    shows. J waves for each of K things."""

    waves: Tensor  # B K J 2 radians over a length
    shifts: Tensor  # B K J 2 how far each wave moves
    speed: Tensor  # B K J radians over the span; waves that travel
    beat: Tensor  # B K J radians over the span; waves that swell and sink
    phase: Tensor  # B K J
    bent: Tensor  # B K, whether the thing bends at all

    def fields(self, times: Tensor, layer: int) -> Tensor:
        """The bend of one layer at times B, as B 2 FIELD FIELD."""
        line = torch.linspace(-REACH, REACH, FIELD, device=times.device)
        y, x = torch.meshgrid(line, line, indexing="ij")
        places = torch.stack([x, y], -1).reshape(-1, 2)
        phase = self.phase[:, layer] + self.speed[:, layer] * times[:, None]
        angles = places @ self.waves[:, layer].transpose(1, 2) + phase[:, None]
        swell = torch.cos(self.beat[:, layer] * (times[:, None] - 0.5) + phase)
        moved = torch.sin(angles) @ (self.shifts[:, layer] * swell[..., None])
        return moved.transpose(1, 2).reshape(-1, 2, FIELD, FIELD)


def bend(places: Tensor, field: Tensor) -> Tensor:
    """Where a bent thing is cut from: `places` B H W 2 and what the field adds there."""
    shift = F.grid_sample(field, places / REACH, padding_mode="border", align_corners=True)
    return places + shift.permute(0, 2, 3, 1)


def unbend(cut: Tensor, field: Tensor) -> Tensor:
    """The places that `bend` takes to `cut`, by fixed-point rounds."""
    places = cut
    for _ in range(ROUNDS):
        shift = F.grid_sample(field, places / REACH, padding_mode="border", align_corners=True)
        places = cut - shift.permute(0, 2, 3, 1)
    return places
