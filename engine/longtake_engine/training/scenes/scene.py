"""Drawn scenes before they are pictures: layers, textures, motions, and where things are."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from longtake_engine.training.scenes.geometry import (
    Places,
    apart,
    pixel_places,
    pose,
    shift,
    stretch,
    transform,
)
from longtake_engine.training.scenes.light import Light
from longtake_engine.training.scenes.motions import BENT_REACH, Bend, Path, bend, unbend

# How many parts a chain of hinged parts may have beyond the body: arm and forearm.
JOINTS = 2


@dataclass(frozen=True, slots=True)
class Layers:
    """What lies in the pictures, from the back (the first is the background) to the front.

    Each has lengths of its own: its shape lies within -1 and 1.
    """

    present: Tensor  # B K bool
    thing: Tensor  # B K int64, the thing that a layer is part of; -1 for the grounds and veils
    parent: Tensor  # B K int64, the layer that it hangs on, -1 for none
    endless: Tensor  # B K bool, whether it goes on where its shape ends
    parallax: Tensor  # B K, how much of the camera's shifts it makes
    half_size: Tensor  # B K 2 halves of the picture
    pivot: Tensor  # B K 2 the way from what it turns about to its middle, halves of the picture
    path: Path  # in the picture, or in the parent's turned and shifted picture
    bend: Bend
    shape: Tensor  # B K G G, above 0 inside; about the distance to the edge in the layer's lengths
    bars: Tensor  # B K 2: of how many lines across and down it is made; 0: it is solid
    bar_width: Tensor  # B K, of the distance between two of them
    sag: Tensor  # B K by how much its lines hang through
    softness: Tensor  # B K pixels that the edge is wide
    opacity: Tensor  # B K
    ground: Tensor  # B K bool: cut from the grounds' texture, not the things'; in all scenes alike
    texture_place: Tensor  # B K 2 the middle of the cut, -1 to 1
    texture_scale: Tensor  # B K texels to a pixel
    tint: Tensor  # B K 3 what its colours are multiplied by, and
    shade: Tensor  # B K 3 what is added then
    relief: Tensor  # B K by how much lighter it is away from its edges

    @property
    def count(self) -> int:
        """How many layers each scene may have, the background among them."""
        return self.present.shape[1]

    def steepness(self, size: int, softer: Tensor | float = 0.0) -> Tensor:
        """B K: by how much mattes rise per length of their layers in pictures of `size` pixels.

        What is small stays opaque in its middle, however soft: else it would have no motion.

        Args:
            size: Pixels along the picture.
            softer: Pixels by which edges are wider than the layers say, B or one number.
        """
        softer = torch.as_tensor(softer, device=self.softness.device)[..., None]
        pixels = self.half_size.amin(-1) * (size / 2)
        return (pixels / (self.softness + softer)).clamp(min=1)


@dataclass(frozen=True, slots=True)
class Scene:
    """A batch of B scenes."""

    size: int  # pixels along each side of the picture
    layers: Layers
    camera: Path  # one, B 1 6
    ground_texture: Tensor  # B 3 N N
    thing_texture: Tensor  # B 3 N N
    foremost: Tensor  # B int64, the thing before all others; -1 for none
    overlay: Tensor  # B 4 H W what lies still over all: R'G'B' and how much of it there is
    light: Light
    shutter: Tensor  # B how much of the span a picture is exposed for

    def placing(self, time: Tensor) -> Tensor:
        """B K 3 3: where each layer's own lengths lie in the picture at times B."""
        layers = self.layers
        own = pose(layers.path.at(time[:, None])[:, 0])
        whole, above = own, layers.parent
        for _ in range(JOINTS):
            hangs, parent = above >= 0, above.clamp(min=0)
            hung = own.gather(1, parent[..., None, None].expand_as(own)) @ whole
            whole = torch.where(hangs[..., None, None], hung, whole)
            above = torch.where(hangs, layers.parent.gather(1, parent), above)
        seen = self.camera.at(time[:, None])[:, 0].expand(-1, layers.count, -1)
        share = torch.ones_like(seen)
        share[..., :2] = layers.parallax[..., None]
        placed = pose(seen * share) @ whole @ shift(layers.pivot)
        return placed @ stretch(layers.half_size)


Window = tuple[slice, slice]  # rows and columns


@dataclass(frozen=True, slots=True)
class Moment:
    """A batch of scenes at one time each: where everything is."""

    scene: Scene
    placing: Tensor  # B K 3 3
    lifting: Tensor  # B K 3 3, back from the picture
    time: Tensor  # B

    def windows(self) -> Iterator[tuple[int, Window]]:
        """The layers before the background that some scene of the batch shows, and the part of
        the picture that each may lie in."""
        layers, size = self.scene.layers, self.scene.size
        if self.time.is_cuda:
            # Looking where things are would cost more than it saves.
            whole = slice(0, size)
            yield from ((layer, (whole, whole)) for layer in range(1, layers.count))
            return
        line = torch.tensor([-1.0, 1.0], device=self.time.device)
        corners = torch.stack(torch.meshgrid(line, line, indexing="ij"), -1)[None]
        # Half of a soft edge lies beyond the shape, and bends push it about.
        reach = 1 + 0.5 / layers.steepness(size) + BENT_REACH * layers.bend.bent
        places = apart((corners * reach[..., None, None, None]).flatten(0, 1))
        pixels = (transform(self.placing.flatten(0, 1), places) + 1) * (size / 2)
        pixels = pixels.flatten(1, 2).unflatten(0, layers.present.shape)
        low = pixels.amin(2).floor()
        high = pixels.amax(2).ceil()
        endless, absent = layers.endless[..., None], ~layers.present[..., None]
        low = low.masked_fill(endless, 0).masked_fill(absent, size).clamp(0, size).amin(0)
        high = high.masked_fill(endless, size).masked_fill(absent, 0).clamp(0, size).amax(0)
        for layer, (near, far) in enumerate(
            zip(low.int().tolist(), high.int().tolist(), strict=True)
        ):
            if layer and near[0] < far[0] and near[1] < far[1]:
                yield layer, (slice(near[1], far[1]), slice(near[0], far[0]))

    def cut(self, layer: int, places: Places) -> Tensor:
        """B H W 2: the places in the layer's own lengths that show at places of the picture."""
        found = transform(self.lifting[:, layer], places)
        bends = self.scene.layers.bend
        if bool(bends.bent[:, layer].any()):
            found = bend(found, bends.fields(self.time, layer))
        return found

    def show(self, layer: int, cut: Tensor) -> Tensor:
        """Where in the picture those places of the layer show: the inverse of `cut`."""
        bends = self.scene.layers.bend
        if bool(bends.bent[:, layer].any()):
            cut = unbend(cut, bends.fields(self.time, layer))
        return transform(self.placing[:, layer], apart(cut))

    def inside(self, layer: int, cut: Tensor) -> Tensor:
        """How far within the layer's edge places of its own are, B 1 H W, in its own lengths;
        below 0 outside.

        Args:
            layer: Which, not the background.
            cut: B H W 2, in its own lengths.
        """
        layers = self.scene.layers
        shape = F.grid_sample(
            layers.shape[:, layer, None], cut, padding_mode="border", align_corners=False
        )
        if not bool(layers.endless[:, layer].any()):
            # The map ends at 1, and small things are soft beyond it.
            shape = torch.minimum(shape, 1 - cut.abs().amax(-1)[:, None])
        if bool((layers.bars[:, layer] > 0).any()):
            shape = torch.minimum(shape, self._lines(layer, cut)[:, None])
        return shape

    def matte(self, layer: int, inside: Tensor, softness: Tensor | float = 0.0) -> Tensor:
        """How much of the layer is there, B 1 H W, 0 to 1.

        Args:
            layer: Which.
            inside: B 1 H W as `inside` says.
            softness: Pixels by which the edge is wider than the layer says, B or one number.
        """
        layers = self.scene.layers
        gain = layers.steepness(self.scene.size, softness)[:, layer]
        shown = (inside * gain[:, None, None, None] + 0.5).clamp(0, 1)
        opacity = layers.opacity[:, layer] * layers.present[:, layer]
        return shown * opacity[:, None, None, None]

    def _lines(self, layer: int, cut: Tensor) -> Tensor:
        layers = self.scene.layers
        bars = layers.bars[:, layer, None, None]
        across, down = cut.unbind(-1)
        hanging = down + layers.sag[:, layer, None, None] * across**2
        lines = torch.stack([across, hanging], -1)
        spread = lines * bars / 2
        off = (spread - spread.round()).abs() * 2 / bars.clamp(min=1e-3)
        thick = layers.bar_width[:, layer, None, None, None] / bars.clamp(min=1e-3)
        inside = torch.where(bars > 0, thick - off, -9.0).amax(-1)
        return torch.where((bars > 0).any(-1), inside, 9.0)

    def owner(self, places: Places | None = None) -> Tensor:
        """The foremost layer that covers half of the picture or more, B H W; one more than the
        last layer where an overlay does.

        Args:
            places: Where, B H W of x and y; those of the picture's own pixels without it.
        """
        layers, size = self.scene.layers, self.scene.size
        x, y = places or pixel_places(size, self.time.device)
        whole = slice(0, size)
        parts = [(layer, (whole, whole)) for layer, _ in self.windows()] if places else None
        shape = (len(self.time), size, size)
        owner = torch.zeros(shape, dtype=torch.int64, device=self.time.device)
        for layer, (rows, columns) in parts or self.windows():
            if bool((layers.opacity[:, layer] >= 0.5).any()):
                part = (x, y) if places else (x[..., columns], y[:, rows])
                matte = self.matte(layer, self.inside(layer, self.cut(layer, part)))
                owner[:, rows, columns].masked_fill_(matte[:, 0] >= 0.5, layer)
        stencil = self.scene.overlay[:, 3:]
        if bool((stencil > 0).any()):
            spots = torch.stack(torch.broadcast_tensors(x, y), -1).expand(*shape, 2)
            over = F.grid_sample(stencil, spots, padding_mode="border", align_corners=False)
            owner.masked_fill_(over[:, 0] >= 0.5, layers.count)
        return owner


def moment(scene: Scene, time: Tensor) -> Moment:
    """The scenes at times B."""
    placing = scene.placing(time)
    return Moment(scene, placing, torch.linalg.inv(placing), time)
