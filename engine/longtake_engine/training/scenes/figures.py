"""Bodies with hinged limbs."""

import math
from dataclasses import replace

import torch
from torch import Tensor

from longtake_engine.training.scenes.motions import Path
from longtake_engine.training.scenes.rolls import Rolls
from longtake_engine.training.scenes.scene import Layers
from longtake_engine.training.scenes.settings import SceneSettings
from longtake_engine.training.scenes.shapes import blobs, rods
from longtake_engine.training.scenes.speeds import draw_bend, thing_path
from longtake_engine.training.scenes.things import absent_layers, blank_layers

# Parts from the back to the front: far arm and forearm, far leg and shin, body, head, near leg
# and shin, near arm and forearm. What each hangs on, and where, in half heights of the body.
BODY = 4
PARENTS = (4, 0, 4, 2, -1, 4, 4, 6, 4, 8)
HINGES = (
    *((0.25, -0.75), (0, 1.0), (0.2, 0.8), (0, 1.1), (0, 0)),
    *((0, -1.0), (-0.2, 0.8), (0, 1.1), (-0.25, -0.75), (0, 1.0)),
)
LENGTHS = (1.0, 0.9, 1.1, 1.1, 2.0, 0.6, 1.1, 1.1, 1.0, 0.9)
WIDTHS = (0.14, 0.11, 0.2, 0.16, 0.45, 0.28, 0.2, 0.16, 0.14, 0.11)
CLOTHES = (0, 1, 2, 2, 0, 1, 2, 2, 0, 1)  # parts that look alike


def draw_figure(rolls: Rolls, settings: SceneSettings, still: Tensor, thing: int) -> Layers:
    """B 10: a body with a head, two arms and two legs of two parts, that moves its limbs."""
    count, device = len(PARENTS), rolls.device
    present = rolls.chance(settings.figure_share)[:, None]
    if not bool(present.any()):
        return absent_layers(rolls, count)
    height = torch.exp(rolls.uniform(math.log(0.1), math.log(0.5), 1))
    length = torch.tensor(LENGTHS, device=device) * (1 + rolls.normal(count) * 0.15).clamp(0.5, 1.6)
    width = torch.tensor(WIDTHS, device=device) * (1 + rolls.normal(count) * 0.25).clamp(0.5, 2)
    half = torch.stack([width, length / 2], -1) * height[..., None]
    body = torch.tensor(PARENTS, device=device) < 0
    head = torch.arange(count, device=device) == BODY + 1
    # Limbs hang from their hinge; the head stands on it, the body is its own.
    side = torch.where(body, 0.0, torch.where(head, -0.9, 1.0))
    pivot = torch.stack([torch.zeros_like(half[..., 1]), half[..., 1] * side], -1)
    clothes = torch.tensor(CLOTHES, device=device)
    shape = _part_shapes(rolls)
    bent = rolls.chance(settings.bend_share, count) & ~still[:, None]
    no = torch.zeros_like(bent)
    look = rolls.uniform(-1, 1, 3, 2)[:, clothes]
    tint = (rolls.uniform(0.4, 1.2, 3, 1) * (1 + rolls.normal(3, 3) * 0.13))[:, clothes]
    shade = (rolls.uniform(-0.2, 0.4, 3, 1) + rolls.normal(3, 3) * 0.05)[:, clothes]
    # Some have no legs or no arms: fewer parts, other bodies.
    limbs = torch.where(head | body, 1.0, rolls.uniform(0, 1, 3)[:, clothes]) > 0.12
    return replace(
        blank_layers(rolls, count),
        present=present & limbs,
        thing=torch.full_like(bent, thing, dtype=torch.int64),
        parent=torch.tensor(PARENTS, device=device).expand(rolls.count, -1),
        parallax=rolls.uniform(0.9, 1.3, 1).expand(-1, count),
        half_size=half,
        pivot=pivot,
        path=_figure_path(rolls, settings, still, height),
        bend=draw_bend(rolls, bent, rolls.uniform(1.5, 3, count), no, no),
        shape=shape,
        softness=torch.exp(rolls.uniform(0, 0.8, 1)).expand(-1, count),
        texture_place=look + rolls.normal(count, 2) * 0.03,
        texture_scale=torch.exp(rolls.uniform(math.log(0.4), math.log(1.2), 3))[:, clothes],
        tint=tint,
        shade=shade,
        relief=rolls.uniform(-0.1, 0.35, 1).expand(-1, count),
    )


def _part_shapes(rolls: Rolls) -> Tensor:
    round_parts = blobs(rolls, 2)
    taper = rolls.uniform(0, 0.4, len(PARENTS))
    shape = rods(rolls.count, len(PARENTS), rolls.device, taper).clone()
    # A body is a rod with lumps, a head a lump.
    shape[:, BODY] = torch.maximum(shape[:, BODY], round_parts[:, 0])
    shape[:, BODY + 1] = round_parts[:, 1]
    return shape


def _figure_path(rolls: Rolls, settings: SceneSettings, still: Tensor, height: Tensor) -> Path:
    """The body goes as a loose thing does, and its limbs swing."""
    count, device = len(PARENTS), rolls.device
    whole = thing_path(rolls, settings, 1, still)
    hinges = torch.tensor(HINGES, device=device) * height[..., None]
    body = (torch.tensor(PARENTS, device=device) < 0)[:, None]
    hung = torch.zeros(rolls.count, count, 6, device=device)
    hung[..., :2] = hinges
    hung[..., 2] = rolls.normal(count) * 0.5
    lively = torch.exp(rolls.normal(1) * 0.9 - 1.2) * (~still[:, None]) * settings.speed
    swing = torch.zeros_like(hung)
    swing[..., 2] = rolls.normal(count) * lively
    swing[:, BODY + 1, 2] *= 0.3
    rock = swing * rolls.normal(count, 1) * 0.5
    rest = torch.zeros_like(hung)
    return Path(
        place=torch.where(body, whole.place, hung),
        velocity=torch.where(body, whole.velocity * hung.new_tensor([1, 1, 0.3, 1, 0, 0]), swing),
        acceleration=torch.where(body, whole.acceleration, swing * rolls.normal(count, 1) * 0.6),
        sway=torch.where(body, whole.sway, rock),
        rhythm=torch.where(body, whole.rhythm, rolls.uniform(2, 10, count, 1) + rest),
        phase=torch.where(body, whole.phase, rolls.angle(count, 1) + rest),
    )
