"""What is drawn on a texture: stripes, and what looks like writing.

Each works on those scenes of a batch that have it, so that the others cost nothing.
"""

import math

import torch
from torch import Tensor

from longtake_engine.training.scenes.rolls import Rolls

# Cells along the side of a table of random numbers; letters, and their texels.
CELLS = 64
LETTERS, LETTER_HEIGHT, LETTER_WIDTH = 48, 30, 20


def texel_places(size: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """x and y of a texture's texels, each N N, -0.5 to 0.5."""
    line = torch.linspace(-0.5, 0.5, size, device=device)
    y, x = torch.meshgrid(line, line, indexing="ij")
    return x, y


def _cells(across: Tensor, down: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The number of the cell of each place (B N N), and where in it, -0.5 to 0.5."""
    column, row = across.floor(), down.floor()
    number = (row.long() % CELLS) * CELLS + column.long() % CELLS
    return number, across - column - 0.5, down - row - 0.5


def add_stripes(rolls: Rolls, textures: Tensor, plane: Tensor, has: Tensor) -> Tensor:
    """Textures B 3 N N with stripes, grids or checks, straight or wavy; `plane` B N N bends."""
    turn = rolls.uniform(0, torch.pi) * rolls.chance(0.6)
    count = torch.exp(rolls.uniform(math.log(4), math.log(70), 2))
    wavy = rolls.uniform(0, 0.5) * rolls.chance(0.4)
    sharp = torch.exp(rolls.uniform(0, 3))
    kind = rolls.choice([0.45, 0.3, 0.25])  # stripes, a grid of lines, checks
    width, amount = rolls.uniform(-0.7, 0.9), rolls.uniform(0.03, 0.35)
    colour = 1 + rolls.normal(3) * 0.3
    scenes = has.nonzero()[:, 0]
    if not len(scenes):
        return textures
    x, y = texel_places(textures.shape[-1], textures.device)
    cos = torch.cos(turn[scenes])[:, None, None]
    sin = torch.sin(turn[scenes])[:, None, None]
    bent = (plane[scenes] * wavy[scenes, None, None]).clamp(-2, 2)
    phase = 2 * torch.pi * count[scenes]
    first = torch.sin((cos * x - sin * y) * phase[:, 0, None, None] + bent)
    second = torch.sin((sin * x + cos * y) * phase[:, 1, None, None] + bent)
    chosen = kind[scenes][:, None, None]
    wave = torch.where(chosen == 0, first, torch.maximum(first, second))
    wave = torch.where(chosen == 2, first * second, wave)
    wave = torch.tanh(
        (wave - width[scenes, None, None] * (chosen == 1)) * sharp[scenes, None, None]
    )
    out = textures.clone()
    strength = (amount[scenes, None] * colour[scenes])[..., None, None]
    out[scenes] = textures[scenes] + strength * wave[:, None]
    return out


def letters(device: torch.device) -> Tensor:
    """LETTERS H W, 0 to 1: signs of a few strokes, as letters are. Always the same ones."""
    lots = torch.Generator().manual_seed(26)
    ends = torch.tensor([[x, y] for y in (-0.38, 0.0, 0.38) for x in (-0.25, 0.25)], device="cpu")
    chosen = torch.rand(LETTERS, 6, generator=lots, device="cpu").argsort(1)
    strokes = 3 + (torch.arange(LETTERS, device="cpu") % 2)
    down = torch.linspace(-0.5, 0.5, LETTER_HEIGHT, device="cpu")[:, None]
    across = torch.linspace(-0.35, 0.35, LETTER_WIDTH, device="cpu")
    place = torch.stack(torch.broadcast_tensors(across, down), -1)
    distance = torch.full((LETTERS, LETTER_HEIGHT, LETTER_WIDTH), 1.0, device="cpu")
    for stroke in range(4):
        start, end = ends[chosen[:, stroke]], ends[chosen[:, stroke + 1]]
        way = (end - start)[:, None, None]
        share = ((place - start[:, None, None]) * way).sum(-1) / (way**2).sum(-1)
        nearest = start[:, None, None] + share.clamp(0, 1)[..., None] * way
        far = (place - nearest).norm(dim=-1)
        distance = torch.where((stroke < strokes)[:, None, None], distance.minimum(far), distance)
    return ((0.06 - distance) * LETTER_HEIGHT + 0.5).clamp(0, 1).to(device)


def writing(table: Tensor, across: Tensor, down: Tensor) -> Tensor:
    """How much ink is at each place of lines of writing: letters are one cell wide and high.

    Args:
        table: B CELLS * CELLS random numbers, normal: which letter, and where words end.
        across: B N N letters to the right.
        down: B N N lines down.
    """
    alphabet = letters(across.device)
    number, right, below = _cells(across, down)
    lot = table.gather(1, number.flatten(1)).view_as(number)
    letter = ((lot * 1000).long() % LETTERS).abs()
    # Between the lines is some space: the letter fills two thirds of its cell.
    below = below * 1.5
    row = ((below + 0.5) * (LETTER_HEIGHT - 1)).round().long()
    column = ((right + 0.5) * (LETTER_WIDTH - 1)).round().long()
    inside = (row >= 0) & (row < LETTER_HEIGHT)
    ink = alphabet[letter, row.clamp(0, LETTER_HEIGHT - 1), column]
    return ink * (inside & (lot > -0.9))


def add_glyphs(rolls: Rolls, textures: Tensor, plane: Tensor, has: Tensor) -> Tensor:
    """Textures B 3 N N with lines of writing where `plane` B N N is high."""
    count = torch.exp(rolls.uniform(math.log(8), math.log(50)))
    turn = rolls.normal() * 0.15
    shifts, level = rolls.uniform(0, CELLS, 2), rolls.uniform(-2, 0.8)
    ink = rolls.uniform(0, 1, 1) + rolls.normal(3) * 0.15
    scenes = has.nonzero()[:, 0]
    if not len(scenes):
        return textures
    x, y = texel_places(textures.shape[-1], textures.device)
    per_scene = (scenes, None, None)
    cos = (torch.cos(turn) * count)[per_scene]
    sin = (torch.sin(turn) * count)[per_scene]
    across = cos * x - sin * y + shifts[:, 0][per_scene]
    down = (sin * x + cos * y) * 0.5 + shifts[:, 1][per_scene]
    table = rolls.noise(CELLS * CELLS, scenes=scenes.tolist())
    mask = writing(table, across, down)
    mask = mask * ((plane[scenes] - level[per_scene]) * 4).clamp(0, 1)
    out = textures.clone()
    out[scenes] = torch.lerp(out[scenes], ink[scenes, :, None, None], mask[:, None])
    return out
