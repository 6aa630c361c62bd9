"""From every hidden pixel, along the motion from frame to frame, to where it was last or is next
truly seen.

What is handed from frame to frame is where to look, not what was seen: a colour is read once, at
full depth, however far it comes.
"""

from dataclasses import dataclass

import numpy as np

from longtake_engine.models.flow import squared_length
from longtake_engine.models.removal.box import Array, Box
from longtake_engine.models.removal.link import Link
from longtake_engine.models.removal.match import read, within
from longtake_engine.models.removal.shot import View

NOWHERE = np.float32(1e6)  # the cost of what is not seen
TOLERANCE = 2.5  # pixels by which the ways there and back may miss each other
MISS = 0.5  # frames that a pixel of it counts as


@dataclass(frozen=True, slots=True)
class Trail:
    """Where the hidden pixels of one frame are seen, in the frames to one side of it."""

    box: Box
    frame: Array  # h w int32: of the shot; meaningless where nothing is seen
    at: Array  # h w 2 float32: x and y in that frame
    cost: Array  # h w float32: frames gone, and misses; NOWHERE where nothing is seen


def follow(
    box: Box,
    view: View,
    link: Link,
    neighbour: tuple[int, View, Trail | None],
    *,
    backward: bool,
    reach: int,
) -> Trail:
    """The trail of a frame by that of its neighbour.

    Args:
        box: The part of the frame that its hole lies in.
        view: The frame.
        link: The motion between both.
        neighbour: Its number, itself, and its trail; None where that begins there.
        backward: The neighbour is the one before.
        reach: Frames that a trail goes at most.
    """
    number, other, before = neighbour
    inner = _within_box(box, link.box)
    there, again = (link.back, link.onward) if backward else (link.onward, link.back)
    at = np.ascontiguousarray(there[inner])
    offset = np.array([link.box.left, link.box.top], np.float32)
    miss = np.sqrt(squared_length(read(again, at - offset) - box.grid()))
    ok = (miss < TOLERANCE) & within(at, view.hole.shape)
    height, width = view.hole.shape
    column = np.clip(np.rint(at[..., 0]), 0, width - 1).astype(np.int32)
    row = np.clip(np.rint(at[..., 1]), 0, height - 1).astype(np.int32)
    known = ~other.near[row, column]
    if before is None:
        frame = np.full(known.shape, number, np.int32)
        cost = np.where(known, np.float32(0), NOWHERE)
    else:
        frame, handed, cost = _handed_on(before, column, row)
        frame[known], cost[known] = number, 0
        nearest = np.stack([column, row], -1)
        at = np.where(known[..., None], at, handed + (at - nearest)).astype(np.float32)
    cost = cost + 1 + np.float32(MISS) * miss
    ok &= (cost < reach) & view.near[box.part]
    return Trail(box, frame, at, np.where(ok, cost, NOWHERE))


def _handed_on(before: Trail, column: Array, row: Array) -> tuple[Array, Array, Array]:
    """What `before` knows of the pixels of its frame in those columns and rows: as it has it."""
    box = before.box
    column, row = column - box.left, row - box.top
    inside = (column >= 0) & (row >= 0) & (column < box.width) & (row < box.height)
    place = np.where(inside, row, 0), np.where(inside, column, 0)
    cost = np.where(inside, before.cost[place], NOWHERE)
    return before.frame[place], before.at[place], cost


def _within_box(box: Box, outer: Box) -> tuple[slice, slice]:
    rows = slice(box.top - outer.top, box.bottom - outer.top)
    return rows, slice(box.left - outer.left, box.right - outer.left)
