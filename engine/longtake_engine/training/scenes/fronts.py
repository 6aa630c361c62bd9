"""What is before the things: wires, poles and lattices, smoke, reflections, and overlays."""

import math
from dataclasses import replace

import torch
from torch import Tensor

from longtake_engine.training.scenes.geometry import pixel_grid
from longtake_engine.training.scenes.patterns import CELLS, writing
from longtake_engine.training.scenes.rolls import Rolls
from longtake_engine.training.scenes.scene import Layers
from longtake_engine.training.scenes.settings import SceneSettings
from longtake_engine.training.scenes.shapes import any_shapes, tufts
from longtake_engine.training.scenes.speeds import draw_bend, thing_path
from longtake_engine.training.scenes.things import absent_layers, blank_layers


def draw_thin(rolls: Rolls, settings: SceneSettings, still: Tensor, thing: int) -> Layers:
    """B 1: a few wires or poles, or a lattice; they mostly stand in the world."""
    present = rolls.chance(settings.thin_share, 1)
    if not bool(present.any()):
        return absent_layers(rolls, 1)
    kind = rolls.choice([0.35, 0.35, 0.3], 1)  # wires, poles, a lattice
    some, many = rolls.uniform(1.2, 6, 1, 2), rolls.uniform(4, 14, 1, 2)
    across = torch.where(kind == 1, some[..., 0], torch.where(kind == 2, many[..., 0], 0.0))
    down = torch.where(kind == 0, some[..., 1], torch.where(kind == 2, many[..., 1], 0.0))
    size = rolls.uniform(0.5, 1.4, 1)
    # Lines of one to five pixels of a picture of 256, poles wider.
    pixels = torch.exp(rolls.uniform(math.log(1.0), math.log(5), 1)) * torch.where(kind == 1, 2, 1)
    path = thing_path(rolls, settings, 1, still)
    # Most hang in the world, and only the camera moves them.
    own = rolls.chance(0.3, 1, 1)
    path = replace(
        path,
        place=path.place * 0.3,
        velocity=path.velocity * own,
        acceleration=path.acceleration * own,
        sway=path.sway * own,
    )
    return replace(
        blank_layers(rolls, 1),
        present=present,
        thing=torch.full_like(kind, thing),
        parallax=rolls.uniform(1.0, 1.8, 1),
        half_size=size[..., None].expand(-1, -1, 2),
        path=path,
        bars=torch.stack([across, down], -1),
        bar_width=pixels / 256 / size * torch.maximum(across, down),
        sag=rolls.uniform(-0.4, 0.4, 1) * (kind == 0),
        texture_place=rolls.uniform(-1, 1, 1, 2),
        tint=rolls.uniform(0.1, 0.8, 1, 1) * (1 + rolls.normal(1, 3) * 0.1),
        shade=rolls.uniform(-0.2, 0.4, 1, 1).expand(-1, -1, 3),
    )


def draw_veil(rolls: Rolls, settings: SceneSettings, still: Tensor) -> Layers:
    """B 1: smoke, which rolls, or a reflection, which does not, before all things."""
    present = rolls.chance(settings.veil_share, 1)
    if not bool(present.any()):
        return absent_layers(rolls, 1)
    smoke = rolls.chance(0.65, 1)
    path = thing_path(rolls, settings, 1, still)
    bend = draw_bend(rolls, smoke & ~still[:, None], rolls.uniform(0.4, 0.9, 1), smoke, smoke)
    opacity = torch.where(smoke, rolls.uniform(0.3, 0.85, 1), rolls.uniform(0.12, 0.4, 1))
    grey = rolls.uniform(0.3, 0.8, 1, 1).expand(-1, -1, 3) + rolls.normal(1, 3) * 0.02
    full = torch.ones_like(grey)
    return replace(
        blank_layers(rolls, 1),
        present=present,
        half_size=rolls.uniform(0.5, 1.4, 1, 2),
        path=path,
        bend=bend,
        shape=torch.where(smoke[..., None, None], tufts(rolls, 1), any_shapes(rolls, 1)),
        softness=torch.where(smoke, rolls.uniform(15, 60, 1), rolls.uniform(1, 30, 1)),
        opacity=opacity,
        ground=torch.ones_like(smoke),
        texture_place=rolls.uniform(-1, 1, 1, 2),
        texture_scale=torch.where(smoke, 0.3, 0.8),
        tint=torch.where(smoke[..., None], full * 0.15, full * 0.8),
        shade=torch.where(smoke[..., None], grey, full * 0.1),
    )


def draw_overlays(rolls: Rolls, settings: SceneSettings, size: int) -> Tensor:
    """B 4 H W: black bars, a logo or lines of writing that lie still over the picture, as
    R'G'B' and how much of it there is."""
    out = torch.zeros(rolls.count, 4, size, size, device=rolls.device)
    scenes = rolls.chance(settings.overlay_share).nonzero()[:, 0].tolist()
    if not scenes:
        return out
    kind = rolls.choice([0.3, 0.35, 0.35])  # bars, a logo, writing
    bar, upright = rolls.uniform(0.72, 0.95), rolls.chance(0.3)
    logo = any_shapes(rolls, 1)
    place, small = rolls.uniform(-0.8, 0.8, 2), rolls.uniform(0.06, 0.25)
    letter, line = rolls.uniform(12, 40), rolls.uniform(0.4, 0.8)
    colour, opacity = rolls.uniform(0.6, 1, 3), rolls.uniform(0.6, 1.0)
    grid = pixel_grid(size, rolls.device)[0]
    x, y = grid.unbind(-1)
    for scene in scenes:
        table = rolls.noise(CELLS * CELLS, scenes=[scene])
        if kind[scene] == 0:
            edge = (x if upright[scene] else y).abs()
            out[scene, 3] = ((edge - bar[scene]) * size / 2 + 0.5).clamp(0, 1)
            continue
        if kind[scene] == 1:
            cut = (grid - place[scene]) / small[scene]
            shape = torch.nn.functional.grid_sample(
                logo[scene][None], cut[None], padding_mode="border", align_corners=False
            )[0, 0]
            ink = (shape * small[scene] * size / 2 + 0.5).clamp(0, 1)
        else:
            near = ((y - line[scene]).abs() < 3 / letter[scene]) & (x.abs() < 0.75)
            right = (x + 1) * letter[scene] / 2
            below = (y - line[scene]) * letter[scene] / 3
            ink = writing(table, right[None], below[None])[0] * near
        out[scene, :3] = colour[scene, :, None, None]
        out[scene, 3] = ink * opacity[scene]
    return out
