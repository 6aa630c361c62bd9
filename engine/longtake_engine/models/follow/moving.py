"""What in a box moves otherwise than the camera, told from frames near the marked one."""

from collections.abc import Iterator, Mapping

import cv2
import numpy as np

from longtake_engine.models.camera import Similarity, measure_camera
from longtake_engine.models.flow import Array, dense_flow
from longtake_engine.models.follow.look import luma_of

CAMERA_WIDTH = 240  # the camera's move is measured at
OFFSETS = (-12, -6, -3, 3, 6, 12)  # frames from a marked one to those that it is held against
SOFT = 0.7  # pixels: what coding and resampling change
NOISE = 2.0  # levels in which the same place differs at least
USUAL, BEYOND = 75, 1.5  # percentile of the differences about the box, and how far noise goes on
MOST = 8.0  # times the noise: more says no more
RING = 0.5  # of the box's size: what of its surroundings is looked at
LEAST_RING = 20  # pixels
SLOWEST = 0.5  # pixels by which flow is off at least
HIGH = 85  # percentile in the box: what moves, where anything does
CLEAR, CLEAR_FLOW = 2.0, 3.0  # times the noise by which this is clear of the surroundings
FAINT = 0.3  # share of that which tells nothing
TURN = 0.4  # from the surroundings (0) to what moves (1): where neither is likelier
MOST_FOR, MOST_AGAINST = 2.5, 1.75  # log-odds
FLOW = 0.7  # weight of flow, which is not sharp
KERNEL = np.ones((3, 3), np.uint8)


def camera_move(first: Array, second: Array) -> Similarity:
    """The camera's move from one look to the next, in their pixels."""
    width = first.shape[1]
    lumas = [luma_of(first), luma_of(second)]
    if width > CAMERA_WIDTH:
        size = (CAMERA_WIDTH, round(first.shape[0] * CAMERA_WIDTH / width))
        lumas = [cv2.resize(luma, size, interpolation=cv2.INTER_AREA) for luma in lumas]
    return measure_camera(lumas[0], lumas[1], width)


def moving_odds(seen: Array, near: Mapping[int, Array], box: tuple[int, int, int, int]) -> Array:
    """Log-odds that a pixel is of a thing that moves, H W float32; 0 where nothing in the box does.

    A place that is unlike the same place of the background in frames before and after shows
    something else; flow that leads elsewhere than the camera's says so too where all looks alike.

    Args:
        seen: The look of the marked frame, H W 3 uint8.
        near: Looks of other frames by how many frames they come after it.
        box: Left, top, right, bottom in the look, half-open.
    """
    inner, about = _box_and_ring(seen.shape[:2], box)
    odds = np.zeros(seen.shape[:2], np.float32)
    if not near or not about.any():
        return odds
    moves = {offset: camera_move(seen, other) for offset, other in near.items()}
    differs = _differs(seen, near, moves, about)
    odds += _clearly_more(differs, inner, about, CLEAR)
    flows = list(_flows(seen, near, moves))
    apart = np.max(flows, axis=0)
    apart /= max(SLOWEST, float(np.percentile(apart[about], USUAL)))
    return odds + FLOW * _clearly_more(apart, inner, about, CLEAR_FLOW)


def _box_and_ring(
    shape: tuple[int, int], box: tuple[int, int, int, int]
) -> tuple[tuple[slice, slice], Array]:
    """The box, and what lies about it, H W bool."""
    left, top, right, bottom = box
    inner = slice(top, bottom), slice(left, right)
    reach = max(LEAST_RING, round(RING * max(right - left, bottom - top)))
    about = np.zeros(shape, bool)
    about[max(0, top - reach) : bottom + reach, max(0, left - reach) : right + reach] = True
    about[inner] = False
    return inner, about


def _differs(
    seen: Array, near: Mapping[int, Array], moves: Mapping[int, Similarity], about: Array
) -> Array:
    """How many times the noise each pixel differs from its place in the other frames, their mean,
    H W; the noise is what most of the surroundings differ by."""
    height, width = about.shape
    soft = cv2.GaussianBlur(seen, (0, 0), SOFT).astype(np.float32)
    total, count = (np.zeros(about.shape, np.float32) for _ in range(2))
    for offset, other in near.items():
        matrix = moves[offset].inverse.matrix(height, width)
        there = cv2.warpAffine(other, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
        known = cv2.warpAffine(np.ones(about.shape, np.uint8), matrix, (width, height)) > 0
        there = cv2.GaussianBlur(there, (0, 0), SOFT)
        low, high = (edge(there, KERNEL).astype(np.float32) for edge in (cv2.erode, cv2.dilate))
        off = np.maximum(np.maximum(soft - high, low - soft), 0)
        difference = np.sqrt(np.square(off).sum(-1))
        if not (about & known).any():
            continue
        noise = max(NOISE, BEYOND * float(np.percentile(difference[about & known], USUAL)))
        total += np.where(known, np.minimum(difference / noise, MOST), 0)
        count += known
    return total / np.maximum(count, 1)


def _flows(
    seen: Array, near: Mapping[int, Array], moves: Mapping[int, Similarity]
) -> Iterator[Array]:
    """Pixels by which the flow to the nearest frames is off the camera's, H W each."""
    height, width = seen.shape[:2]
    nearest = min(abs(offset) for offset in near)
    for offset, other in near.items():
        if abs(offset) == nearest:
            flow = dense_flow(luma_of(seen), luma_of(other), fine=False)
            off = flow - moves[offset].displacement(height, width, 1.0)
            yield np.hypot(off[..., 0], off[..., 1])


def _clearly_more(values: Array, inner: tuple[slice, slice], about: Array, clear: float) -> Array:
    """Log-odds by how far `values` are from those about the box to the high ones in it."""
    base = float(np.median(values[about]))
    rise = float(np.percentile(values[inner], HIGH)) - base
    strength = float(np.clip(rise / clear - FAINT, 0, 1))
    if strength <= 0:
        return np.zeros(values.shape, np.float32)
    slope = MOST_FOR / max(0.5 * rise, 0.3)
    odds = np.clip(slope * (values - base - TURN * rise), -MOST_AGAINST, MOST_FOR)
    return (strength * odds).astype(np.float32)
