"""How fast cameras and things move, and how they bend: the lots behind motions."""

import math

import torch
from torch import Tensor

from longtake_engine.training.scenes.motions import Bend, Path
from longtake_engine.training.scenes.rolls import Rolls
from longtake_engine.training.scenes.settings import SceneSettings

# Halves of the picture per pixel of a picture of 256 pixels: motions are drawn for that size.
PIXEL = 2 / 256
WAVES = 6


def still_path(rolls: Rolls, layers: int, place: Tensor | None = None) -> Path:
    """Things that stand, B K, at `place` B K 6 or in the middle."""
    nothing = torch.zeros(rolls.count, layers, 6, device=rolls.device)
    return Path(nothing if place is None else place, *(nothing.clone() for _ in range(5)))


def camera_path(rolls: Rolls, settings: SceneSettings, still: Tensor) -> Path:
    """The camera of each scene, B 1 6: it stands, shakes, pans, zooms, or all at once.

    Args:
        rolls: The lots.
        settings: How often each.
        still: B bool: scenes where it has to stand.
    """
    kind = rolls.choice([0.3, 0.4, 0.15, 0.15])  # held by hand, pan, zoom, all of it
    moves = ~still & ~rolls.chance(settings.tripod_share)
    factor = (moves * settings.speed)[:, None]
    pans, zooms, held = kind % 2 == 1, kind >= 2, (kind == 0) | (kind == 3)
    pan = torch.exp(rolls.normal() * 1.4 + math.log(4)).clamp(max=90) * PIXEL
    towards = rolls.normal() * 0.5 + torch.pi * rolls.chance(0.5)
    velocity = torch.zeros(rolls.count, 6, device=rolls.device)
    velocity[:, 0] = pan * torch.cos(towards)
    velocity[:, 1] = pan * torch.sin(towards)
    velocity[:, 2] = rolls.normal() * 0.03 * rolls.chance(0.5)
    velocity = velocity * pans[:, None]
    velocity[:, 3] = rolls.normal() * 0.06 * zooms
    velocity[:, 4:] = rolls.normal(2) * 0.02 * zooms[:, None]
    amplitude = torch.exp(rolls.normal() * 0.8 + math.log(1.2)) * PIXEL
    amounts = torch.tensor([1.0, 1.0, 0.3, 0.1, 0.0, 0.0], device=rolls.device)
    sway = rolls.normal(6) * amounts * (amplitude * held)[:, None]
    rhythm, phase = rolls.uniform(1, 9, 6), rolls.angle(6)
    acceleration = velocity * rolls.normal(1) * 0.6
    place = torch.zeros_like(velocity)
    parts = (place, velocity * factor, acceleration * factor, sway * factor, rhythm, phase)
    return Path(*(part[:, None] for part in parts))


def thing_path(rolls: Rolls, settings: SceneSettings, layers: int, still: Tensor) -> Path:
    """Paths B K 6 of things somewhere in the picture; `still` B says where all stand."""
    size = torch.exp(rolls.normal(layers) * 1.3 + math.log(4)).clamp(max=110) * PIXEL
    rests = rolls.chance(0.2, layers) | still[:, None]
    size = torch.where(rests, 0.0, size) * settings.speed
    towards = rolls.angle(layers)
    way = torch.stack([torch.cos(towards), 0.6 * torch.sin(towards)], -1)
    rest = rolls.normal(layers, 4) * torch.tensor([1.5, 0.4, 0.3, 0.3], device=rolls.device)
    velocity = torch.cat([way, rest], -1) * size[..., None]
    place = torch.zeros_like(velocity)
    place[..., 0] = rolls.uniform(-0.95, 0.95, layers)
    place[..., 1] = rolls.uniform(-0.85, 0.85, layers)
    place[..., 2] = rolls.normal(layers) * 0.6
    place[..., 4:] = rolls.normal(layers, 2) * 0.05
    acceleration = velocity * rolls.normal(layers, 6) * 0.6
    sway = velocity * rolls.normal(layers, 6) * 0.2 * rolls.chance(0.4, layers, 1)
    rhythm, phase = rolls.uniform(2, 12, layers, 6), rolls.angle(layers, 6)
    return Path(place, velocity, acceleration, sway, rhythm, phase)


def no_bend(rolls: Rolls, layers: int) -> Bend:
    """Things that do not bend, B K."""
    lone = torch.zeros(rolls.count, layers, WAVES, device=rolls.device)
    pair = torch.zeros(rolls.count, layers, WAVES, 2, device=rolls.device)
    return Bend(pair, pair, lone, lone, lone, lone[..., 0] > 0)


def draw_bend(
    rolls: Rolls, bent: Tensor, finest: Tensor, travelling: Tensor, rolling: Tensor
) -> Bend:
    """Bends of things B K.

    Args:
        rolls: The lots.
        bent: B K bool: which bend at all.
        finest: B K the shortest wave in the thing's own lengths.
        travelling: B K bool: waves that travel as on water, rather than swell and sink.
        rolling: B K bool: waves that shift along themselves and keep areas, as smoke rolls.
    """
    layers = bent.shape[1]
    shape = (layers, WAVES)
    longest = 3.0
    length = finest[..., None] * (longest / finest[..., None]) ** rolls.uniform(0, 1, *shape)
    towards = rolls.angle(*shape)
    normal = torch.stack([torch.cos(towards), torch.sin(towards)], -1)
    along = torch.stack([-normal[..., 1], normal[..., 0]], -1)
    free = rolls.angle(*shape)
    anyhow = torch.stack([torch.cos(free), torch.sin(free)], -1)
    way = torch.where(rolling[..., None, None], along, anyhow)
    waves = normal * (2 * torch.pi / length)[..., None]
    # A bend may be undone as long as it stretches by less than one; a half keeps that quick.
    strain = rolls.uniform(0.1, 0.5, layers, 1) * torch.softmax(rolls.normal(*shape), -1)
    shifts = way * (strain * length / (2 * torch.pi))[..., None]
    pace = torch.exp(rolls.normal(layers, 1) * 0.7 + 0.3) * rolls.uniform(0.5, 1.5, *shape)
    sign = torch.where(rolls.chance(0.5, *shape), 1.0, -1.0)
    speed = torch.where(travelling[..., None], pace * sign * 2, 0.0)
    beat = torch.where(travelling[..., None], 0.0, pace)
    return Bend(waves, shifts * bent[..., None, None], speed, beat, rolls.angle(*shape), bent)
