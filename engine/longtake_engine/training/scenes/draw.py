"""Scenes drawn by a program: pictures with their true motion, from a seed."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from longtake_engine.training.scenes.compose import compose
from longtake_engine.training.scenes.geometry import pixel_grid
from longtake_engine.training.scenes.render import render
from longtake_engine.training.scenes.scene import Moment, Scene, moment
from longtake_engine.training.scenes.settings import SceneSettings


@dataclass(frozen=True, slots=True)
class Drawn:
    """B scenes at T times: float32 on one device, without gradients; colours R'G'B', 0 to 1."""

    frames: Tensor  # B T 3 H W as a camera gives them: with blur, noise, compression, exposure
    clean: Tensor  # B T 3 H W the same without noise and compression
    times: Tensor  # B T, 0 and 1 being the first and the last of the span
    background: Tensor  # B T 3 H W, `clean` without the foremost thing that moves
    matte: Tensor  # B T 1 H W, how much of that thing is seen
    scene: Scene  # what they are pictures of

    def flow(self, start: int, end: int) -> Tensor:
        """B 2 H W pixels (x, y): where each pixel of frame `start` lies in frame `end`, less
        where it is. Of what covers half of a pixel or more; of the middle of the shutter."""
        return self._motion(start, end)[0]

    def visible(self, start: int, end: int) -> Tensor:
        """B 1 H W: 1 where a pixel of frame `start` is seen in frame `end`, 0 where something
        is before it or it has left the picture."""
        return self._motion(start, end)[1]

    def _motion(self, start: int, end: int) -> tuple[Tensor, Tensor]:
        first, last = self._moment(start), self._moment(end)
        size = self.scene.size
        grid = pixel_grid(size, self.times.device).expand(len(self.times), -1, -1, -1)
        owner = first.owner(grid)
        target = grid
        for layer in range(self.scene.layers.count):
            mine = owner == layer
            if bool(mine.any()):
                shown = last.show(layer, first.cut(layer, grid))
                target = torch.where(mine[..., None], shown, target)
        inside = (target.abs() <= 1).all(-1)
        seen = (last.owner(target) == owner) & inside
        flow = (target - grid).permute(0, 3, 1, 2) * (size / 2)
        return flow, seen[:, None].float()

    def _moment(self, frame: int) -> Moment:
        return moment(self.scene, self.times[:, frame])


@torch.no_grad()
def draw(  # noqa: PLR0917 - size and device are as well known by place
    seed: int,
    count: int,
    times: Tensor | Sequence[float],
    size: int = 256,
    device: torch.device | str = "cpu",
    settings: SceneSettings | None = None,
) -> Drawn:
    """`count` scenes at the given times.

    Every scene depends on its own seed alone: `draw(seed, 4, ...)` holds as its third scene what
    `draw(seed + 2, 1, ...)` holds as its first.

    Args:
        seed: That of the first scene; the others have the next ones.
        count: How many scenes, B.
        times: T of them for all scenes, or B T; 0 to 1.
        size: Pixels along each side of the picture.
        device: Where the scenes are drawn, and where they stay.
        settings: The mix of scenes.
    """
    device = torch.device(device)
    when = torch.as_tensor(times, dtype=torch.float32, device=device)
    when = when.expand(count, -1) if when.ndim == 1 else when
    with device:
        scene = compose(seed, count, size, device, settings or SceneSettings())
    shots = [render(moment(scene, when[:, frame])) for frame in range(when.shape[1])]
    clean = torch.stack([shot.picture for shot in shots], 1)
    background = torch.stack([shot.background for shot in shots], 1)
    matte = torch.stack([shot.matte for shot in shots], 1)
    return Drawn(clean.clone(), clean, when, background, matte, scene)
