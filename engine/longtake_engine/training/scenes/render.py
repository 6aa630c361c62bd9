"""Scenes become pictures."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from longtake_engine.training.scenes.geometry import apart, pixel_grid, pixel_places, transform
from longtake_engine.training.scenes.motions import REACH
from longtake_engine.training.scenes.scene import Moment, Scene, moment

# A picture that is exposed for long is the mean of instants, one for each so many pixels of
# motion, as many as there may be.
INSTANT_PIXELS, INSTANTS = 1.5, 12

Window = tuple[slice, slice]  # rows and columns


@dataclass(frozen=True, slots=True)
class Rendered:
    """One picture of B scenes, without the sensor."""

    picture: Tensor  # B 3 H W
    background: Tensor  # B 3 H W, without the foremost thing
    matte: Tensor  # B 1 H W, how much of the foremost thing is seen


def expose(scene: Scene, time: Tensor) -> Rendered:
    """The pictures of B scenes around times B, with the blur of the shutter and the light."""
    if bool((scene.shutter > 0).any()):
        count = _instants(scene, time)
        offsets = (torch.arange(count, device=time.device) + 0.5) / count - 0.5
    else:
        offsets = torch.zeros(1, device=time.device)
    shots = [
        _render(moment(scene, time + scene.shutter * offset), len(offsets) < 3)
        for offset in offsets
    ]
    grid = pixel_grid(scene.size, time.device)
    return Rendered(
        picture=scene.light.on(_mean([shot.picture for shot in shots]), time, grid),
        background=scene.light.on(_mean([shot.background for shot in shots]), time, grid),
        matte=_mean([shot.matte for shot in shots]),
    )


def _mean(pictures: list[Tensor]) -> Tensor:
    return pictures[0] if len(pictures) == 1 else torch.stack(pictures).mean(0)


def _instants(scene: Scene, time: Tensor) -> int:
    """How many instants make one exposure: as the fastest corner of a layer needs."""
    corners = torch.tensor([[[-1.0, -1], [1, -1]], [[-1, 1], [1, 1]]], device=time.device)
    ends = [scene.placing(time + scene.shutter * end) for end in (-0.5, 0.5)]
    places = [transform(end.flatten(0, 1), apart(corners[None])).clamp(-1.5, 1.5) for end in ends]
    way = (places[1] - places[0]).norm(dim=-1).amax((1, 2)).unflatten(0, ends[0].shape[:2])
    pixels = (way * scene.layers.present).amax().item() * scene.size / 2
    # What bends moves without its corners.
    least = 3 if bool(scene.layers.bend.bent.any()) else 1
    return min(INSTANTS, max(least, math.ceil(pixels / INSTANT_PIXELS)))


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


def _window(now: Moment, layer: int) -> Window | None:
    """The part of the picture that the layer may lie in, for any scene of the batch; None for
    none of it."""
    layers, size = now.scene.layers, now.scene.size
    whole = slice(0, size)
    if not bool(layers.present[:, layer].any()):
        return None
    if layer == 0 or bool(layers.endless[:, layer].any()) or now.time.is_cuda:
        return whole, whole
    reach = REACH if bool(layers.bend.bent[:, layer].any()) else 1.0
    corner = torch.tensor([[[-reach, -reach], [reach, -reach]], [[-reach, reach], [reach, reach]]])
    places = transform(now.placing[:, layer], apart(corner[None]))
    places = (places[layers.present[:, layer]] + 1) * (size / 2)
    soft = layers.softness[:, layer].amax()
    low = (places.amin((0, 1, 2)) - soft).floor().clamp(0, size).int().tolist()
    high = (places.amax((0, 1, 2)) + soft).ceil().clamp(0, size).int().tolist()
    if low[0] >= high[0] or low[1] >= high[1]:
        return None
    return slice(low[1], high[1]), slice(low[0], high[0])


def _layers(now: Moment) -> Iterator[tuple[int, Window]]:
    for layer in range(1, now.scene.layers.count):
        window = _window(now, layer)
        if window is not None:
            yield layer, window


def _render(now: Moment, fine: bool) -> Rendered:
    """The pictures of B scenes at one instant, without light."""
    scene = now.scene
    across, down = pixel_places(scene.size, now.time.device)
    picture = colour(now, 0, now.cut(0, (across, down)), fine).clamp(0, 1)
    background, seen = picture.clone(), torch.zeros_like(picture[:, :1])
    shadows = bool((scene.light.shadow > 0).any())
    shaded = -1
    for layer, (rows, columns) in _layers(now):
        thing = int(scene.layers.thing[0, layer])
        if shadows and thing > shaded:
            shade = _shadow(now, thing)
            picture, background, shaded = picture * shade, background * shade, thing
        cut = now.cut(layer, (across[..., columns], down[:, rows]))
        inside = now.inside(layer, cut)
        matte = now.matte(layer, inside)
        relief = scene.layers.relief[:, layer, None, None, None]
        painted = colour(now, layer, cut, fine) + relief * inside.clamp(0, 1)
        painted = painted.clamp(0, 1)
        front = (scene.layers.thing[:, layer] == scene.foremost) & (scene.foremost >= 0)
        front = front[:, None, None, None].float()
        part = (slice(None), slice(None), rows, columns)
        picture[part] = torch.lerp(picture[part], painted, matte)
        background[part] = torch.lerp(background[part], painted, matte * (1 - front))
        seen[part] = seen[part] * (1 - matte) + matte * front
    over = scene.overlay[:, 3:]
    if bool((over > 0).any()):
        picture = torch.lerp(picture, scene.overlay[:, :3], over)
        background = torch.lerp(background, scene.overlay[:, :3], over)
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
