"""Scenes become pictures."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from longtake_engine.training.scenes.geometry import pixel_grid
from longtake_engine.training.scenes.scene import Moment


@dataclass(frozen=True, slots=True)
class Rendered:
    """One instant of B scenes, without light and sensor."""

    picture: Tensor  # B 3 H W
    background: Tensor  # B 3 H W, without the foremost thing
    matte: Tensor  # B 1 H W, how much of the foremost thing is seen


def colour(now: Moment, layer: int, cut: Tensor) -> Tensor:
    """B 3 H W: a layer's colours at places of its own, B H W 2."""
    layers, size = now.scene.layers, now.scene.size
    textures = now.scene.textures
    texels = textures.shape[-1]
    chosen = textures[torch.arange(len(textures)), layers.texture[:, layer]]
    scale = layers.half_size[:, layer] * (size / texels * layers.texture_scale[:, layer, None])
    places = cut * scale[:, None, None] + layers.texture_place[:, layer, None, None]
    found = F.grid_sample(
        chosen, places, mode="bicubic", padding_mode="reflection", align_corners=False
    )
    mixed = torch.einsum("bij,bjhw->bihw", layers.tint[:, layer], found)
    return mixed + layers.shade[:, layer, :, None, None]


def render(now: Moment) -> Rendered:
    """The pictures of B scenes at one instant."""
    scene = now.scene
    grid = pixel_grid(scene.size, now.time.device).expand(len(now.time), -1, -1, -1)
    picture = colour(now, 0, now.cut(0, grid))
    background, seen = picture, torch.zeros_like(picture[:, :1])
    for layer in range(1, scene.layers.count):
        cut = now.cut(layer, grid)
        matte = now.matte(layer, cut)
        painted = colour(now, layer, cut)
        front = (scene.layers.thing[:, layer] == scene.foremost)[:, None, None, None]
        picture = torch.lerp(picture, painted, matte)
        background = torch.lerp(background, painted, torch.where(front, 0.0, matte))
        seen = torch.where(front, seen + (1 - seen) * matte, seen * (1 - matte))
    return Rendered(picture.clamp(0, 1), background.clamp(0, 1), seen)
