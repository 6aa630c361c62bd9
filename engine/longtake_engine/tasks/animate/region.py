"""What was painted of a picture: regions that flow, and mattes of things that move."""

from pathlib import Path

import cv2
import numpy as np

from longtake_engine.errors import BadInput, WrongCall
from longtake_engine.media.info import MediaInfo, VideoInfo
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.picture import Picture
from longtake_engine.tasks.animate.place import inside_part, turned_box, turned_direction
from longtake_engine.tasks.inpaint.mask import EXACT, WAVER, hidden_level
from longtake_engine.tasks.inpaint.place import ALL, check_size, stored, upright_size
from longtake_engine.work import Box, Stroke

SOFT = 0.012  # of the picture's width: the edge of a box that flows
LEAST = 16  # pixels painted: fewer are a slip


def painted(path: Path, source: MediaInfo, what: str) -> np.ndarray:
    """What an image shows in white, or opaque, on the stored picture: H W float32, 0 to 1.

    Args:
        path: Of the image, of the size of the upright picture.
        source: What it belongs to.
        what: Is done where it is white, to people: "flows", "moves".

    Raises:
        BadInput: It is no image of that size, or white nowhere or everywhere.
    """
    info = probe(path)
    video = info.video
    if video.frame_count > 1:
        raise BadInput(
            f"{path.name} has {video.frame_count} pictures; give one image, white where it {what}."
        )
    check_size(upright_size(video), path.name, source.video)
    picture = next(VideoReader(info).frames())
    waver = 0.0 if video.codec in EXACT else WAVER
    side = "alpha" if _says_by_alpha(picture) else "white"
    turned = source.video.rotation_degrees - video.rotation_degrees
    region = stored(hidden_level(picture, side, 1.0, waver), turned % 360).astype(np.float32)
    check_painted(region, path.name, what)
    return region


def check_painted(region: np.ndarray, name: str, what: str) -> None:
    """Nothing, where a part of the picture is painted.

    Raises:
        BadInput: None is, or all of it.
    """
    if (region > 0.5).sum() < LEAST:
        raise BadInput(f"{name} is white nowhere, so nothing {what}; paint white where it does.")
    if float(region.mean()) > ALL:
        raise BadInput(
            f"{name} is white everywhere, and nothing would stay; paint white only where it {what}."
        )


def stroke_region(stroke: Stroke, source: MediaInfo) -> np.ndarray:
    """Where `stroke` flows on the stored picture: H W float32, 0 to 1.

    Raises:
        EngineError: It flows nowhere, everywhere, or to no place.
    """
    if stroke.dx == 0 and stroke.dy == 0:
        raise WrongCall(
            "The direction 0,0 leads nowhere; give DX,DY in pixels a second, such as 20,0."
        )
    if stroke.region_path is not None:
        return painted(stroke.region_path, source, "flows")
    assert stroke.box is not None, "the wire lets no stroke in without a region"
    return _in_box(stroke.box, source.video)


def stroke_direction(stroke: Stroke, video: VideoInfo) -> tuple[float, float]:
    """Pixels a second to the right and down on the stored picture."""
    return turned_direction(stroke.dx, stroke.dy, video)


def _in_box(box: Box, video: VideoInfo) -> np.ndarray:
    said = f"{box.x},{box.y},{box.width},{box.height}"
    width, height = upright_size(video)
    part = inside_part(box, width, height)
    if part == 0:
        raise WrongCall(
            f"The region {said} lies outside the picture, which is {width}×{height}; give X,Y,W,H"
            " within it."
        )
    if part * box.width * box.height > ALL * width * height:
        raise WrongCall(
            f"The region {said} covers the whole picture, and nothing would stay; give a smaller"
            " one."
        )
    turned = turned_box(box, video)
    rim = round(2 * SOFT * video.width)
    # Beyond the picture's edge a box goes on, so that it stays whole there.
    canvas = np.zeros((video.height + 2 * rim, video.width + 2 * rim), np.float32)
    left, top = max(turned.x + rim, 0), max(turned.y + rim, 0)
    bottom, right = turned.y + turned.height + rim, turned.x + turned.width + rim
    if turned.x <= 0:
        left = 0
    if turned.y <= 0:
        top = 0
    if turned.x + turned.width >= video.width:
        right = canvas.shape[1]
    if turned.y + turned.height >= video.height:
        bottom = canvas.shape[0]
    canvas[top:bottom, left:right] = 1
    inner = cv2.erode(canvas, np.ones((rim + 1, rim + 1), np.uint8), borderValue=1)
    soft = cv2.blur(inner, (rim + 1, rim + 1), borderType=cv2.BORDER_REPLICATE) * canvas
    small = min(box.width, box.height) <= 3 * rim
    region = canvas if small else soft
    return np.ascontiguousarray(region[rim : rim + video.height, rim : rim + video.width])


def _says_by_alpha(picture: Picture) -> bool:
    return picture.format.has_alpha and float(picture.planes[-1].min()) < picture.format.max_value
