"""What is in each scene, chosen by lot."""

import math

import torch
from torch import Tensor

from longtake_engine.training.scenes.motions import Bend, Path
from longtake_engine.training.scenes.rolls import Rolls
from longtake_engine.training.scenes.scene import Layers, Scene
from longtake_engine.training.scenes.settings import SceneSettings
from longtake_engine.training.scenes.shapes import blobs
from longtake_engine.training.scenes.textures import draw_textures


def draw_path(rolls: Rolls, count: int, speed: Tensor) -> Path:
    """Motions of `count` things; `speed` B K in halves of the picture over the span."""
    towards = rolls.angle(count)
    way = torch.stack([torch.cos(towards), 0.6 * torch.sin(towards)], -1) * speed[..., None]
    turn = rolls.normal(count) * speed
    zoom = rolls.normal(count) * speed * 0.3
    velocity = torch.cat([way, turn[..., None], zoom[..., None]], -1)
    nothing = torch.zeros_like(velocity)
    acceleration = velocity * rolls.normal(count, 4) * 0.5
    return Path(nothing, velocity, acceleration, nothing, nothing, nothing)


def no_bend(count: int, layers: int) -> Bend:
    """Things that do not bend."""
    lone = torch.zeros(count, layers, 1)
    pair = torch.zeros(count, layers, 1, 2)
    return Bend(pair, pair, lone, lone, lone, torch.zeros(count, layers, dtype=torch.bool))


def compose(
    seed: int, count: int, size: int, device: torch.device, settings: SceneSettings
) -> Scene:
    """The scenes of a batch."""
    rolls = Rolls(seed, count, device)
    layers = settings.layers + 1
    number = torch.arange(layers)
    things = rolls.choice([1.0] * settings.layers)[:, None] + 1
    speed = torch.exp(rolls.normal(layers) * 1.2 + math.log(0.04)).clamp(max=0.5) * settings.speed
    speed = torch.where(rolls.chance(settings.still_share, 1), 0.0, speed)
    path = draw_path(rolls, layers, speed)
    place = torch.cat(
        [
            rolls.uniform(-0.9, 0.9, layers, 2),
            rolls.angle(layers, 1),
            torch.zeros(count, layers, 1),
        ],
        -1,
    )
    place[:, 0] = 0
    velocity = path.velocity.clone()
    velocity[:, 0] = 0
    acceleration = path.acceleration.clone()
    acceleration[:, 0] = 0
    path = Path(place, velocity, acceleration, path.sway, path.rhythm, path.phase)
    half = torch.exp(rolls.uniform(math.log(0.06), math.log(0.6), layers, 1)) * rolls.uniform(
        0.5, 1.0, layers, 2
    )
    half[:, 0] = 1
    parts = Layers(
        present=(number <= things),
        thing=number.expand(count, -1),
        parent=torch.full((count, layers), -1),
        fixed=torch.zeros(count, layers, dtype=torch.bool),
        parallax=torch.ones(count, layers),
        half_size=half,
        path=path,
        bend=no_bend(count, layers),
        shape=blobs(rolls, layers, 96),
        softness=rolls.uniform(1.0, 2.5, layers),
        opacity=torch.ones(count, layers),
        texture=(number > 0).long().expand(count, -1),
        texture_place=rolls.uniform(-1, 1, layers, 2) * (number > 0)[:, None],
        texture_scale=rolls.uniform(0.7, 1.1, layers),
        tint=torch.eye(3).expand(count, layers, 3, 3)
        * rolls.uniform(0.4, 1.0, layers, 3)[..., None],
        shade=rolls.uniform(-0.1, 0.3, layers, 3) * (number > 0)[:, None],
    )
    camera = draw_path(rolls, 1, speed[:, :1] * rolls.chance(0.6, 1))
    textures = draw_textures(rolls, 2, size * 3 // 2)
    foremost = things[:, 0]
    scene = Scene(size, parts, camera, textures, foremost)
    return scene
