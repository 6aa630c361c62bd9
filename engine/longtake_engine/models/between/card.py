"""Two pictures read and mixed by torch, on a graphics card or not, as `fusion.fuse` does it."""

# torch is an extra, which need not be here:
# pyright: reportMissingImports=false

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from longtake_engine.errors import NotPossible
from longtake_engine.models.between import fusion
from longtake_engine.models.between.fusion import Way
from longtake_engine.picture import Picture

Array = np.ndarray


class CardFusion:
    """Mixes pictures on a device of torch: "cpu", "cuda", "cuda:1", "mps".

    Raises:
        NotPossible: If torch has no such device here.
    """

    def __init__(self, device: str) -> None:
        try:
            self._device = torch.device(device)
            torch.zeros(1, device=self._device)
        except (RuntimeError, AssertionError) as error:
            raise NotPossible(
                f'torch cannot use "{device}" here: leave it out, or take "cpu".'
            ) from error
        cuda = self._device.type == "cuda"
        self.name = torch.cuda.get_device_name(self._device) if cuda else str(self._device)

    @torch.inference_mode()
    def __call__(self, first: Picture, second: Picture, way: Way, detail: float) -> Picture:
        """Both pictures read along `way` and mixed by its share."""
        format = first.format
        offsets = self._brought(way.to_first), self._brought(way.to_second)
        share = self._brought(way.share)
        planes = []
        for number, pair in enumerate(zip(first.planes, second.planes, strict=True)):
            size = pair[0].shape
            alpha = format.has_alpha and number == format.plane_count - 1
            sharp = 0.0 if alpha else detail
            read = [
                _sharp(self._brought(plane), _fitted(offset, size), sharp, format.max_value)
                for plane, offset in zip(pair, offsets, strict=True)
            ]
            part = F.interpolate(share, size, mode="bilinear", align_corners=False)
            # As `fusion` does it: halves go up.
            mixed = torch.lerp(read[0], read[1], part) + fusion.HALF
            mixed = mixed.clamp(0, format.max_value).floor()[0, 0].cpu().numpy()
            planes.append(np.ascontiguousarray(mixed.astype(format.dtype)))
        return Picture(tuple(planes), format)

    def _brought(self, values: Array) -> Tensor:
        """H W or H W C as 1 C H W float32 on the device."""
        kind = values.dtype if values.dtype in (np.uint8, np.float32) else np.int32
        there = torch.from_numpy(np.atleast_3d(values).astype(kind)).to(self._device)
        return there.permute(2, 0, 1)[None].float().contiguous()


def read(image: Tensor, motion: Tensor, mode: str = "bilinear") -> Tensor:
    """`image` (1 C H W) read where `motion` (1 2 H W) leads to, borders repeated."""
    height, width = image.shape[-2:]
    x = torch.arange(width, device=motion.device) + motion[:, 0]
    y = torch.arange(height, device=motion.device)[:, None] + motion[:, 1]
    at = torch.stack((_signed(x, width), _signed(y, height)), -1)
    return F.grid_sample(image, at, mode, padding_mode="border", align_corners=True)


def _signed(place: Tensor, count: int) -> Tensor:
    """Pixels as torch counts them: -1 is the first one's centre, 1 the last one's."""
    return place * (2 / max(1, count - 1)) - 1


def _fitted(motion: Tensor, size: tuple[int, ...]) -> Tensor:
    """A field at another size (height, width), in that size's pixels."""
    height, width = motion.shape[-2:]
    scale = motion.new_tensor([size[1] / width, size[0] / height])[:, None, None]
    if size[1] > width:
        return F.interpolate(motion, size, mode="bilinear", align_corners=False) * scale
    return F.interpolate(motion, size, mode="area") * scale


def _sharp(plane: Tensor, offset: Tensor, detail: float, most: int) -> Tensor:
    linear = read(plane, offset)
    if detail < fusion.LEAST_DETAIL:
        return linear
    cubic = read(plane, offset, mode="bicubic").clamp(0, most)
    return torch.lerp(linear, cubic, detail)
