"""A drawn scene before it is a picture: its layers, textures, motions, and where things are."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from longtake_engine.training.scenes.geometry import pose, stretch, transform
from longtake_engine.training.scenes.motions import Bend, Path, bend, unbend

# How many parts a chain of hinged parts may have beyond the body: arm and forearm.
JOINTS = 2


@dataclass(frozen=True, slots=True)
class Layers:
    """What lies in the pictures, from the back (the first is the background) to the front.

    Each has lengths of its own: its shape lies within -1 and 1.
    """

    present: Tensor  # B K bool
    thing: Tensor  # B K int64, the thing that a layer is part of
    parent: Tensor  # B K int64, the layer that it hangs on, -1 for none
    fixed: Tensor  # B K bool, whether it stays in the picture whatever the camera does
    parallax: Tensor  # B K, how much of the camera's shifts it makes
    half_size: Tensor  # B K 2 halves of the picture
    path: Path  # in the picture, or in the parent's lengths
    bend: Bend
    shape: Tensor  # B K G G, above 0 inside; about the distance to the edge in the layer's lengths
    softness: Tensor  # B K pixels that the edge is wide
    opacity: Tensor  # B K
    texture: Tensor  # B K int64, the texture that it is cut from
    texture_place: Tensor  # B K 2 the middle of the cut, -1 to 1
    texture_scale: Tensor  # B K texels to a pixel
    tint: Tensor  # B K 3 3 what its colours are multiplied by, and
    shade: Tensor  # B K 3 what is added then

    @property
    def count(self) -> int:
        """How many layers each scene may have, the background among them."""
        return self.present.shape[1]


@dataclass(frozen=True, slots=True)
class Scene:
    """A batch of B scenes."""

    size: int  # pixels along each side of the picture
    layers: Layers
    camera: Path  # one, B 1 4
    textures: Tensor  # B M 3 N N
    foremost: Tensor  # B int64, the thing before all others that moves; -1 for none

    def placing(self, times: Tensor) -> Tensor:
        """B N K 3 3: where each layer's own lengths lie in the picture at times B N."""
        layers = self.layers
        own = pose(layers.path.at(times))
        whole, above = own, layers.parent
        for _ in range(JOINTS):
            parent = above.clamp(min=0)
            index = parent[:, None, :, None, None].expand(-1, own.shape[1], -1, 3, 3)
            hung = own.gather(1 + 1, index) @ whole
            whole = torch.where((above >= 0)[:, None, :, None, None], hung, whole)
            above = torch.where(above >= 0, layers.parent.gather(1, parent), above)
        seen = self.camera.at(times).expand(-1, -1, layers.count, -1)
        free = (~layers.fixed).float()
        share = torch.stack([layers.parallax, layers.parallax, free, free], -1)
        return pose(seen * share[:, None]) @ whole @ stretch(layers.half_size)[:, None]


@dataclass(frozen=True, slots=True)
class Moment:
    """A batch of scenes at one time each: where everything is."""

    scene: Scene
    placing: Tensor  # B K 3 3
    lifting: Tensor  # B K 3 3, back from the picture
    time: Tensor  # B

    def cut(self, layer: int, places: Tensor) -> Tensor:
        """The places in the layer's own lengths that show at places B H W 2 of the picture."""
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
        return transform(self.placing[:, layer], cut)

    def matte(self, layer: int, cut: Tensor, softness: Tensor | float = 0.0) -> Tensor:
        """How much of the layer lies at places of its own: B 1 H W, 0 to 1.

        Args:
            layer: which.
            cut: B H W 2, in its own lengths.
            softness: Pixels by which the edge is wider than the layer says, B or one number.
        """
        layers = self.scene.layers
        if layer == 0:
            return torch.ones(len(cut), 1, *cut.shape[1:3], device=cut.device)
        shape = F.grid_sample(
            layers.shape[:, layer, None], cut, padding_mode="border", align_corners=False
        )
        pixels = layers.half_size[:, layer].amin(-1) * self.scene.size / 2
        gain = pixels / (layers.softness[:, layer] + softness)
        inside = (shape * gain[:, None, None, None] + 0.5).clamp(0, 1)
        opacity = layers.opacity[:, layer] * layers.present[:, layer]
        return inside * opacity[:, None, None, None]

    def owner(self, places: Tensor) -> Tensor:
        """The foremost layer that covers half of the picture or more at places B H W 2: B H W."""
        owner = torch.zeros(places.shape[:3], dtype=torch.int64, device=places.device)
        for layer in range(1, self.scene.layers.count):
            covers = self.matte(layer, self.cut(layer, places))[:, 0] >= 0.5
            owner = torch.where(covers, layer, owner)
        return owner


def moment(scene: Scene, time: Tensor) -> Moment:
    """The scenes at times B."""
    placing = scene.placing(time[:, None])[:, 0]
    return Moment(scene, placing, torch.linalg.inv(placing), time)
