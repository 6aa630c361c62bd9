"""The light on a scene: exposure that drifts, flashes, shade that passes, dark corners."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from longtake_engine.training.scenes.rolls import Rolls
from longtake_engine.training.scenes.settings import SceneSettings

# Cells along the side of the field of shade that passes over a scene.
SHADE = 16


@dataclass(frozen=True, slots=True)
class Light:
    """The light of B scenes; what a scene does not have is 0."""

    drift: Tensor  # B 3 logarithm of the gain of R, G and B from the first time to the last
    flicker: Tensor  # B, the same, up and down
    flicker_rhythm: Tensor  # B radians over the span
    flash: Tensor  # B how much is added at its height
    flash_time: Tensor  # B
    flash_duration: Tensor  # B
    vignette: Tensor  # B the share of the light that corners lack
    shade: Tensor  # B 1 SHADE SHADE, 0 to 1
    shade_depth: Tensor  # B
    shade_way: Tensor  # B 2 halves of the picture over the span
    shade_scale: Tensor  # B
    shadow: Tensor  # B how dark the shadows are that things cast
    shadow_way: Tensor  # B 2 from the thing to its shadow, halves of the picture
    shadow_softness: Tensor  # B pixels

    def on(self, pictures: Tensor, time: Tensor, grid: Tensor) -> Tensor:
        """Pictures B 3 H W as the light at times B lets them be seen."""
        swing = self.flicker * torch.sin(self.flicker_rhythm * time)
        gain = torch.exp(self.drift * (time - 0.5)[:, None] + swing[:, None])
        lit = pictures * gain[..., None, None]
        if bool((self.flash > 0).any()):
            near = (time - self.flash_time).abs() < self.flash_duration / 2
            lit = lit + (lit * 0.7 + 0.3) * (self.flash * near)[:, None, None, None]
        if bool((self.vignette > 0).any()):
            distance = (grid**2).sum(-1)[:, None] / 2
            lit = lit * (1 - self.vignette[:, None, None, None] * distance)
        if bool((self.shade_depth > 0).any()):
            lit = lit * self._passing(time, grid)
        return lit.clamp(0, 1)

    def _passing(self, time: Tensor, grid: Tensor) -> Tensor:
        way = self.shade_way * (time - 0.5)[:, None]
        places = (grid - way[:, None, None]) * self.shade_scale[:, None, None, None]
        shade = F.grid_sample(
            self.shade, places, mode="bicubic", padding_mode="reflection", align_corners=False
        )
        return 1 - self.shade_depth[:, None, None, None] * shade.clamp(0, 1)


def draw_light(rolls: Rolls, settings: SceneSettings) -> Light:
    """The light of each scene."""
    drifts = rolls.chance(settings.light_share * 0.6, 1)
    flickers = rolls.chance(settings.light_share * 0.2)
    passes = rolls.chance(settings.light_share * 0.4)
    shadows = rolls.chance(settings.shadow_share)
    field = torch.sigmoid(3 * rolls.normal(1, SHADE, SHADE))
    towards = rolls.angle()
    way = torch.stack([torch.cos(towards), torch.sin(towards)], -1)
    drift = rolls.normal(1) * 0.12 + rolls.normal(3) * 0.02
    return Light(
        drift=drift * drifts,
        flicker=rolls.uniform(0.01, 0.06) * flickers,
        flicker_rhythm=rolls.uniform(2, 20),
        flash=rolls.uniform(0.3, 1.5) * rolls.chance(settings.flash_share),
        flash_time=rolls.uniform(0, 1),
        flash_duration=rolls.uniform(0.1, 0.5),
        vignette=rolls.uniform(0.1, 0.5) * rolls.chance(settings.vignette_share),
        shade=field,
        shade_depth=rolls.uniform(0.1, 0.5) * passes,
        shade_way=way * rolls.uniform(0, 0.3, 1) * settings.speed,
        shade_scale=torch.exp(rolls.uniform(-2.3, -0.7)),
        shadow=rolls.uniform(0.15, 0.6) * shadows,
        shadow_way=rolls.uniform(-0.2, 0.2, 2),
        shadow_softness=rolls.uniform(2, 24),
    )
