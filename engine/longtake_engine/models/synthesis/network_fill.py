"""A picture's hole as the fill network has it, at the picture's own size.

The network works at a size at which every hole is about as deep: what it adds to an even filling
is then brought back to the size of each plane. So it knows one size only, and a large hole costs no
more than a small one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.synthesis.network_input import Shown
from longtake_engine.models.synthesis.network_run import STEP, FillRun
from longtake_engine.models.synthesis.patch import Array
from longtake_engine.models.synthesis.sample import mask_of
from longtake_engine.picture import Picture, PictureFormat

DEEPEST = 14.0  # pixels into a hole, at the size that it is worked at
AROUND = 16  # pixels of that size around a hole
WIDEST = 192  # pixels: the most that is worked at
SHALLOW = 2.0  # pixels: less deep holes are filled well by what is beside them
SHY = 0.2  # of the error expected: so large a correction, both squared, is taken by half
NEAR = 13  # pixels, at the size that is worked at, over which both are averaged
# Y U V, chroma around 0 (BT.601), of pictures that are R'G'B', and back.
TO_YUV = np.array([[0.299, 0.587, 0.114], [-0.1687, -0.3313, 0.5], [0.5, -0.4187, -0.0813]])
TO_RGB = np.array([[1, 0, 1.402], [1, -0.3441, -0.7141], [1, 1.772, 0]])
GBR = (2, 0, 1)  # where R, G and B lie among the planes

Window = tuple[slice, slice]


@dataclass(frozen=True, slots=True)
class Correction:
    """What the network adds to an even filling."""

    planes: tuple[Array, ...]  # float32, at each plane's size, in its own levels; 0 outside holes
    error: (
        Array  # H W float32: squared 8-bit levels that its luma is expected to be off by; 0 there
    )
    made_error: Array  # H W float32: the same of the filling by patches


def correct(
    network: FillRun, picture: Picture, made: Picture, hole: Array, share: Array
) -> Correction:
    """What `network` adds to an even filling of the `hole` of `picture`.

    Args:
        network: Its weights.
        picture: What lies in the hole is never read.
        made: The hole filled by patches.
        hole: H W bool, at the luma's size.
        share: H W float32, 0 to 1: how far that filling is believed.
    """
    format = picture.format
    planes = tuple(np.zeros(plane.shape, np.float32) for plane in picture.planes)
    errors = tuple(np.zeros(hole.shape, np.float32) for _ in range(2))
    hidden = tuple(mask_of(hole, format, number) for number in range(len(planes)))
    for window, size in _windows(hole, format):
        small = _small(picture, made, hidden, (window, size))
        if small is None:
            continue
        known, inside, filled = small
        belief = cv2.resize(share[window], size, interpolation=cv2.INTER_AREA)
        shown = Shown.of(known, inside, filled, belief)
        correction, expected = network.run(shown.channels)
        taken = _worth(correction[0], expected[0], inside) * inside * np.float32(shown.scale)
        correction = correction.transpose(1, 2, 0) * taken[..., None]
        level = format.max_value / 255
        for number, plane in enumerate(_in_planes(correction, format)):
            part = _part(window, format, number)
            here = planes[number][part]
            brought = cv2.resize(plane, here.shape[::-1], interpolation=cv2.INTER_LINEAR)
            here[:] = np.where(hidden[number][part], brought * level, here)
        for error, told in zip(errors, expected, strict=True):
            squared = _squared(told) * np.float32(shown.scale**2)
            brought = cv2.resize(squared, error[window].shape[::-1])
            error[window] = np.where(hole[window], brought, error[window])
    return Correction(planes, errors[0], errors[1])


def _worth(correction: Array, expected: Array, inside: Array) -> Array:
    """h w float32: how much of a `correction` of the luma is taken where the logarithm of the
    squared error still `expected` after it is that.

    As in a Wiener filter: what is small against that error is as likely to do harm.
    """
    hole = inside.astype(np.float32)
    signal, noise = (
        cv2.blur(squared * hole, (NEAR, NEAR)) for squared in (correction**2, _squared(expected))
    )
    return signal / (signal + np.float32(SHY) * noise + np.float32(1e-6))


def _squared(expected: Array) -> Array:
    return np.exp(np.clip(expected, -9, 5))


def _windows(hole: Array, format: PictureFormat) -> Iterator[tuple[Window, tuple[int, int]]]:
    """The parts of the picture around holes that lie apart, and the size (width, height) at which
    each is worked on."""
    padded = np.pad(hole.astype(np.uint8), 1)
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, 3)[1:-1, 1:-1]
    reach = round(AROUND * max(1.0, float(depth.max()) / DEEPEST))
    grown = cv2.dilate(padded[1:-1, 1:-1], np.ones((reach + 1, reach + 1), np.uint8))
    count, labels = cv2.connectedComponents(grown)
    step = 1 << max(format.chroma_shift_x, format.chroma_shift_y)
    for number in range(1, count):
        own = hole & (labels == number)
        deepest = float(depth[own].max())
        if deepest < SHALLOW:
            continue
        x, y, wide, high = cv2.boundingRect(own.astype(np.uint8))
        scale = max(1.0, deepest / DEEPEST, max(wide, high) / WIDEST)
        around = int(np.ceil(AROUND * scale))
        left, top = (max(0, at - around) // step * step for at in (x, y))
        right = min(hole.shape[1], -(-(x + wide + around) // step) * step)
        bottom = min(hole.shape[0], -(-(y + high + around) // step) * step)
        size = tuple(
            max(2, -(-round(long / scale) // STEP)) * STEP for long in (right - left, bottom - top)
        )
        yield np.s_[top:bottom, left:right], (size[0], size[1])


def _small(
    picture: Picture,
    made: Picture,
    hidden: tuple[Array, ...],
    place: tuple[Window, tuple[int, int]],
) -> tuple[Array, Array, Array] | None:
    """A part of a picture at the size it is worked on, h w 3 Y U V each: what is known, the hole
    (h w bool) and the filling by patches; None where nothing is known or hidden at that size."""
    window, size = place
    format = picture.format
    shares, known, filled = [], [], []
    for number in range(1 if format.family == "gray" else 3):
        part = _part(window, format, number)
        level, zero = np.float32(255 / format.max_value), 128.0 * format.is_chroma(number)
        weight = (~hidden[number][part]).astype(np.float32)
        own, other = (p.planes[number][part] * level - np.float32(zero) for p in (picture, made))
        share = cv2.resize(weight, size, interpolation=cv2.INTER_AREA)
        mean = cv2.resize(own * weight, size, interpolation=cv2.INTER_AREA)
        shares.append(share)
        known.append(mean / np.maximum(share, 1e-3))
        filled.append(cv2.resize(other, size, interpolation=cv2.INTER_AREA))
    inside = np.min(shares, axis=0) < 0.5
    if inside.all() or not inside.any():
        return None
    return _as_yuv(known, format), inside, _as_yuv(filled, format)


def _as_yuv(planes: list[Array], format: PictureFormat) -> Array:
    if format.family == "gray":
        return np.dstack([planes[0], *[np.zeros_like(planes[0])] * 2])
    if format.family == "rgb":
        return (np.dstack([planes[at] for at in GBR]) @ TO_YUV.T).astype(np.float32)
    return np.dstack(planes)


def _in_planes(correction: Array, format: PictureFormat) -> list[Array]:
    """Y U V as the differences they make to the planes of a picture."""
    if format.family == "gray":
        return [np.ascontiguousarray(correction[..., 0])]
    if format.family == "rgb":
        red, green, blue = np.moveaxis(correction @ TO_RGB.T, -1, 0)
        return [np.ascontiguousarray(plane, np.float32) for plane in (green, blue, red)]
    return [np.ascontiguousarray(correction[..., number]) for number in range(3)]


def _part(window: Window, format: PictureFormat, number: int) -> Window:
    """What of plane `number` the window of the luma covers; its edges lie between samples."""
    if not format.is_chroma(number):
        return window
    rows, columns = window
    down, across = format.chroma_shift_y, format.chroma_shift_x
    return (
        slice(rows.start >> down, -(-rows.stop >> down)),
        slice(columns.start >> across, -(-columns.stop >> across)),
    )
