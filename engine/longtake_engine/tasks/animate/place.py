"""Directions and boxes of the upright picture, which people see, on the stored one."""

from longtake_engine.media.info import VideoInfo
from longtake_engine.tasks.inpaint.place import upright_size
from longtake_engine.work import Box


def turned_box(box: Box, video: VideoInfo) -> Box:
    """`box` on the stored picture; it may lie outside of it."""
    width, height = upright_size(video)
    x, y, wide, high = box.x, box.y, box.width, box.height
    for _ in range(video.rotation_degrees // 90):  # each turns clockwise, back to the stored one
        x, y, wide, high = height - y - high, x, high, wide
        width, height = height, width
    return Box(x, y, wide, high, box.frame)


def turned_direction(dx: float, dy: float, video: VideoInfo) -> tuple[float, float]:
    """A direction to the right and down on the stored picture."""
    for _ in range(video.rotation_degrees // 90):
        dx, dy = -dy, dx
    return dx, dy


def inside_part(box: Box, width: int, height: int) -> float:
    """The share of a box that lies in a picture of this size."""
    across = min(box.x + box.width, width) - max(box.x, 0)
    down = min(box.y + box.height, height) - max(box.y, 0)
    return max(across, 0) * max(down, 0) / (box.width * box.height)


def centre(box: Box) -> tuple[float, float]:
    """Its middle, in pixels."""
    return box.x + (box.width - 1) / 2, box.y + (box.height - 1) / 2
