"""What no picture saw beyond a border, made up from what it most likely goes on with.

Beside the border the picture mirrored joins without a step; farther out it would be seen to mirror,
so there the picture moved outward takes over: moved to where it goes on from the border best, and
parted from the mirrored strip along the path on which the two differ least (Efros & Freeman 2001,
"Image quilting").
"""

from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.flow import Array

LEAST = 6  # luma pixels of unseen depth that are worth it
MATCH_WIDTH = 320
BAND = 0.05  # of the width: what is compared beside the border
ASIDE = 0.15  # of the border's length that the move may go along it
NEAR = 0.12  # of the width beyond the unseen depth that is searched
ALIKE = 1.0  # squared difference, of the variance beside the border, that still goes on from it
STRETCH = 0.5  # of the unseen depth in which the path lies
BEND = 2  # pixels that the path goes across from row to row at most
SOFT = 1.5  # pixels


@dataclass(frozen=True, slots=True)
class _Side:
    """A border turned so that the unseen lies to its right."""

    turned: bool  # rows and columns changed
    flipped: bool  # then left and right changed

    def of(self, plane: Array) -> Array:
        """A view of `plane`."""
        view = plane.T if self.turned else plane
        return view[:, ::-1] if self.flipped else view


def grow_outward(planes: list[Array], seen: Array, max_value: int) -> None:
    """Fill what no picture saw, in place.

    Args:
        planes: H W each, chroma at its own subsampling; the unseen mirrors what is seen.
        seen: Of the size of the first plane, 255 where a picture saw it, else 0.
        max_value: The largest number a plane may hold.
    """
    known = seen > 0
    for turned in (False, True):
        for flipped in (False, True):
            side = _Side(turned, flipped)
            _grow(
                [side.of(plane) for plane in planes],
                side.of(known),
                max_value,
            )


def _grow(planes: list[Array], known: Array, max_value: int) -> None:
    height, width = known.shape
    rows = np.flatnonzero(known[:, width // 2])
    if not len(rows):
        return
    rows = slice(int(rows[0]), int(rows[-1]) + 1)
    edges = width - known[:, ::-1].argmax(1)  # first unseen column of each row
    border = int(np.median(edges[rows]))
    depth = width - int(edges[rows].min())
    if width - border < LEAST:
        return
    luma = planes[0]
    move = _find_move(luma[rows, :border], depth, max_value)
    if move is None:
        return
    along, aside = move
    moved = _moved(luma, along, aside)
    source = _moved(known.astype(np.uint8), along, aside) > 0
    depths = np.clip(edges, 0, width)
    start = _path(np.abs(luma.astype(np.float32) - moved), depths, source)
    columns = np.arange(width, dtype=np.float32)
    share = np.clip((columns[None] - start[:, None]) / (2 * SOFT) + 0.5, 0, 1)
    inside = np.zeros((height, 1), np.float32)
    inside[rows] = 1
    share = share.astype(np.float32) * source * ~known * inside
    for plane in planes:
        down, across = height / plane.shape[0], width / plane.shape[1]
        part = cv2.resize(share, plane.shape[::-1], interpolation=cv2.INTER_AREA)
        other = _moved(plane, round(along / across), round(aside / down)).astype(np.float32)
        mixed = plane + part * (other - plane)
        np.copyto(plane, (mixed + 0.5).astype(plane.dtype), where=part > 0)
    known[rows] |= (share[rows] > 0) | (~known[rows] & (columns[None] >= edges[rows, None]))


def _find_move(seen: Array, depth: int, max_value: int) -> tuple[int, int] | None:
    """How far outward and aside to move a picture so that it goes on from its right border; None
    where nothing near by goes on from it."""
    height, width = seen.shape
    scale = min(1.0, MATCH_WIDTH / width)
    size = max(8, round(width * scale)), max(8, round(height * scale))
    small = cv2.resize(
        np.ascontiguousarray(seen).astype(np.float32) * (255 / max_value),
        size,
        interpolation=cv2.INTER_AREA,
    )
    band = max(3, round(BAND * size[0]))
    aside = round(ASIDE * size[1])
    deep = int(np.ceil(depth * scale)) + 1
    # From near by alone: what lies farther in is recognised when it comes twice.
    nearest = max(0, size[0] - deep - band - round(NEAR * size[0]))
    searched = small[:, nearest : size[0] - deep]
    template = small[aside : size[1] - aside, size[0] - band :]
    if searched.shape[1] < band + 2 or template.shape[0] < 8:
        return None
    costs = cv2.matchTemplate(searched, template, cv2.TM_SQDIFF) / template.size
    row, column = np.unravel_index(int(costs.argmin()), costs.shape)
    if costs[row, column] > ALIKE * float(template.var()):
        return None
    along, down = size[0] - band - nearest - int(column), aside - int(row)
    return _refine(seen, depth, (round(along / scale), round(down / scale)), scale)


def _refine(seen: Array, depth: int, move: tuple[int, int], scale: float) -> tuple[int, int]:
    """`move`, found at `scale` times the size, exact to the pixel."""
    height, width = seen.shape
    reach = int(np.ceil(1 / scale)) + 1
    band, aside = max(3, round(BAND * width)), round(ASIDE * height) + reach
    left, top = width - band - move[0], aside - move[1]
    searched = seen[
        max(0, top - reach) : height - aside - move[1] + reach,
        max(0, left - reach) : min(width - depth, left + band + reach),
    ]
    template = seen[aside : height - aside, width - band :]
    if searched.shape[0] < template.shape[0] or searched.shape[1] < band:
        return max(depth, move[0]), move[1]
    searched, template = (
        np.ascontiguousarray(image).astype(np.float32) for image in (searched, template)
    )
    costs = cv2.matchTemplate(searched, template, cv2.TM_SQDIFF)
    row, column = np.unravel_index(int(costs.argmin()), costs.shape)
    along = width - band - max(0, left - reach) - int(column)
    return max(depth, along), aside - max(0, top - reach) - int(row)


def _moved(plane: Array, along: int, aside: int) -> Array:
    """`plane` moved right by `along` and down by `aside`; zeros where nothing came."""
    height, width = plane.shape
    moved = np.zeros_like(plane)
    if along >= width or abs(aside) >= height:
        return moved
    down, up = max(0, aside), max(0, -aside)
    moved[down : height - up, along:] = plane[up : height - down, : width - along]
    return moved


def _path(unlike: Array, edges: Array, source: Array) -> Array:
    """The column of each row from which on the moved picture is shown, by dynamic programming."""
    height, width = unlike.shape
    reach = max(2, round(STRETCH * (width - int(np.median(edges)))))
    offsets = np.arange(reach)
    at = np.minimum(edges[:, None] + offsets, width - 1)
    rows = np.arange(height)[:, None]
    cost = cv2.GaussianBlur(unlike, (0, 0), 1.0)[rows, at] + 255.0 * ~source[rows, at]
    total = cost.astype(np.float64)
    for row in range(1, height):
        before = total[row - 1]
        near = np.pad(before, BEND, constant_values=np.inf)
        total[row] += np.min([near[n : n + reach] for n in range(2 * BEND + 1)], axis=0)
    path = np.empty(height, int)
    path[-1] = int(total[-1].argmin())
    for row in range(height - 2, -1, -1):
        low = max(0, path[row + 1] - BEND)
        path[row] = low + int(total[row, low : path[row + 1] + BEND + 1].argmin())
    return (edges + path).astype(np.float32)
