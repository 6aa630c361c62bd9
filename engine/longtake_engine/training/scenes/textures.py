"""The surfaces that scenes are made of: a grain of some spectrum, and what lies on it."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from longtake_engine.training.scenes.leaves import add_leaves
from longtake_engine.training.scenes.patterns import add_glyphs, add_stripes
from longtake_engine.training.scenes.rolls import Rolls


@dataclass(frozen=True, slots=True)
class Grain:
    """The spectrum of a texture."""

    exponent: Tensor  # B P: 0 is white noise, 1 as photographs have it, 2 and more smooth
    direction: Tensor  # B P radians
    stretch: Tensor  # B P how much longer it is along the direction: hair, wood, grass


def clouds(rolls: Rolls, planes: int, size: int, exponent: Tensor) -> Tensor:
    """B P N N noise with a spectrum of 1/f^exponent (B P), mean 0 and deviation 1; it tiles."""
    alike = torch.ones_like(exponent)
    return grained(rolls, planes, size, Grain(exponent, alike * 0, alike))


def grained(rolls: Rolls, planes: int, size: int, grain: Grain) -> Tensor:
    """B P N N noise of the given grain, mean 0 and deviation 1; it tiles."""
    device = rolls.device
    across = torch.fft.rfftfreq(size, device=device)
    down = torch.fft.fftfreq(size, device=device)[:, None]
    cos, sin = torch.cos(grain.direction), torch.sin(grain.direction)
    along = cos[..., None, None] * across + sin[..., None, None] * down
    aside = cos[..., None, None] * down - sin[..., None, None] * across
    power = (along * grain.stretch[..., None, None]) ** 2 + aside**2
    weight = power.clamp(min=size**-2.0) ** (-grain.exponent[..., None, None] / 2)
    weight[..., 0, 0] = 0
    noise = torch.view_as_complex(rolls.noise(planes, size, size // 2 + 1, 2))
    drawn = torch.fft.irfft2(noise * weight, s=(size, size))
    return drawn / drawn.std((-2, -1), keepdim=True).clamp(min=1e-6)


def draw_texture(rolls: Rolls, size: int) -> Tensor:
    """B 3 N N, 0 to 1: one texture of `size` texels for each scene."""
    grain = Grain(
        exponent=(rolls.uniform(0.9, 2.3, 1) + rolls.uniform(-0.2, 0.2, 2)),
        direction=rolls.uniform(0, torch.pi, 1).expand(-1, 2),
        stretch=torch.exp(rolls.uniform(0, 2.2, 1) * rolls.chance(0.3, 1)).expand(-1, 2),
    )
    planes = grained(rolls, 2, size, grain)
    colours = rolls.normal(2, 3) * 0.2
    colours[:, 0] += 1
    colours = colours / colours.norm(dim=-1, keepdim=True)
    contrast = torch.exp(rolls.uniform(math.log(0.04), math.log(0.32), 1))
    # Flat walls and skies: next to nothing but a gradient.
    contrast = torch.where(rolls.chance(0.12, 1), contrast * 0.15, contrast)
    amounts = contrast * torch.tensor([1.0, 0.4], device=rolls.device)
    mixed = torch.einsum("bphw,bpc->bchw", planes, colours * amounts[..., None])
    mixed = mixed + _middle(rolls)[..., None, None] + _gradient(rolls, size)
    kind = rolls.choice([0.4, 0.28, 0.1, 0.12, 0.1])
    leafy = (kind == 1) | (kind == 2)
    mixed = add_leaves(rolls, mixed, leafy, kind == 2)
    mixed = add_stripes(rolls, mixed, planes[:, 1], kind == 3)
    mixed = add_glyphs(rolls, mixed, planes[:, 1], kind == 4)
    return mixed.clamp(0, 1)


def _middle(rolls: Rolls) -> Tensor:
    """B 3: the colour that a texture has on the whole: greyish, and rather warm or cold than
    green or purple, as daylight and lamps make it."""
    warm = rolls.normal(1) * torch.tensor([0.14, 0.0, -0.14], device=rolls.device)
    green = rolls.normal(1) * torch.tensor([-0.05, 0.05, -0.07], device=rolls.device)
    anyhow = rolls.normal(3) * rolls.uniform(0.0, 0.14, 1) ** 1.5
    return rolls.uniform(0.12, 0.95, 1) * (1 + warm + green + anyhow)


def _gradient(rolls: Rolls, size: int) -> Tensor:
    """B 3 N N: lighter towards one side."""
    line = torch.linspace(-1, 1, size, device=rolls.device)
    towards = rolls.angle()
    slope = rolls.normal(3) * 0.05 + rolls.normal(1) * 0.3
    rise = (
        torch.cos(towards)[:, None, None] * line + torch.sin(towards)[:, None, None] * line[:, None]
    )
    return slope[..., None, None] * rise[:, None]


def defocused(textures: Tensor, sigma: Tensor) -> Tensor:
    """Textures B 3 N N blurred by a Gaussian of `sigma` B texels; they are taken to tile."""
    if not bool((sigma > 0).any()):
        return textures
    size = textures.shape[-1]
    across = torch.fft.rfftfreq(size, device=textures.device)
    down = torch.fft.fftfreq(size, device=textures.device)[:, None]
    power = (across**2 + down**2) * (-2 * torch.pi**2)
    weight = torch.exp(power * (sigma**2)[:, None, None])
    return torch.fft.irfft2(torch.fft.rfft2(textures) * weight[:, None], s=(size, size))
