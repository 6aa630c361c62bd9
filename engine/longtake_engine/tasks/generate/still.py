"""Stills as they lie before the camera: upright, in the pixels of the shot, with their mattes."""

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.errors import BadInput
from longtake_engine.luma import luma8
from longtake_engine.media.conform import conform
from longtake_engine.media.info import MediaInfo
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.still.stillcamera import NEAR, Layer
from longtake_engine.models.synthesis import fill_still
from longtake_engine.picture import Picture, PictureFormat
from longtake_engine.tasks.generate.shape import Shape, upright_size

OPAQUE = 0.02  # of all pixels: an alpha that hides less than this says nothing
HOLLOW = 3.0  # 8-bit levels: what lies under a clear alpha varies by less where nothing does
GROUND_WIDTH = 640  # pixels: the ground behind a layer is made at this width; little of it is seen
SOFTER = 0.0008  # of the width: sigma that a matte is softened by
AROUND = 0.006  # of the width: what lies beside a matte's edge is not taken for ground


@dataclass(frozen=True, slots=True)
class Still:
    """A still, upright."""

    path: Path
    picture: Picture
    pixel_aspect: Fraction
    matte: np.ndarray | None = None  # H W float32, 1 where what is near lies
    is_cutout: bool = False  # nothing lies where its alpha is clear

    @property
    def shown(self) -> tuple[float, float]:
        """Width and height as shown, in pixels of its height."""
        format = self.picture.format
        return float(format.width * self.pixel_aspect), float(format.height)


def probe_still(path: Path) -> MediaInfo:
    """What a still holds.

    Raises:
        BadInput: It is a clip, or no picture.
    """
    info = probe(path)
    if info.video.frame_count > 1:
        raise BadInput(f"{path.name} is a clip, not a still; give a PNG, JPEG or TIFF as --image.")
    return info


def read_still(info: MediaInfo, matte: np.ndarray | None = None) -> Still:
    """The still, turned upright; `matte` goes before its own alpha."""
    still = replace(upright(info, next(VideoReader(info).frames(0, 1))), matte=matte)
    picture = still.picture
    if matte is not None or not picture.format.has_alpha:
        return still
    alpha = picture.planes[-1].astype(np.float32) / picture.format.max_value
    if (alpha < 0.5).mean() < OPAQUE or (alpha > 0.5).mean() < OPAQUE:
        return still
    if _is_hollow(picture, alpha):
        return replace(still, is_cutout=True)
    return replace(still, matte=alpha)


def read_matte(path: Path, still: MediaInfo) -> np.ndarray:
    """What an image shows in white, or opaque, as H W float32 on the upright still.

    Raises:
        BadInput: It has not the size of the still, or says nothing.
    """
    info = probe_still(path)
    given = upright(info, next(VideoReader(info).frames(0, 1))).picture
    wanted = upright_size(still)
    if (given.format.width, given.format.height) != wanted:
        raise BadInput(
            f"{path.name} has {given.format.width}x{given.format.height} pixels and"
            f" {still.path.name} {wanted[0]}x{wanted[1]}; make the matte of the size of the still."
        )
    matte = luma8(given).astype(np.float32) / 255
    if given.format.has_alpha:
        alpha = given.planes[-1].astype(np.float32) / given.format.max_value
        matte = alpha if (alpha < 0.5).any() else matte
    if (matte > 0.5).mean() < OPAQUE or (matte < 0.5).mean() < OPAQUE:
        raise BadInput(
            f"{path.name} is all white or all black, and says nothing of what is near; paint what"
            " is near white."
        )
    return matte


def upright(info: MediaInfo, picture: Picture) -> Still:
    """A stored picture of `info` as it is shown."""
    video = info.video
    turns, aspect = video.rotation_degrees // 90, video.pixel_aspect
    if not turns:
        return Still(info.path, picture, aspect)
    return Still(info.path, _turned(picture, turns), 1 / aspect if turns % 2 else aspect)


def fit(still: Still, shape: Shape, closest: float) -> Picture:
    """The still in pixels as the shot has them, of a size of its own: at the framing of width
    `closest` a pixel of it is at most one of the picture."""
    format = shape.format
    width, height = still.shown
    width /= float(shape.pixel_aspect)
    widest = min(1.0, format.width / format.height * height / width)
    scale = min(1.0, format.width / (closest * widest * width))
    size = _even(width * scale), _even(height * scale)
    fitted = conform(still.picture, replace(format, width=size[0], height=size[1]))
    return _with_alpha_of(fitted, still.picture) if format.has_alpha else fitted


def layer_of(
    picture: Picture, matte: np.ndarray, cancel: CancelToken, *, near: float = NEAR
) -> Layer:
    """What the matte shows before what lies behind it, made up from around it."""
    format = picture.format
    matte = cv2.resize(matte, (format.width, format.height), interpolation=cv2.INTER_AREA)
    # Hard edges would be seen to be cut.
    matte = cv2.GaussianBlur(matte, (0, 0), max(0.6, SOFTER * format.width))
    width = min(GROUND_WIDTH, format.width)
    size = _even(width), _even(format.height * width / format.width)
    small = conform(picture, replace(format, width=size[0], height=size[1]))
    hole = cv2.resize(matte, size, interpolation=cv2.INTER_AREA) > 0.02
    reach = 2 * max(1, round(AROUND * size[0])) + 1
    hole = cv2.dilate(hole.astype(np.uint8), np.ones((reach, reach), np.uint8)) > 0
    filled = conform(fill_still(small, hole, cancel=cancel).picture, format)
    return Layer(matte, _behind(picture, filled, hole), near)


def _with_alpha_of(picture: Picture, source: Picture) -> Picture:
    """`picture` as opaque as `source`: swscale widens numbers by zeros, so that opaque is less."""
    format = picture.format
    alpha = np.ones((1, 1), np.float32)
    if source.format.has_alpha:
        alpha = source.planes[-1].astype(np.float32) / source.format.max_value
    alpha = cv2.resize(alpha, (format.width, format.height), interpolation=cv2.INTER_AREA)
    numbers = np.rint(alpha * format.max_value).astype(format.dtype)
    return Picture((*picture.planes[:-1], numbers), format)


def _behind(picture: Picture, filled: Picture, hole: np.ndarray) -> Picture:
    """`picture`, and where the hole is `filled`."""
    planes = []
    for own, made in zip(picture.planes, filled.planes, strict=True):
        height, width = own.shape
        share = cv2.resize(hole.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
        mixed = own + share * (made.astype(np.float32) - own)
        planes.append(np.rint(mixed).astype(own.dtype))
    return Picture(tuple(planes), picture.format)


def _is_hollow(picture: Picture, alpha: np.ndarray) -> bool:
    beneath = luma8(picture)[alpha < 0.05]
    return not beneath.size or float(beneath.std()) < HOLLOW


def _turned(picture: Picture, turns: int) -> Picture:
    """`picture` turned counter-clockwise by quarters."""
    format = picture.format
    if turns % 2 and format.chroma_shift_x != format.chroma_shift_y:
        picture = _full_chroma(picture)
        format = picture.format
    planes = tuple(np.ascontiguousarray(np.rot90(plane, turns)) for plane in picture.planes)
    size = (format.height, format.width) if turns % 2 else (format.width, format.height)
    return Picture(planes, replace(format, width=size[0], height=size[1]))


def _full_chroma(picture: Picture) -> Picture:
    format = picture.format
    depth = "" if format.bit_depth == 8 else f"{format.bit_depth}le"
    name = f"yuv{'a' if format.has_alpha else ''}444p{depth}"
    full: PictureFormat = replace(format, pixel_format=name, chroma_shift_x=0, chroma_shift_y=0)
    return conform(picture, full)


def _even(pixels: float) -> int:
    return max(2, round(pixels / 2) * 2)
