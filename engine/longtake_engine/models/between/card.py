"""Pictures between two pictures made by torch, on a graphics card or not.

The same steps as `Between.make` takes with OpenCV. What looks at whole places of the small fields
(what stands still, how paths bend, the residual search) stays there; reading, inverting, choosing
and mixing, which is most of the work, is done here.
"""

# torch is an extra, which need not be here:
# pyright: reportMissingImports=false

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from longtake_engine.errors import NotPossible
from longtake_engine.models.between import field, fusion
from longtake_engine.models.between.curve import sag
from longtake_engine.models.between.motion import (
    BEYOND_SHARE,
    DOUBT,
    TOLD,
    UNSURE_SHARE,
    Between,
    Made,
)
from longtake_engine.models.between.preset import PRESETS
from longtake_engine.models.between.still import far, quiet, standing
from longtake_engine.picture import Picture

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class CardBetween:
    """A measured motion on a device of torch. Tensors are 1 C H W float32."""

    between: Between
    device: torch.device
    images: tuple[Tensor, Tensor]  # small lumas of both ends
    forward: Tensor  # pixels of the field, x before y
    backward: Tensor
    sure: tuple[Tensor, Tensor]
    planes: tuple[tuple[Tensor, ...], tuple[Tensor, ...]]  # of both pictures

    @classmethod
    def of(cls, between: Between, device: str) -> "CardBetween":
        """`between` brought to `device`.

        Raises:
            NotPossible: If torch has no such device here.
        """
        where = found(device)
        pictures = between.first, between.second
        return cls(
            between,
            where,
            (_brought(between.small[0], where), _brought(between.small[1], where)),
            _brought(between.forward, where),
            _brought(between.backward, where),
            (_brought(between.sure_forward, where), _brought(between.sure_backward, where)),
            (_planes(pictures[0], where), _planes(pictures[1], where)),
        )

    def at(self, time: float) -> Picture:
        """The picture at `time`, over 0 (the first) and under 1 (the second)."""
        return self.make(time).picture

    @torch.inference_mode()
    def make(self, time: float) -> Made:
        """The picture at `time`, over 0 (the first) and under 1 (the second), and its sureness."""
        motion = self._motion(time)
        left = _differ(self._ends(motion, time))
        motion = self._eased(motion, left)
        small = self.between.small
        moves = _fetched(motion)
        still = _brought(standing(small, moves), self.device)
        alike = _brought(quiet(small) * (1 - far(moves)), self.device)
        same = torch.maximum(still, alike)
        motion = motion * (1 - same)
        first, second = (torch.maximum(one, same) for one in self._seen(motion, time, still))
        told = _mean(first * second, TOLD) ** 2 * (1 - BEYOND_SHARE)
        inside = [1 - told * (1 - _within(motion, way)) for way in (-time, 1 - time)]
        first_weight = (1 - time) * (first + UNSURE_SHARE) * inside[0]
        second_weight = time * (second + UNSURE_SHARE) * inside[1]
        share = second_weight / (first_weight + second_weight)
        off = self._off(motion, time) * (1 - same)
        picture = self._fused((-time * motion - off, (1 - time) * motion - off), share)
        sureness = torch.maximum(first, second) * torch.exp(left / -DOUBT)
        return Made(picture, _fetched(sureness))

    def _motion(self, time: float) -> Tensor:
        from_first, back = self.forward, self.backward
        for _ in range(field.INVERSIONS):
            from_first = read(self.forward, from_first, -time)
            back = read(self.backward, back, time - 1)
        costs = [_differ(self._ends(motion, time)) for motion in (from_first, -back)]
        share = torch.sigmoid((costs[1] - costs[0]) / field.TOLERANCE)
        motion = from_first * share - back * (1 - share)
        if not PRESETS[self.between.quality].residual:
            return motion
        warped = self._ends(motion, time)
        images = [_fetched(image.round()).astype(np.uint8) for image in warped]
        rest = _brought(self.between.search.between(*images), self.device)
        after = _differ(self._ends(motion + rest, time))
        return motion + rest * torch.sigmoid(_differ(warped) - after)

    def _ends(self, motion: Tensor, time: float) -> tuple[Tensor, Tensor]:
        first, second = self.images
        return read(first, motion, -time), read(second, motion, 1 - time)

    def _eased(self, motion: Tensor, left: Tensor) -> Tensor:
        share = (left - field.EASED_FROM) / (field.EASED_TO - field.EASED_FROM)
        share = share.clamp(0, 1)
        return _blurred(motion, field.SMOOTH) * share + motion * (1 - share)

    def _seen(self, motion: Tensor, time: float, still: Tensor) -> tuple[Tensor, Tensor]:
        hidden = read(still, motion, -time), read(still, motion, 1 - time)
        first, second = read(self.sure[0], motion, -time), read(self.sure[1], motion, 1 - time)
        return first * (1 - hidden[0] * (1 - still)), second * (1 - hidden[1] * (1 - still))

    def _off(self, motion: Tensor, time: float) -> Tensor:
        bends = self.between.bends
        if bends is None:
            return torch.zeros_like(motion)
        return _brought(sag(*bends, _fetched(motion), time), self.device)

    def _fused(self, offsets: tuple[Tensor, Tensor], share: Tensor) -> Picture:
        format = self.between.first.format
        planes = []
        for number, pair in enumerate(zip(*self.planes, strict=True)):
            size = pair[0].shape[-2:]
            alpha = format.has_alpha and number == format.plane_count - 1
            detail = 0.0 if alpha else self.between.detail
            first, second = (
                _sharp(plane, _fitted(offset, size), detail, format.max_value)
                for plane, offset in zip(pair, offsets, strict=True)
            )
            part = F.interpolate(share, size, mode="bilinear", align_corners=False)
            # As `fusion` does it: halves go up.
            mixed = first + (second - first) * part + fusion.HALF
            mixed = _fetched(mixed.clamp(0, format.max_value).floor())
            planes.append(np.ascontiguousarray(mixed.astype(format.dtype)))
        return Picture(tuple(planes), format)


def found(device: str) -> torch.device:
    """The device of that name: "cpu", "cuda", "cuda:1", "mps"; "auto" is the card if there is one.

    Raises:
        NotPossible: If it is not here.
    """
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        where = torch.device(device)
        torch.zeros(1, device=where)
    except (RuntimeError, AssertionError) as error:
        raise NotPossible(
            f'torch cannot use "{device}" here: leave it out, or take "cpu".'
        ) from error
    return where


def read(image: Tensor, motion: Tensor, share: float = 1.0, mode: str = "bilinear") -> Tensor:
    """`image` (1 C H W) read where `share` of `motion` (1 2 H W) leads to, borders repeated."""
    height, width = image.shape[-2:]
    x, y = _places(motion, share)
    at = torch.stack((_signed(x, width), _signed(y, height)), -1)
    return F.grid_sample(image, at, mode, padding_mode="border", align_corners=True)


def _signed(place: Tensor, count: int) -> Tensor:
    """Pixels as torch counts them: -1 is the first one's centre, 1 the last one's."""
    return place * (2 / max(1, count - 1)) - 1


def _places(motion: Tensor, share: float) -> tuple[Tensor, Tensor]:
    height, width = motion.shape[-2:]
    x = torch.arange(width, device=motion.device) + share * motion[:, 0]
    y = torch.arange(height, device=motion.device)[:, None] + share * motion[:, 1]
    return x, y


def _within(motion: Tensor, share: float) -> Tensor:
    height, width = motion.shape[-2:]
    x, y = _places(motion, share)
    inside = (x > -0.5) & (x < width - 0.5) & (y > -0.5) & (y < height - 0.5)
    return inside.float()[:, None]


def _differ(images: tuple[Tensor, Tensor]) -> Tensor:
    return _mean((images[0].round() - images[1].round()).abs(), field.WINDOW)


def _mean(image: Tensor, window: tuple[int, int]) -> Tensor:
    return F.avg_pool2d(_bordered(image, window[0] // 2), window, stride=1)


def _bordered(image: Tensor, margin: int) -> Tensor:
    """With a border as OpenCV's filters have it, where the image is large enough for it."""
    kind = "reflect" if min(image.shape[-2:]) > margin else "replicate"
    return F.pad(image, (margin,) * 4, mode=kind)


def _blurred(image: Tensor, sigma: float) -> Tensor:
    reach = round(4 * sigma)
    taps = torch.arange(-reach, reach + 1, device=image.device) / sigma
    taps = torch.softmax(-taps * taps / 2, 0).expand(image.shape[1], 1, 1, -1)
    groups = image.shape[1]
    wide = _bordered(image, reach)
    return F.conv2d(F.conv2d(wide, taps, groups=groups), taps.mT, groups=groups)


def _fitted(motion: Tensor, size: torch.Size) -> Tensor:
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


def _brought(values: Array, device: torch.device) -> Tensor:
    """H W or H W C as 1 C H W."""
    values = np.atleast_3d(np.asarray(values, np.float32))
    return torch.from_numpy(values).to(device).permute(2, 0, 1)[None].contiguous()


def _planes(picture: Picture, device: torch.device) -> tuple[Tensor, ...]:
    return tuple(_brought(plane, device) for plane in picture.planes)


def _fetched(values: Tensor) -> Array:
    """1 C H W as H W or H W C."""
    array = np.ascontiguousarray(values[0].permute(1, 2, 0).cpu().numpy())
    return array[..., 0] if array.shape[2] == 1 else array
