"""What moves by itself in a frame: it would be seen twice if a border were copied from it."""

import cv2
import numpy as np

from longtake_engine.models.flow import dense_flow, pixel_grid
from longtake_engine.models.removal.camera import Camera, carried
from longtake_engine.models.removal.shot import Shot, View

Array = np.ndarray
APART = 6  # frames: slow things have moved by then
FIELD_WIDTH = 320  # pixels at which motion is measured
MOST_OFF = 0.004  # of the width: less is the measurement's
ROUND = 0.02  # of the width that is kept clear of what moves
MOST = 0.4  # of what is known: where more moves, that is what the place is like


def astir(shot: Shot, camera: Camera, frame: int) -> Array:
    """H W bool, at the full size: what moves against the camera in `frame`."""
    format = shot.format
    none = np.zeros((format.height, format.width), bool)
    other = frame + APART if frame + APART in shot.frames else frame - APART
    if other not in shot.frames:
        return none
    low, high = min(frame, other), max(frame, other)
    move = camera.moves(frame, range(low, high + 1))[other]
    first, second = shot.view(frame), shot.view(other)
    moving = _moving(first, second, move)
    known = ~first.hole
    if moving[known].mean() > MOST:
        return none
    reach = max(2, round(ROUND * moving.shape[1]))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    wide = cv2.dilate(moving.astype(np.uint8), kernel)
    size = (format.width, format.height)
    return cv2.resize(wide, size, interpolation=cv2.INTER_NEAREST) > 0


def _moving(first: View, second: View, move: Array) -> Array:
    """H W bool, at the size of the views."""
    height, width = first.luma.shape
    scale = min(1.0, FIELD_WIDTH / width)
    size = (max(16, round(width * scale)), max(16, round(height * scale)))
    one, two = (
        cv2.resize(view.luma, size, interpolation=cv2.INTER_AREA) for view in (first, second)
    )
    field = cv2.resize(dense_flow(one, two), (width, height), interpolation=cv2.INTER_LINEAR)
    field = field * np.array([width / size[0], height / size[1]], np.float32)
    grid = pixel_grid(height, width)
    off = np.linalg.norm(grid + field - carried(grid, move), axis=-1)
    at = carried(grid, move)
    hidden = cv2.remap(
        second.near.astype(np.uint8), at[..., 0], at[..., 1], cv2.INTER_NEAREST, borderValue=(1,)
    )
    both = ~first.near & (hidden == 0)
    moving = (off > max(1.0, MOST_OFF * width)) & both
    # Without specks: a bad match here and there is no thing.
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    return cv2.morphologyEx(moving.astype(np.uint8), cv2.MORPH_OPEN, kernel) > 0
