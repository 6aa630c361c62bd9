"""Scenes become pictures."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from longtake_engine.training.scenes.batch import join, pick
from longtake_engine.training.scenes.geometry import apart, pixel_grid, pixel_places, transform
from longtake_engine.training.scenes.scene import Moment, Scene, moment

# A picture that is exposed for long is the mean of instants, one for each so many pixels of
# motion, as many as there may be.
INSTANT_PIXELS, INSTANTS = 2.5, 8


@dataclass(frozen=True, slots=True)
class Rendered:
    """One picture of B scenes, without the sensor."""

    picture: Tensor  # B 3 H W
    background: Tensor  # B 3 H W, without the foremost thing
    matte: Tensor  # B 1 H W, how much of the foremost thing is seen


def expose(scene: Scene, time: Tensor) -> Rendered:
    """The pictures of B scenes around times B, with the blur of the shutter and the light."""
    shot = _blurred(scene, time)
    grid = pixel_grid(scene.size, time.device)
    return Rendered(
        picture=scene.light.on(shot.picture, time, grid),
        background=scene.light.on(shot.background, time, grid),
        matte=shot.matte,
    )


def _blurred(scene: Scene, time: Tensor) -> Rendered:
    """B pictures without light, each the mean of as many instants as its motion needs: a scene
    looks the same whatever lies beside it."""
    counts = _instants(scene, time)
    alike = [(int(n), (counts == n).nonzero()[:, 0]) for n in counts.unique().tolist()]
    if len(alike) == 1:
        return _exposed(scene, time, alike[0][0])
    shots = join([_exposed(pick(scene, mine), time[mine], n) for n, mine in alike], 0)
    return pick(shots, torch.cat([mine for _, mine in alike]).argsort())


def _exposed(scene: Scene, time: Tensor, count: int) -> Rendered:
    """The mean of `count` instants of B scenes."""
    offsets = (torch.arange(count, device=time.device) + 0.5) / count - 0.5
    # The mean of several is soft anyhow.
    fine = count < 3
    shots = [_render(moment(scene, time + scene.shutter * offset), fine) for offset in offsets]
    if count == 1:
        return shots[0]
    return Rendered(
        picture=torch.stack([shot.picture for shot in shots]).mean(0),
        background=torch.stack([shot.background for shot in shots]).mean(0),
        matte=torch.stack([shot.matte for shot in shots]).mean(0),
    )


def _instants(scene: Scene, time: Tensor) -> Tensor:
    """B: how many instants make one exposure of each scene, as the fastest corner of a layer of
    its needs; one where the shutter is open for no time."""
    if not bool((scene.shutter > 0).any()):
        return torch.ones_like(scene.shutter, dtype=torch.int32)
    corners = torch.tensor([[[-1.0, -1], [1, -1]], [[-1, 1], [1, 1]]], device=time.device)
    ends = [scene.placing(time + scene.shutter * end) for end in (-0.5, 0.5)]
    places = [transform(end.flatten(0, 1), apart(corners[None])).clamp(-1.5, 1.5) for end in ends]
    way = (places[1] - places[0]).norm(dim=-1).amax((1, 2)).unflatten(0, ends[0].shape[:2])
    layers = scene.layers
    pixels = (way * layers.present).amax(1) * scene.size / 2
    # What bends moves without its corners.
    least = torch.where((layers.bend.bent & layers.present).any(1), 3, 1)
    counts = (pixels / INSTANT_PIXELS).ceil().clamp(max=INSTANTS).maximum(least)
    return torch.where(scene.shutter > 0, counts, 1).int()


def colour(now: Moment, layer: int, cut: Tensor, fine: bool) -> Tensor:
    """B 3 H W: a layer's colours at places of its own, B H W 2; `fine` keeps them sharp."""
    layers, size = now.scene.layers, now.scene.size
    of_ground = bool(layers.ground[0, layer])
    chosen = now.scene.ground_texture if of_ground else now.scene.thing_texture
    texels = chosen.shape[-1]
    scale = layers.half_size[:, layer] * (size / texels * layers.texture_scale[:, layer, None])
    places = cut * scale[:, None, None] + layers.texture_place[:, layer, None, None]
    mode = "bicubic" if fine else "bilinear"
    found = F.grid_sample(chosen, places, mode=mode, padding_mode="reflection", align_corners=False)
    return torch.addcmul(
        layers.shade[:, layer, :, None, None], found, layers.tint[:, layer, :, None, None]
    )


def _render(now: Moment, fine: bool) -> Rendered:
    """The pictures of B scenes at one instant, without light."""
    scene = now.scene
    across, down = pixel_places(scene.size, now.time.device)
    picture = colour(now, 0, now.cut(0, (across, down)), fine).clamp(0, 1)
    # As long as nothing of the foremost thing is in the picture, the background is the same.
    background, seen = picture, torch.zeros_like(picture[:, :1])
    shadows = bool((scene.light.shadow > 0).any())
    shaded = -1
    for layer, (rows, columns) in now.windows():
        thing = int(scene.layers.thing[0, layer])
        if shadows and thing > shaded:
            shade = _shadow(now, thing)
            bare = background is picture
            picture = picture * shade
            background, shaded = picture if bare else background * shade, thing
        cut = now.cut(layer, (across[..., columns], down[:, rows]))
        inside = now.inside(layer, cut)
        matte = now.matte(layer, inside)
        relief = scene.layers.relief[:, layer, None, None, None]
        painted = colour(now, layer, cut, fine) + relief * inside.clamp(0, 1)
        painted = painted.clamp(0, 1)
        front = (scene.layers.thing[:, layer] == scene.foremost) & (scene.foremost >= 0)
        front = front[:, None, None, None].float()
        part = (slice(None), slice(None), rows, columns)
        if background is picture and bool((front > 0).any()):
            background = picture.clone()
        if background is not picture:
            background[part] = torch.lerp(background[part], painted, matte * (1 - front))
            seen[part] = seen[part] * (1 - matte) + matte * front
        picture[part] = torch.lerp(picture[part], painted, matte)
    over = scene.overlay[:, 3:]
    if bool((over > 0).any()):
        bare = background is picture
        picture = torch.lerp(picture, scene.overlay[:, :3], over)
        background = picture if bare else torch.lerp(background, scene.overlay[:, :3], over)
        seen = seen * (1 - over)
    return Rendered(picture, background, seen)


def _shadow(now: Moment, thing: int) -> Tensor:
    """B 1 H W: what the shadow of a thing leaves of the light on what lies behind it."""
    scene = now.scene
    softness = scene.light.shadow_softness
    dark = torch.zeros_like(scene.overlay[:, :1])
    across, down = pixel_places(scene.size, now.time.device)
    way = scene.light.shadow_way[:, :, None, None]
    places = across - way[:, 0], down - way[:, 1]
    for layer in range(scene.layers.count):
        if int(scene.layers.thing[0, layer]) == thing and bool(
            scene.layers.present[:, layer].any()
        ):
            cut = now.cut(layer, places)
            dark = torch.maximum(dark, now.matte(layer, now.inside(layer, cut), softness))
    return 1 - dark * scene.light.shadow[:, None, None, None]
