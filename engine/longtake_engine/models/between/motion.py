"""Pictures between two pictures of one shot, made along their motion."""

from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.luma import luma8
from longtake_engine.models.flow import (
    Array,
    consistency,
    dense_flow,
    pixel_grid,
    sample,
)
from longtake_engine.picture import Picture
from longtake_engine.work import Quality

FLOW_WIDTH: dict[Quality, int] = {"draft": 480, "standard": 1280, "best": 1920}
FIELD_SHARE = 0.5  # the field at the wanted time is worked out at this share of the flow's size


@dataclass(frozen=True, slots=True)
class Made:
    """A picture between two others and how sure it is."""

    picture: Picture
    sureness: Array  # H W float32 of some size, 0 (a guess) to 1 (both pictures agree on it)

    @property
    def confidence(self) -> float:
        """The sureness of the whole picture, 0 to 1."""
        return float(self.sureness.mean())


@dataclass(frozen=True, slots=True)
class Between:
    """The motion between two pictures, measured once for all times between them."""

    first: Picture
    second: Picture
    small: tuple[Array, Array]  # luma of both, H W float32, at field size
    forward: Array  # H W 2, field pixels
    backward: Array
    sure_forward: Array  # H W, 0 to 1
    sure_backward: Array

    @classmethod
    def measure(cls, first: Picture, second: Picture, quality: Quality = "standard") -> "Between":
        """The motion between two pictures of the same format."""
        lumas = [luma8(picture, FLOW_WIDTH[quality]) for picture in (first, second)]
        fine = quality != "draft"
        forward = dense_flow(*lumas, fine=fine)
        backward = dense_flow(*lumas[::-1], fine=fine)
        height, width = lumas[0].shape
        size = (max(8, round(width * FIELD_SHARE)), max(8, round(height * FIELD_SHARE)))

        def shrink(image: Array) -> Array:
            return cv2.resize(image, size, interpolation=cv2.INTER_AREA)

        ratio = np.array([size[0] / width, size[1] / height], np.float32)
        forward, backward = shrink(forward) * ratio, shrink(backward) * ratio
        small = (shrink(lumas[0]).astype(np.float32), shrink(lumas[1]).astype(np.float32))
        sure = (consistency(forward, backward), consistency(backward, forward))
        return cls(first, second, small, forward, backward, *sure)

    def at(self, time: float) -> Picture:
        """The picture at `time`, over 0 (the first) and under 1 (the second)."""
        return self.make(time).picture

    def make(self, time: float) -> Made:
        """The picture at `time`, over 0 (the first) and under 1 (the second), and its sureness.

        The field at that time comes from both ends by fixed-point inversion of their motion; where
        they differ, the one along which both pictures agree better wins.
        """
        grid = pixel_grid(*self.sure_forward.shape)
        motion = self._motion_at(time, grid)
        to_first, to_second = grid - time * motion, grid + (1 - time) * motion
        weight_first = (1 - time) * (sample(self.sure_forward, to_first) + 0.01)
        weight_second = time * (sample(self.sure_backward, to_second) + 0.01)
        share = weight_second / (weight_first + weight_second)
        planes = tuple(
            _mix(first, second, to_first - grid, to_second - grid, share)
            for first, second in zip(self.first.planes, self.second.planes, strict=True)
        )
        cost = self._disagreement(motion, time, grid)
        sureness = np.maximum(weight_first / (1 - time), weight_second / time) / 1.01
        sureness = sureness * np.exp(-cost / 16)
        return Made(Picture(planes, self.first.format), sureness)

    def _motion_at(self, time: float, grid: Array) -> Array:
        from_first, from_second = self.forward, -self.backward
        for _ in range(3):
            from_first = sample(self.forward, grid - time * from_first)
            from_second = -sample(self.backward, grid + (1 - time) * from_second)
        cost_first = self._disagreement(from_first, time, grid)
        cost_second = self._disagreement(from_second, time, grid)
        choose_first = 1 / (1 + np.exp(np.clip((cost_first - cost_second) / 1.5, -20, 20)))
        choose_first = choose_first[..., None].astype(np.float32)
        return choose_first * from_first + (1 - choose_first) * from_second

    def _disagreement(self, motion: Array, time: float, grid: Array) -> Array:
        first = sample(self.small[0], grid - time * motion)
        second = sample(self.small[1], grid + (1 - time) * motion)
        return cv2.blur(cv2.absdiff(first, second), (5, 5))


def _mix(first: Array, second: Array, to_first: Array, to_second: Array, share: Array) -> Array:
    """One plane of both pictures read along the fields and mixed by `share` of the second."""
    height, width = first.shape
    ratio = np.array([width / share.shape[1], height / share.shape[0]], np.float32)
    share = cv2.resize(share, (width, height), interpolation=cv2.INTER_LINEAR)
    warped = []
    for plane, field in ((first, to_first), (second, to_second)):
        offset = cv2.resize(field * ratio, (width, height), interpolation=cv2.INTER_LINEAR)
        x = offset[..., 0] + np.arange(width, dtype=np.float32)
        y = offset[..., 1] + np.arange(height, dtype=np.float32)[:, None]
        mapped = cv2.remap(plane, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        warped.append(mapped.astype(np.float32))
    mixed = warped[0] + share * (warped[1] - warped[0])
    return (mixed + 0.5).astype(first.dtype)
