"""Scenes drawn by a program: pictures with their true motion, from a seed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from longtake_engine.training.scenes.batch import join, pick
from longtake_engine.training.scenes.compose import compose
from longtake_engine.training.scenes.geometry import apart, pixel_grid, pixel_places
from longtake_engine.training.scenes.render import expose
from longtake_engine.training.scenes.rolls import Rolls
from longtake_engine.training.scenes.scene import Scene, moment
from longtake_engine.training.scenes.sensor import draw_sensor, sense
from longtake_engine.training.scenes.settings import SceneSettings

SCENES_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Drawn:
    """B scenes at T times: float32 on one device, without gradients; colours R'G'B', 0 to 1."""

    frames: Tensor  # B T 3 H W as a camera gives them: with blur, noise, compression, exposure
    clean: Tensor  # B T 3 H W the same without noise and compression
    times: Tensor  # B T, 0 and 1 being the first and the last of the span
    background: Tensor  # B T 3 H W, `clean` without the foremost thing that moves
    matte: Tensor  # B T 1 H W, how much of that thing is seen
    scene: Scene  # what they are pictures of, without its textures

    def flow(self, start: int, end: int) -> Tensor:
        """B 2 H W pixels (x, y): where each pixel of frame `start` lies in frame `end`, less
        where it is. Of what covers half of a pixel or more; of the middle of the shutter."""
        return self.motion(start, end)[0]

    def visible(self, start: int, end: int) -> Tensor:
        """B 1 H W: 1 where a pixel of frame `start` is seen in frame `end`, 0 where something
        is before it or it has left the picture."""
        return self.motion(start, end)[1]

    @torch.no_grad()
    def motion(self, start: int, end: int) -> tuple[Tensor, Tensor]:
        """`flow` and `visible` at the price of one of them."""
        found = [
            _motion(pick(self.scene, part), self.times[part, start], self.times[part, end])
            for part in _parts(len(self.times), self.times.device)
        ]
        return torch.cat([flow for flow, _ in found]), torch.cat([seen for _, seen in found])


def _motion(scene: Scene, start: Tensor, end: Tensor) -> tuple[Tensor, Tensor]:
    first, last = moment(scene, start), moment(scene, end)
    x, y = pixel_places(scene.size, start.device)
    grid = pixel_grid(scene.size, start.device)
    owner = first.owner()
    target = last.show(0, first.cut(0, (x, y)))
    for layer, (rows, columns) in first.windows():
        mine = owner[:, rows, columns] == layer
        if bool(mine.any()):
            cut = first.cut(layer, (x[..., columns], y[:, rows]))
            part = (slice(None), rows, columns)
            target[part] = torch.where(mine[..., None], last.show(layer, cut), target[part])
    still = owner == scene.layers.count  # an overlay
    target = torch.where(still[..., None], grid, target)
    inside = (target.abs() <= 1).all(-1)
    seen = (last.owner(apart(target)) == owner) & inside
    flow = (target - grid).permute(0, 3, 1, 2) * (scene.size / 2)
    return flow, seen[:, None].float()


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
    settings = settings or SceneSettings()
    drawn = [
        _draw(Rolls(seed + part.start, part.stop - part.start, device), when[part], size, settings)
        for part in _parts(count, device)
    ]
    return join(drawn, 0)


def _draw(rolls: Rolls, when: Tensor, size: int, settings: SceneSettings) -> Drawn:
    scene = compose(rolls, size, settings)
    sensor = draw_sensor(rolls, settings)
    shots = [expose(scene, time) for time in when.unbind(1)]
    clean = torch.stack([shot.picture for shot in shots], 1)
    return Drawn(
        frames=sense(clean, sensor, rolls),
        clean=clean,
        times=when,
        background=torch.stack([shot.background for shot in shots], 1),
        matte=torch.stack([shot.matte for shot in shots], 1),
        # Where things are is still asked for; what they look like is not.
        scene=replace(
            scene,
            ground_texture=scene.ground_texture[..., :0, :0].clone(),
            thing_texture=scene.thing_texture[..., :0, :0].clone(),
        ),
    )


def _parts(count: int, device: torch.device) -> list[slice]:
    """The scenes that are made at once: on a graphics card many, else one, which then stays in
    the processor's cache, and whose layers cost no more than the part that they lie in."""
    step = SCENES_AT_ONCE if device.type == "cuda" else 1
    return [slice(first, min(first + step, count)) for first in range(0, count, step)]
