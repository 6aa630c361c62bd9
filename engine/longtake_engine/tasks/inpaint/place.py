"""Between the upright picture, which people see, and the stored one, which is worked on."""

import numpy as np

from longtake_engine.errors import BadInput, WrongCall
from longtake_engine.media.info import VideoInfo
from longtake_engine.tasks.inpaint.matte import Window
from longtake_engine.work import Box, Point

ALL = 0.98  # share of the picture: what hides so much leaves nothing to go by


def upright_size(video: VideoInfo) -> tuple[int, int]:
    """Width and height as people see the picture."""
    turned = video.rotation_degrees % 180 == 90
    return (video.height, video.width) if turned else (video.width, video.height)


def stored(upright: np.ndarray, rotation_degrees: int) -> np.ndarray:
    """An upright picture H W as it is stored in a clip that players turn by `rotation_degrees`."""
    return np.ascontiguousarray(np.rot90(upright, -(rotation_degrees // 90)))


def stored_box(box: Box, video: VideoInfo) -> Box:
    """`box`, as far as it lies in the picture, on the stored picture.

    Raises:
        WrongCall: It lies outside the picture, covers all of it, or lies on a frame there is not.
    """
    width, height = upright_size(video)
    said = f"{box.x},{box.y},{box.width},{box.height}"
    left, right = max(box.x, 0), min(box.x + box.width, width)
    top, bottom = max(box.y, 0), min(box.y + box.height, height)
    if left >= right or top >= bottom:
        raise WrongCall(
            f"The box {said} lies outside the picture, which is {width}×{height}; give X,Y,W,H"
            " within it, counted from the top left."
        )
    if (right - left) * (bottom - top) > ALL * width * height:
        raise WrongCall(
            f"The box {said} covers the whole picture, and nothing would be left to go by; draw it"
            " round the thing to remove."
        )
    _check_frame(box.frame, video, "box")
    window = _turned(Window(top, left, bottom, right), video)
    return Box(
        window.left,
        window.top,
        window.right - window.left,
        window.bottom - window.top,
        box.frame,
    )


def stored_point(point: Point, video: VideoInfo) -> Point:
    """`point` on the stored picture.

    Raises:
        WrongCall: It lies outside the picture, or on a frame there is not.
    """
    width, height = upright_size(video)
    if not (0 <= point.x < width and 0 <= point.y < height):
        raise WrongCall(
            f"The point {point.x},{point.y} lies outside the picture, which is {width}×{height};"
            " give X,Y within it, counted from the top left."
        )
    _check_frame(point.frame, video, "point")
    window = _turned(Window(point.y, point.x, point.y + 1, point.x + 1), video)
    return Point(window.left, window.top, point.frame)


def check_size(mask: tuple[int, int], mask_name: str, video: VideoInfo) -> None:
    """Nothing, where a mask of this upright size (width, height) fits the clip.

    Raises:
        BadInput: It is of another size.
    """
    width, height = upright_size(video)
    if mask != (width, height):
        raise BadInput(
            f"{mask_name} is {mask[0]}×{mask[1]} and the clip {width}×{height}; give a mask of the"
            " clip's own size, one pixel for each of its pixels."
        )


def _check_frame(frame: int, video: VideoInfo, what: str) -> None:
    if frame >= video.frame_count:
        raise WrongCall(
            f"The {what} is drawn on frame {frame}, and the clip has {video.frame_count}, counted"
            " from 0; name a frame that it has."
        )


def _turned(window: Window, video: VideoInfo) -> Window:
    """A window of the upright picture as it lies in the stored one."""
    width, height = upright_size(video)
    for _ in range(video.rotation_degrees // 90):  # each turns clockwise, back to the stored one
        window = Window(window.left, height - window.bottom, window.right, height - window.top)
        width, height = height, width
    return window
