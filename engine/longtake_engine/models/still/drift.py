"""Where a steady velocity leads, forth and back: paths through a field, and what they are worth."""

from dataclasses import dataclass

import cv2
import numpy as np

Array = np.ndarray

FEATHER = 0.012  # of the picture's width: the velocity rises over it from the region's edge
REACH = 0.04  # of the picture's width: so deep in a region a place is trusted wholly
PATCH = 0.05  # of the picture's width: places so near go over at about the same time
EARLY, LATE = 0.32, 0.68  # of a period: when the first and the last of them are half over
LEAST_SPREAD = 0.25  # a place drawn out of less than this share of its own area counts for nothing
MOST_KEPT = 64  # places of each path that are kept; it is straight between them


@dataclass(frozen=True, slots=True)
class Paths:
    """How far off lies what some frames along a velocity lead to."""

    places: Array  # N H W 2 float16, pixels of the small field
    stride: int  # frames from one to the next

    @classmethod
    def along(cls, velocity: Array, count: int) -> "Paths":
        """Of up to `count` frames along `velocity` (H W 2, pixels a frame)."""
        height, width = velocity.shape[:2]
        ys, xs = np.mgrid[:height, :width].astype(np.float32)
        stride = -(-count // MOST_KEPT)
        kept = -(-count // stride)
        way = np.zeros_like(velocity)
        places = np.zeros((kept + 1, height, width, 2), np.float16)
        for step in range(1, kept * stride + 1):
            x, y = xs + way[..., 0], ys + way[..., 1]
            edge = cv2.BORDER_REPLICATE
            way = way + cv2.remap(velocity, x, y, cv2.INTER_LINEAR, borderMode=edge)
            if step % stride == 0:
                places[step // stride] = way
        return cls(places, stride)

    def at(self, frames: float) -> Array:
        """Of `frames` frames, between whole ones too: H W 2 float32."""
        place = frames / self.stride
        before = int(place)
        way = self.places[before].astype(np.float32)
        if place == before:
            return way
        return way + (place - before) * (self.places[before + 1] - way)


def half_over(shape: tuple[int, ...]) -> Array:
    """When, of a period, each place is half way from the one to the other: H W float32.

    All places at once would be seen as a dissolve.
    """
    noise = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), max(0.5, PATCH * shape[1]))
    ranks = smooth.ravel().argsort().argsort().reshape(shape) / smooth.size
    return (EARLY + (LATE - EARLY) * ranks).astype(np.float32)


def trust_of(way: Array, depth: Array) -> Array:
    """How much what a path leads to is worth: it lies in the region and in the picture, and is not
    drawn out. H W float32."""
    height, width = way.shape[:2]
    ys, xs = np.mgrid[:height, :width].astype(np.float32)
    x, y = xs + way[..., 0], ys + way[..., 1]
    found = cv2.remap(depth, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    for place, off, end in ((x, way[..., 0], width - 1), (y, way[..., 1], height - 1)):
        # Of what comes from near an edge of the picture, soon nothing more will.
        toward = np.where(off < 0, place, end - place)
        found *= np.clip(toward / np.clip(np.abs(off), 1e-3, REACH * width), 0, 1)
    x_down, x_across = np.gradient(x)
    y_down, y_across = np.gradient(y)
    area = x_across * y_down - x_down * y_across
    spread = np.clip((area - LEAST_SPREAD) / (1 - LEAST_SPREAD), 0, 1)
    smooth = max(0.5, FEATHER * width)
    return cv2.GaussianBlur(found * spread.astype(np.float32), (0, 0), smooth)


def carried(way: Array, move: Array, scale: float) -> Array:
    """The paths `way` (H W 2) as they lie in a picture that the camera's `move` leads to."""
    sized = np.diag([scale, scale, 1.0])
    small = sized @ move @ np.linalg.inv(sized)
    height, width = way.shape[:2]
    here = np.dstack(np.meshgrid(np.arange(width), np.arange(height))).astype(np.float32)
    drawn = cv2.perspectiveTransform(here, np.linalg.inv(small))
    edge = cv2.BORDER_REPLICATE
    off = cv2.remap(way, drawn[..., 0], drawn[..., 1], cv2.INTER_LINEAR, borderMode=edge)
    return cv2.perspectiveTransform(drawn + off, small) - here


def carried_values(values: Array, move: Array, scale: float) -> Array:
    """A field H W as it lies in a picture that the camera's `move` leads to."""
    sized = np.diag([scale, scale, 1.0])
    small = sized @ move @ np.linalg.inv(sized)
    size = (values.shape[1], values.shape[0])
    values = np.ascontiguousarray(values, np.float32)
    return cv2.warpPerspective(values, small, size, borderMode=cv2.BORDER_REPLICATE)
