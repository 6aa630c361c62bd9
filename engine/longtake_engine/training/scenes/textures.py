"""The surfaces that scenes are made of."""

import torch
from torch import Tensor

from longtake_engine.training.scenes.rolls import Rolls


def clouds(rolls: Rolls, planes: int, size: int, exponent: Tensor) -> Tensor:
    """B P N N noise with a spectrum of 1/f^exponent (B P), mean 0 and deviation 1; it tiles."""
    device = rolls.device
    across = torch.fft.rfftfreq(size, device=device)
    down = torch.fft.fftfreq(size, device=device)[:, None]
    frequency = torch.sqrt(across**2 + down**2).clamp(min=1 / size)
    weight = frequency[None, None] ** -exponent.to(device)[..., None, None]
    weight[..., 0, 0] = 0
    noise = torch.view_as_complex(rolls.noise(planes, size, size // 2 + 1, 2))
    drawn = torch.fft.irfft2(noise * weight, s=(size, size))
    return drawn / drawn.std((-2, -1), keepdim=True).clamp(min=1e-6)


def draw_textures(rolls: Rolls, count: int, size: int) -> Tensor:
    """B M 3 N N, about 0 to 1: `count` textures of `size` texels for each scene."""
    exponent = rolls.uniform(0.8, 2.2, count, 1).expand(-1, -1, 2)
    planes = clouds(rolls, count * 2, size, exponent.flatten(1)).unflatten(1, (count, 2))
    colours = rolls.normal(count, 2, 3)
    colours[:, :, 0] = 0.4 * colours[:, :, 0] + 1
    colours = colours / colours.norm(dim=-1, keepdim=True)
    contrast = rolls.uniform(0.02, 0.3, count, 1, 1) * torch.tensor([1.0, 0.4])[:, None]
    mixed = torch.einsum("bmphw,bmpc->bmchw", planes, (colours * contrast).to(planes))
    middle = rolls.uniform(0.15, 0.85, count, 3)
    return (mixed + middle.to(planes)[..., None, None]).clamp(0, 1)
