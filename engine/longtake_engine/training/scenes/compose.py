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
from longtake_engine.training.scenes.textures import defocused, draw_textures
from longtake_engine.training.scenes.things import GROUND, THING, draw_grounds, draw_things

# Texels along a texture for one pixel along the picture: room for the camera to move in.
ROOM = 1.5


def compose(rolls: Rolls, size: int, settings: SceneSettings) -> Scene:
    """The scenes of a batch."""
    still = rolls.chance(settings.still_share)
    back = [
        draw_grounds(rolls, settings, still),
        draw_things(rolls, settings, still, first=1),
    ]
    offset = sum(layers.count for layers in back)
    figure = draw_figure(rolls, settings, still, thing=50)
    hung = torch.where(figure.parent >= 0, figure.parent + offset, -1)
    front = [draw_thin(rolls, settings, still, thing=60), draw_veil(rolls, settings, still)]
    layers = join([*back, replace(figure, parent=hung), *front])
    textures = draw_textures(rolls, 2, int(size * ROOM))
    layers, textures = _focus(rolls, settings, layers, textures)
    thing = torch.where(layers.present, layers.thing, -1)
    return Scene(
        size=size,
        layers=layers,
        camera=camera_path(rolls, settings, still),
        textures=textures,
        foremost=thing.amax(1),
        overlay=draw_overlays(rolls, settings, size),
        light=draw_light(rolls, settings),
        shutter=rolls.uniform(0.05, 0.35) * rolls.chance(settings.blur_share),
    )


def _focus(
    rolls: Rolls, settings: SceneSettings, layers: Layers, textures: Tensor
) -> tuple[Layers, Tensor]:
    """The grounds or the things out of focus, in some scenes."""
    sigma = torch.exp(rolls.uniform(0.3, 2.0))
    blurred = rolls.chance(settings.defocus_share)
    near = rolls.chance(0.25)
    textures = textures.clone()
    for texture, out in ((GROUND, blurred & ~near), (THING, blurred & near)):
        scenes = out.nonzero()[:, 0]
        if len(scenes):
            textures[scenes, texture] = defocused(textures[scenes, texture], sigma[scenes])
    far = (layers.thing < 0) & (layers.texture == GROUND)
    out = blurred[:, None] & (far == ~near[:, None])
    softness = torch.where(out, layers.softness + 2 * sigma[:, None], layers.softness)
    return replace(layers, softness=softness), textures
