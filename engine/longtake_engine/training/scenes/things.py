"""Grounds and loose things: the layers that most scenes are made of."""

import math
from dataclasses import replace

import torch
from torch import Tensor

from longtake_engine.training.scenes.rolls import Rolls
from longtake_engine.training.scenes.scene import Layers
from longtake_engine.training.scenes.settings import SceneSettings
from longtake_engine.training.scenes.shapes import SIDE, any_shapes, grounds
from longtake_engine.training.scenes.speeds import draw_bend, no_bend, still_path, thing_path


def blank_layers(rolls: Rolls, layers: int) -> Layers:
    """B K layers that stand in the middle, solid, as large as the picture, of the things'
    texture: what each kind of layer changes."""

    def full(value: float, *shape: int) -> Tensor:
        return torch.full((rolls.count, layers, *shape), value, device=rolls.device)

    whole = torch.zeros(rolls.count, layers, dtype=torch.int64, device=rolls.device)
    return Layers(
        present=whole == 0,
        thing=whole - 1,
        parent=whole - 1,
        endless=whole != 0,
        parallax=full(1.0),
        half_size=full(1.0, 2),
        pivot=full(0.0, 2),
        path=still_path(rolls, layers),
        bend=no_bend(rolls, layers),
        shape=full(1.0, SIDE, SIDE),
        bars=full(0.0, 2),
        bar_width=full(0.0),
        sag=full(0.0),
        softness=full(1.0),
        opacity=full(1.0),
        ground=whole != 0,
        texture_place=full(0.0, 2),
        texture_scale=full(1.0),
        tint=full(1.0, 3),
        shade=full(0.0, 3),
        relief=full(0.0),
    )


def absent_layers(rolls: Rolls, layers: int) -> Layers:
    """B K layers that no scene of the batch has: nothing is drawn for them."""
    blank = blank_layers(rolls, layers)
    return replace(blank, present=torch.zeros_like(blank.present))


def draw_grounds(rolls: Rolls, settings: SceneSettings, still: Tensor) -> Layers:
    """B 2: the background, and perhaps a second ground before it, below a line."""
    moves = ~still[:, None]
    water = rolls.chance(settings.water_share, 2)
    sways = rolls.chance(settings.bend_share * 0.5, 2)
    finest = torch.where(water, rolls.uniform(0.25, 0.7, 2), rolls.uniform(0.8, 2.0, 2))
    bend = draw_bend(rolls, (water | sways) & moves, finest, water, water & rolls.chance(0.3, 2))
    path = still_path(rolls, 2)
    path.place[:, 1, 1] = rolls.uniform(-0.5, 0.9)
    path.place[:, 1, 2] = rolls.normal() * 0.05 + torch.pi / 2 * rolls.choice([6, 1, 1, 1])
    path.place[:, :, 5] = rolls.uniform(-0.1, 0.25, 2) * rolls.chance(0.4, 2)
    far = rolls.uniform(0.3, 0.9)
    layers = blank_layers(rolls, 2)
    second = rolls.chance(settings.ground_share)
    return replace(
        layers,
        present=torch.stack([torch.ones_like(second), second], 1),
        endless=torch.ones_like(layers.endless),
        parallax=torch.stack([torch.where(second, far, 0.8), rolls.uniform(0.7, 1.1)], 1),
        half_size=layers.half_size * torch.tensor([1.0, 1.6], device=rolls.device)[:, None],
        path=path,
        bend=bend,
        shape=torch.cat([layers.shape[:, :1], grounds(rolls, 1)], 1),
        softness=rolls.uniform(1.0, 2.0, 2),
        ground=torch.tensor([True, False], device=rolls.device).expand(rolls.count, -1),
        texture_place=rolls.uniform(-0.2, 0.2, 2, 2),
        texture_scale=torch.exp(rolls.uniform(math.log(0.4), math.log(1.1), 2)),
        tint=rolls.uniform(0.75, 1.15, 2, 1) * (1 + rolls.normal(2, 3) * 0.08),
        shade=rolls.uniform(-0.15, 0.15, 2, 1).expand(-1, -1, 3),
    )


def draw_things(rolls: Rolls, settings: SceneSettings, still: Tensor, first: int) -> Layers:
    """B K loose things of any shape; `first` is the number of the first."""
    count = max(settings.things, 1)
    number = torch.arange(count, device=rolls.device)
    some = rolls.choice([1.0] * (settings.things + 1))[:, None]
    radius = torch.exp(rolls.uniform(math.log(0.05), math.log(0.75), count, 1))
    half = radius * rolls.uniform(0.45, 1.0, count, 2)
    bent = rolls.chance(settings.bend_share, count) & ~still[:, None]
    rolling = rolls.chance(0.3, count)
    finest = rolls.uniform(0.6, 2.0, count)
    bend = draw_bend(rolls, bent, finest, rolls.chance(0.3, count), rolling)
    return replace(
        blank_layers(rolls, count),
        present=number < some,
        thing=(number + first).expand(rolls.count, -1),
        parallax=rolls.uniform(0.8, 1.6, count),
        half_size=half,
        path=thing_path(rolls, settings, count, still),
        bend=bend,
        shape=any_shapes(rolls, count),
        softness=torch.exp(rolls.uniform(0, 1.0, count)),
        texture_place=rolls.uniform(-1, 1, count, 2),
        texture_scale=torch.exp(rolls.uniform(math.log(0.4), math.log(1.2), count)),
        tint=rolls.uniform(0.5, 1.2, count, 1) * (1 + rolls.normal(count, 3) * 0.1),
        shade=rolls.uniform(-0.25, 0.35, count, 1) + rolls.normal(count, 3) * 0.04,
        relief=rolls.uniform(-0.2, 0.4, count),
    )
