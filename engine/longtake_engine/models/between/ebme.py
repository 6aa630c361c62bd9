"""Motion by a learned network: the bi-directional flow of EBME, as another source of motion.

After Jin et al. 2023, "Enhanced Bi-directional Motion Estimation for Video Frame Interpolation":
one small network goes over a pyramid of both images from coarse to fine. At each level it brings
the features of both to the middle of the motion found so far, correlates them there, and finds the
motion both ways anew. The weights are not part of Longtake; the extra `gpu` brings torch.
"""

# torch is an extra, which need not be here:
# pyright: reportMissingImports=false

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from longtake_engine.errors import BadInput
from longtake_engine.models.between.preset import Preset
from longtake_engine.models.between.source import field_size, small_luma
from longtake_engine.picture import Picture

Array = np.ndarray

REACH = 4  # pixels of the features: correlated up to this far each way
SHRINK = 4  # features are smaller than the images of their level by this
LEAST_COARSE = 24  # pixels of the shorter side at the coarsest level
MOST_LEVELS = 6
SLOPE = 0.1  # of the rectifiers, below 0


class BiFlowNet(nn.Module):
    """Motion both ways between two images, all levels with the same weights."""

    def __init__(self) -> None:
        super().__init__()
        self.feat_pyramid = _Features()
        self.flow_estimator = _Estimator()

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """B 4 H W: x and y from `first` to `second`, then back, in pixels.

        Args:
            first: B 3 H W, 0 to 1, RGB; H and W divided by what the levels need.
            second: The same.
        """
        flow = memory = None
        for level in reversed(range(levels(*first.shape[-2:]))):
            images = [F.avg_pool2d(image, 2**level) for image in (first, second)]
            features = [self.feat_pyramid(image) for image in images]
            if flow is None or memory is None:
                batch, _, height, width = features[0].shape
                flow = first.new_zeros(batch, 4, height, width)
                memory = first.new_zeros(batch, 64, height, width)
            else:
                flow, memory = 2 * _larger(flow, 2), _larger(memory, 2)
            ways = flow[:, :2], flow[:, 2:]
            middle = [
                splatted(feature, way * (0.5 / SHRINK))
                for feature, way in zip(features, ways, strict=True)
            ]
            flow, memory = self.flow_estimator(*middle, memory, flow)
        assert flow is not None
        return _larger(flow, SHRINK)


class _Features(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv_stage1 = _chain(3, 24, 3)
        self.conv_stage2 = _chain(24, 48, 6)

    def forward(self, image: Tensor) -> Tensor:
        return self.conv_stage2(self.conv_stage1(image))


class _Estimator(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        widths = ((2 * REACH + 1) ** 2 + 2 * 48 + 64 + 4, 160, 128, 112, 96, 64)
        self.conv_layer1 = nn.Sequential(nn.Conv2d(widths[0], widths[1], 1), nn.LeakyReLU(SLOPE))
        self.conv_layer2 = _chain(*widths[1:3], 1, stride=1)
        self.conv_layer3 = _chain(*widths[2:4], 1, stride=1)
        self.conv_layer4 = _chain(*widths[3:5], 1, stride=1)
        self.conv_layer5 = _chain(*widths[4:6], 1, stride=1)
        self.conv_layer6 = nn.Sequential(nn.Conv2d(64, 4, 3, padding=1))

    def forward(
        self, first: Tensor, second: Tensor, memory: Tensor, flow: Tensor
    ) -> tuple[Tensor, Tensor]:
        alike = F.leaky_relu(correlation(first, second), SLOPE)
        known = torch.cat((alike, first, second, memory, flow), 1)
        known = self.conv_layer3(self.conv_layer2(self.conv_layer1(known)))
        memory = self.conv_layer5(self.conv_layer4(known))
        return self.conv_layer6(memory), memory


def _chain(given: int, made: int, count: int, stride: int = 2) -> nn.Sequential:
    layers: list[nn.Module] = []
    for number in range(count):
        first = number == 0
        layers.append(nn.Conv2d(given if first else made, made, 3, stride if first else 1, 1))
        layers.append(nn.LeakyReLU(SLOPE))
    return nn.Sequential(*layers)


def _larger(image: Tensor, factor: int) -> Tensor:
    return F.interpolate(image, scale_factor=factor, mode="bilinear", align_corners=False)


def correlation(first: Tensor, second: Tensor) -> Tensor:
    """B 81 H W: how alike `first` is to `second` around each place, row by row of what is near."""
    height, width = first.shape[-2:]
    wide = F.pad(second, (REACH,) * 4)
    steps = range(2 * REACH + 1)
    near = (wide[..., y : y + height, x : x + width] for y in steps for x in steps)
    return torch.stack([(first * other).mean(1) for other in near], 1)


def splatted(image: Tensor, flow: Tensor) -> Tensor:
    """`image` (B C H W) brought forward along `flow` (B 2 H W); the mean of what meets, 0 where
    nothing comes."""
    batch, channels, height, width = image.shape
    counted = torch.cat((image, torch.ones_like(image[:, :1])), 1).flatten(2)
    x = flow[:, 0] + torch.arange(width, device=image.device)
    y = flow[:, 1] + torch.arange(height, device=image.device)[:, None]
    total = torch.zeros_like(counted)
    for right in (x.floor(), x.floor() + 1):
        for below in (y.floor(), y.floor() + 1):
            part = (1 - (x - right).abs()) * (1 - (y - below).abs())
            part = part * ((right >= 0) & (right < width) & (below >= 0) & (below < height))
            place = below.clamp(0, height - 1) * width + right.clamp(0, width - 1)
            place = place.long().flatten(1)[:, None].expand_as(counted)
            total.scatter_add_(2, place, counted * part.flatten(1)[:, None])
    total = total.reshape(batch, channels + 1, height, width)
    weight = total[:, -1:]
    return total[:, :-1] / torch.where(weight > 0, weight, 1)


def levels(height: int, width: int) -> int:
    """How many levels the pyramid of an image of this size has."""
    count = 1
    while count < MOST_LEVELS and min(height, width) >> count >= LEAST_COARSE:
        count += 1
    return count


class EbmeFlow:
    """Motion by EBME's network, at the size of the preset's fields times `finer`."""

    def __init__(
        self, weights: Path, preset: Preset, device: str = "cpu", finer: float = 2.0
    ) -> None:
        self._preset, self._finer, self._device = preset, finer, torch.device(device)
        self._net = load(weights).to(self._device)

    def flows(self, first: Picture, second: Picture) -> tuple[Array, Array]:
        """Motion both ways, H W 2 float32, in pixels of its own size."""
        return self.between(self._gray(first), self._gray(second))

    def between(self, first: Array, second: Array) -> tuple[Array, Array]:
        """Motion both ways between two images, H W (grey) or H W 3 (RGB), uint8, of any size."""
        height, width = first.shape[:2]
        with torch.inference_mode():
            flow = self._net(self._ready(first), self._ready(second))
        # The weights were made for pictures half way, which a drift that both ways share hardly
        # moves; as motion it is an error, and the same everywhere.
        flow = flow[0, :, :height, :width]
        drift = ((flow[:2] + flow[2:]).flatten(1).median(1).values / 2).clamp(-1, 1)
        ways = ((way - drift[:, None, None]).permute(1, 2, 0) for way in (flow[:2], flow[2:]))
        forward, backward = (np.ascontiguousarray(way.cpu().numpy()) for way in ways)
        return forward, backward

    def _gray(self, picture: Picture) -> Array:
        width, height = field_size(picture, self._preset)
        shown = picture.format
        finer = min(self._finer, shown.width / width)
        size = max(1, round(width * finer)), max(1, round(height * finer))
        full = replace(self._preset, width=shown.width, shrink=1)
        luma = small_luma(picture, full)
        return cv2.resize(luma, size, interpolation=cv2.INTER_AREA)

    def _ready(self, image: Array) -> Tensor:
        """B 3 H W, made larger on the right and below to what the pyramid divides."""
        height, width = image.shape[:2]
        step = SHRINK << (levels(height, width) - 1)
        border = (0, -height % step, 0, -width % step, cv2.BORDER_REPLICATE)
        image = np.atleast_3d(cv2.copyMakeBorder(image, *border))
        tensor = torch.from_numpy(image).to(self._device).permute(2, 0, 1)[None].float() / 255
        return tensor.expand(-1, 3, -1, -1).contiguous()


def load(weights: Path) -> BiFlowNet:
    """The network with the weights of a file, ready to be asked.

    Raises:
        BadInput: If the file is not there or holds another network's weights.
    """
    net = BiFlowNet()
    try:
        state = torch.load(weights, map_location="cpu", weights_only=True)
        net.load_state_dict({name.removeprefix("module."): part for name, part in state.items()})
    except Exception as error:  # torch raises what its many readers raise
        raise BadInput(
            f"{weights} does not hold the weights of EBME's bi-flownet: give the path of its "
            "bi-flownet.pkl."
        ) from error
    return net.eval().requires_grad_(False)
