"""How far a small thing went at once, further than flow can follow it."""

from dataclasses import replace

import cv2
import numpy as np

from longtake_engine.models.flow import Array
from longtake_engine.models.follow.state import State
from longtake_engine.models.follow.texture import describe

SMALLEST, LARGEST = 3.0, 60.0  # pixels: the square root of the area of what is searched for
REACH, LEAST_REACH = 1.5, 32  # of the thing's size, and pixels: how far from where it is expected
FAR, LEAST_FAR = 0.2, 5.0  # of the thing's size, and pixels: nearer by, flow does it better
BETTER = 0.5  # log: by which a place is better than where flow would begin
PULL = 0.25  # log: what a place at the search's rim is worse than the expected one
GROUND = 0.35  # weight of the log-odds of what lay behind there
NOISE = 4.0  # levels, squared, by which a thing differs from itself
SOFT = 0.7  # pixels of blur


def leap(state: State, seen: Array, behind: Array) -> tuple[int, int]:
    """Whole pixels across and down that the thing of `state` went to the next look; zeros where
    flow will do.

    The thing's own pixels are laid over the new look all about the place where it is expected
    (template matching by squared differences); where the look shows what lay behind there, the
    thing is not.

    Args:
        state: After the last frame.
        seen: The next look, H W 3 uint8.
        behind: Log-odds for the thing by what lay behind, H W.
    """
    solid = state.matte > 0.5
    size = float(np.sqrt(solid.sum()))
    if not SMALLEST <= size <= LARGEST:
        return 0, 0
    expected = state.velocity
    reach = max(LEAST_REACH, round(REACH * size + max(abs(part) for part in expected)))
    worse = _worse(state.seen, solid, seen, behind, reach)
    far = np.arange(-reach, reach + 1)
    off = np.hypot(far[None] - expected[0], far[:, None] - expected[1]) / reach
    worse += PULL * np.square(off)
    row, column = np.unravel_index(int(np.argmin(worse)), worse.shape)
    across, down = int(far[column]), int(far[row])
    at_hand = np.s_[reach - 2 : reach + 3]
    better = float(worse[at_hand, at_hand].min()) - float(worse[row, column])
    if np.hypot(across, down) < max(LEAST_FAR, FAR * size) or better < BETTER:
        return 0, 0
    return across, down


def _worse(before: Array, solid: Array, seen: Array, behind: Array, reach: int) -> Array:
    """The log of how unlike the thing each place is, up to `reach` away, N N."""
    x, y, wide, high = cv2.boundingRect(solid.astype(np.uint8))
    part = np.s_[y : y + high + 2 * reach, x : x + wide + 2 * reach]
    room = reach, reach
    here = np.ascontiguousarray(np.pad(seen, (room, room, (0, 0)), mode="edge")[part])
    ground = np.pad(behind.astype(np.float32), (room, room), mode="edge")[part]
    thing = before[y : y + high, x : x + wide]
    here, thing = (cv2.GaussianBlur(one, (0, 0), SOFT).astype(np.float32) for one in (here, thing))
    mask = solid[y : y + high, x : x + wide].astype(np.float32)
    count = float(mask.sum())
    off = cv2.matchTemplate(here, thing, cv2.TM_SQDIFF, mask=np.dstack([mask] * 3)) / (3 * count)
    before_ground = cv2.matchTemplate(np.ascontiguousarray(ground), mask, cv2.TM_CCORR) / count
    return np.log(np.maximum(off, 0) + NOISE) - GROUND * before_ground


def leapt(state: State, far: tuple[int, int]) -> State:
    """`state` as if the whole picture had gone so far with the thing."""
    move = np.array([[1, 0, far[0]], [0, 1, far[1]]], np.float32)
    size = (state.matte.shape[1], state.matte.shape[0])
    seen = cv2.warpAffine(state.seen, move, size, borderMode=cv2.BORDER_REPLICATE)
    return replace(
        state,
        seen=seen,
        matte=cv2.warpAffine(state.matte, move, size),
        texture=describe(seen),
        velocity=(state.velocity[0] - far[0], state.velocity[1] - far[1]),
    )
