"""Pictures of a moving camera laid onto the last one, as if it had stood still."""

from collections.abc import Sequence

import cv2
import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.models.camera import Similarity, fit_similarity, measure_camera
from longtake_engine.models.flow import Array, consistency, dense_flow
from longtake_engine.models.reel import Reel, Small
from longtake_engine.picture import Picture

PROBES = (0.12, 0.33, 0.66, 1.0)  # of the way back, where the camera's place is looked at first
FOLLOWED = 0.8  # share of the picture that follows a camera's move
EXPLAINED = 0.62  # the move leaves at most this share of what differs
LEVELS = 6  # 8-bit levels that differ
FAR = 0.002  # of the width: a camera that goes no farther stands still
FARTHEST = 0.1  # of the width: what was seen from farther off is of no use
KEY = 10  # pictures from one key picture to the next


def anchor(reel: Reel, cancel: CancelToken) -> float:
    """How far a camera that drifts hardly at all went, as a share of the width; `reel` is laid
    anew if it went at all."""
    if len(reel) < 4 or min(reel.small[-1].luma.shape) < 16 or not _camera_moves(reel):
        return 0.0
    return lay_on_last(reel, _to_last(reel, cancel), cancel)


def lay_on_last(reel: Reel, to_last: Sequence[Similarity], cancel: CancelToken) -> float:
    """How far the camera went of late, as a share of the width; `reel` is laid anew.

    What was seen from too far off is dropped, what a picture did not see of the last one is taken
    from the last one.

    Args:
        reel: The pictures.
        to_last: From each of them to the last, full-size pixels.
        cancel: Asked between pictures.
    """
    width = reel.format.width
    moves = drop_far(reel, to_last)
    last = reel.picture(len(reel) - 1)
    for number, move in enumerate(moves[:-1]):
        cancel.check()
        reel.replace(number, _lay(reel.picture(number), move, last))
    return max(_reach(move, width) for move in moves)


def drop_far(reel: Reel, to_last: Sequence[Similarity]) -> list[Similarity]:
    """The moves of those pictures that saw enough of the last one; the others are dropped."""
    far = [n for n, move in enumerate(to_last) if _reach(move, reel.format.width) > FARTHEST]
    first = far[-1] + 1 if far else 0
    reel.drop_before(first)
    return list(to_last[first:])


def lay_small(reel: Reel, to_last: Sequence[Similarity]) -> None:
    """As `lay_on_last`, of the small copies alone."""
    scale = reel.small[-1].luma.shape[1] / reel.format.width
    last = reel.small[-1]
    for number, move in enumerate(to_last[:-1]):
        small = reel.small[number]
        laid = [
            _beside(plane, rest, Similarity(move.a, move.b * scale * ratio))
            for plane, rest, ratio in zip(
                (small.luma, *small.colors),
                (last.luma, *last.colors),
                (1.0, *[0.5] * len(small.colors)),
                strict=True,
            )
        ]
        reel.small[number] = Small(laid[0], tuple(laid[1:]))


def _beside(plane: Array, rest: Array, move: Similarity) -> Array:
    """A small plane moved, `rest` where it saw nothing."""
    seen = _warp(np.full(plane.shape, 255, np.uint8), move, cv2.INTER_NEAREST, 0)
    seen = cv2.erode(seen, np.ones((3, 3), np.uint8))
    return np.where(seen > 0, _warp(plane, move, cv2.INTER_LINEAR), rest)


def _reach(move: Similarity, width: int) -> float:
    """How far a move takes the picture's sides, as a share of its width."""
    return abs(move.b) / width + abs(move.a - 1) / 2


def _camera_moves(reel: Reel) -> bool:
    """Whether the camera rather than what it sees has moved since the pictures before the last.

    A camera moves all that is in the picture; clouds, waves and cars move a part of it.
    """
    lumas = [small.luma for small in reel.small]
    last = lumas[-1]
    votes: list[bool] = []
    far = 0.0
    for share in PROBES:
        early = lumas[len(lumas) - 1 - round(share * (len(lumas) - 1))]
        flow = dense_flow(early, last, fine=False)
        sure = consistency(flow, dense_flow(last, early, fine=False))
        move = fit_similarity(flow, sure, 1.0)
        far = max(far, abs(move.b) / last.shape[1], abs(move.a - 1) / 4)
        votes.append(_explains(move, flow, sure, early, last))
    return far > max(FAR, 0.4 / last.shape[1]) and float(np.mean(votes)) >= 0.5


def _explains(move: Similarity, flow: Array, sure: Array, early: Array, last: Array) -> bool:
    detailed = cv2.blur(cv2.Laplacian(last, cv2.CV_32F) ** 2, (9, 9)) > 4
    seen = (sure > 0.5) & detailed
    if seen.sum() < 12:
        return False
    field = move.displacement(last.shape[0], last.shape[1], 1.0)
    off, stayed = (np.sqrt((f**2).sum(-1))[seen] < 0.5 for f in (flow - field, flow))
    laid = _warp(early, move, cv2.INTER_LINEAR)
    still = float((cv2.absdiff(early, last)[detailed] > LEVELS).mean())
    moved = float((cv2.absdiff(laid, last)[detailed] > LEVELS).mean())
    share = float(off.mean())
    followed = share > max(FOLLOWED, float(stayed.mean()) + 0.1) and float(seen.mean()) > 0.3
    return followed or moved < EXPLAINED * still


def _to_last(reel: Reel, cancel: CancelToken) -> list[Similarity]:
    """The camera's move from each picture to the last one, by way of key pictures."""
    lumas = [small.luma for small in reel.small]
    width = reel.format.width
    moves = [Similarity()] * len(lumas)
    key = len(lumas) - 1
    for number in range(len(lumas) - 2, -1, -1):
        cancel.check()
        moves[number] = measure_camera(lumas[number], lumas[key], width).then(moves[key])
        if key - number == KEY:
            key = number
    return moves


def _lay(picture: Picture, move: Similarity, last: Picture) -> Picture:
    """`picture` as the last camera would have seen it."""
    white = np.full(picture.luma.shape, 255, np.uint8)
    seen = cv2.erode(_warp(white, move, cv2.INTER_NEAREST, 0), np.ones((5, 5), np.uint8))
    share = cv2.blur(cv2.erode(seen, np.ones((9, 9), np.uint8)), (9, 9))
    planes = []
    for plane, rest in zip(picture.planes, last.planes, strict=True):
        height, width = plane.shape
        ratio = width / picture.format.width, height / picture.format.height
        laid = _warp(plane, move, cv2.INTER_CUBIC, None, ratio)
        laid = np.minimum(laid, plane.dtype.type(picture.format.max_value))
        weight = cv2.resize(share, (width, height), interpolation=cv2.INTER_AREA)
        weight = weight.astype(np.float32) / 255
        if weight.min() < 1:
            under = rest.astype(np.float32)
            mixed = (under + weight * (laid - under) + 0.5).astype(plane.dtype)
            laid = np.where(weight < 1, mixed, laid)
        planes.append(laid)
    return Picture(tuple(planes), picture.format)


def _warp(
    plane: Array,
    move: Similarity,
    kernel: int,
    outside: int | None = None,
    ratio: Sequence[float] | None = None,
) -> Array:
    """`plane` moved; `ratio` is its size over that of the picture whose pixels `move` counts."""
    height, width = plane.shape
    across, down = ratio or (1.0, 1.0)
    matrix = move.matrix(round(height / down), round(width / across))
    # Pixels are squares: their centres lie half a pixel in, at every size.
    shrink = np.array([[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2], [0, 0, 1]])
    matrix = (shrink @ np.vstack([matrix, [0, 0, 1]]) @ np.linalg.inv(shrink))[:2]
    border = cv2.BORDER_REPLICATE if outside is None else cv2.BORDER_CONSTANT
    return cv2.warpAffine(plane, matrix, (width, height), flags=kernel, borderMode=border)
