"""What is in each scene, chosen by lot."""

from dataclasses import replace

import torch
from torch import Tensor

from longtake_engine.training.scenes.batch import join
from longtake_engine.training.scenes.figures import draw_figure
from longtake_engine.training.scenes.fronts import draw_overlays, draw_thin, draw_veil
from longtake_engine.training.scenes.light import draw_light
from longtake_engine.training.scenes.rolls import Rolls
from longtake_engine.training.scenes.scene import Layers, Scene
from longtake_engine.training.scenes.settings import SceneSettings
from longtake_engine.training.scenes.speeds import camera_path
from longtake_engine.training.scenes.textures import defocused, draw_texture
from longtake_engine.training.scenes.things import draw_grounds, draw_things

# Texels along the textures for one pixel along the picture: the ground's has room for the
# camera, the things' is cut up anyhow.
GROUND_ROOM, THING_ROOM = 1.25, 0.75
# The numbers of the things that are not loose.
BODY, THIN = 50, 60


def compose(rolls: Rolls, size: int, settings: SceneSettings) -> Scene:
    """The scenes of a batch."""
    still = rolls.chance(settings.still_share)
    back = [
        draw_grounds(rolls.stream(1), settings, still),
        draw_things(rolls.stream(2), settings, still, first=1),
    ]
    offset = sum(layers.count for layers in back)
    figure = draw_figure(rolls.stream(3), settings, still, thing=BODY)
    hung = torch.where(figure.parent >= 0, figure.parent + offset, -1)
    front = [
        draw_thin(rolls.stream(4), settings, still, thing=THIN),
        draw_veil(rolls.stream(5), settings, still),
    ]
    layers = join([*back, replace(figure, parent=hung), *front])
    ground, stuff = (draw_texture(rolls, int(size * room)) for room in (GROUND_ROOM, THING_ROOM))
    sigma, far = _focus(rolls, size, settings)
    blurred = torch.where(layers.ground, (sigma * far)[:, None], (sigma * ~far)[:, None])
    layers = replace(layers, softness=layers.softness + 2 * blurred)
    return Scene(
        size=size,
        layers=layers,
        camera=camera_path(rolls, settings, still),
        ground_texture=defocused(ground, sigma * far),
        thing_texture=defocused(stuff, sigma * ~far),
        foremost=_foremost(rolls, layers),
        overlay=draw_overlays(rolls.stream(6), settings, size),
        light=draw_light(rolls, settings),
        shutter=rolls.uniform(0.05, 0.35) * rolls.chance(settings.blur_share),
    )


def _focus(rolls: Rolls, size: int, settings: SceneSettings) -> tuple[Tensor, Tensor]:
    """By how many pixels scenes are out of focus, B, and whether it is the ground that is."""
    sigma = torch.exp(rolls.uniform(0.3, 2.0)) * (size / 256)
    sigma = sigma * rolls.chance(settings.defocus_share)
    return sigma, rolls.chance(0.75)


def _foremost(rolls: Rolls, layers: Layers) -> Tensor:
    """B: the number of the thing that can be taken away: a body where there is one, else the
    first of the loose things; seldom what is thin."""
    present = torch.where(layers.present, layers.thing, -1)
    solid = torch.where(present == THIN, -1, present)
    foremost = torch.where(rolls.chance(0.2), present.amax(1), solid.amax(1))
    return foremost
