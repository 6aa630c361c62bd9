"""Where the camera has taken what was drawn on one frame of a clip."""

from collections.abc import Callable, Iterator

import cv2
import numpy as np

from longtake_engine.luma import luma8
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.camera import fit_similarity
from longtake_engine.models.flow import consistency, dense_flow

WIDEST = 480  # pixels that moves are measured at
ROUND = 6  # pixels around what flows that do not vote
MOST = 0.75  # of the picture may flow; of what little is left, no camera can be told
SETTLED = 0.05  # pixels, in the middle: what moves less from frame to frame stands
PLAIN = 2.0  # times less of what moves is left by a move that is the camera's, at least
STANDS = 0.75  # of these pixels: a smaller move over a clip is none


def camera_course(
    reader: VideoReader,
    frames: range,
    drawn_on: int,
    region: np.ndarray,
    check: Callable[[], None],
) -> Iterator[int | dict[int, np.ndarray]]:
    """The number of each frame looked at, and at last where each of `frames` has been taken to.

    The last item holds 3 3 float64 for each frame: where a pixel of frame `drawn_on` lies in it; it
    is empty where the camera stands, or nothing tells.

    Args:
        reader: Of the clip.
        frames: Those to know it of; `drawn_on` is one of them.
        drawn_on: The frame on which `region` was drawn.
        region: H W float32: what flows there, and so says nothing of the camera.
        check: Called before each frame; raises to stop.
    """
    format = reader.format
    scale = min(1.0, WIDEST / format.width)
    size = (max(1, round(format.width * scale)), max(1, round(format.height * scale)))
    hole = cv2.resize((region > 0).astype(np.uint8), size, interpolation=cv2.INTER_AREA)
    hole = cv2.dilate(hole, np.ones((2 * ROUND + 1,) * 2, np.uint8)) > 0
    if hole.mean() > MOST:
        yield {}
        return
    steps: list[np.ndarray] = []
    before: np.ndarray | None = None
    for frame, picture in zip(frames, reader.frames(frames.start, frames.stop), strict=True):
        check()
        luma = cv2.resize(luma8(picture), size, interpolation=cv2.INTER_AREA)
        if before is not None:
            steps.append(_step(before, luma, hole))
        before = luma
        yield frame
    yield _chained(steps, frames, drawn_on, scale, (format.width, format.height))


def _step(first: np.ndarray, second: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """3 3: where a pixel of `first` lies in `second`, by what is not in `hole`."""
    forward = dense_flow(first, second, fine=False)
    sure = consistency(forward, dense_flow(second, first, fine=False))
    move = fit_similarity(forward, np.where(hole, np.float32(0), sure), 1.0)
    height, width = first.shape
    field = move.displacement(height, width, 1.0)
    by_move, by_flow, left = (np.linalg.norm(f, axis=-1) for f in (field, forward, forward - field))
    around, within = (sure > 0.5) & ~hole, (sure > 0.5) & hole
    if not around.any():
        return np.eye(3)
    # Waves and leaves move too, each for itself: no one move tells much of them.
    if np.median(by_flow[around]) < PLAIN * np.median(left[around]) + SETTLED:
        return np.eye(3)
    # A camera takes along what flows as well.
    if within.any() and PLAIN * np.median(by_flow[within]) < np.median(by_move[within]):
        return np.eye(3)
    return np.vstack([move.matrix(height, width), [0, 0, 1]])


def _chained(
    steps: list[np.ndarray], frames: range, drawn_on: int, scale: float, size: tuple[int, int]
) -> dict[int, np.ndarray]:
    """Moves from frame to frame, as moves from one of them, in pixels of the full size."""
    sized = np.diag([scale, scale, 1.0])
    since = [np.eye(3)]  # from the first frame
    for step in steps:
        since.append(step @ since[-1])
    back = np.linalg.inv(since[drawn_on - frames.start])
    moves = {}
    for frame, one in zip(frames, since, strict=True):
        move = np.linalg.inv(sized) @ one @ back @ sized
        moves[frame] = move / move[2, 2]
    width, height = size
    corners = np.array([[[0, 0], [width, 0], [0, height], [width, height]]], np.float64)
    furthest = max(
        float(np.abs(cv2.perspectiveTransform(corners, move) - corners).max())
        for move in moves.values()
    )
    return moves if furthest > STANDS * max(1.0, 1 / scale) else {}
