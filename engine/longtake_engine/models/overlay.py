"""Titles and logos burnt into the picture: what stays put while the camera moves under it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.luma import luma8
from longtake_engine.models.camera import Similarity
from longtake_engine.models.flow import Array, fill_unsure
from longtake_engine.picture import Picture, PictureFormat

WIDTH = 960
SAMPLES = 8  # pictures compared, spread over those known
LEAST_PICTURES = 6
TRAVEL = 0.012  # of the width: how far the camera moves under an overlay, at least
STILL = 7.0  # mean change of a pixel that stays, 8-bit levels: coding rings around letters
STILL_PEAK = 26.0
EDGE = 18.0  # gradient across the camera's path, levels a pixel, that stays in the mean picture
LETTER = 0.005  # of the width: half the gap across which edges belong to one letter
LEAST_EDGES = 24  # pixels of edges in a letter or a word; less is chance
MOST = 0.35  # of the picture that an overlay covers
NEAR = 4  # times LETTER: how far from a sure edge an outline may lie
STEP_WIDTH = 480
EXPLAINED = 0.97  # of the change, at most, is left once the camera's move is taken out
HALO = 0.003  # of the width
PAD = 24  # pixels around the overlay that its filling is led by
INPAINT_RADIUS = 3.0


@dataclass(frozen=True, slots=True)
class Overlay:
    """Where a title lies in every picture."""

    mask: Array  # H W uint8, full size: 255 on the title, else 0

    def lifted(self, pictures: Sequence[Picture], moves: Sequence[Similarity]) -> list[Picture]:
        """`pictures` as if there were no title.

        Behind it in the last one is what earlier ones saw there; what none saw is filled from
        around it.

        Args:
            pictures: The known ones, the one beside the join last.
            moves: The camera's move from each to the next.
        """
        smooth = [self._smoothed(picture) for picture in pictures[:-1]]
        return [*smooth, self._revealed(pictures, moves)]

    def laid_over(self, picture: Picture, title: Picture) -> Picture:
        """`picture` with the title of the picture `title`, bit for bit, its edge softened
        outward."""
        planes = []
        for number, plane in enumerate(picture.planes):
            mask = self._mask(picture.format, number)
            share = cv2.GaussianBlur(mask, (3, 3), 0.7).astype(np.float32) / np.float32(255)
            share[mask > 0] = 1
            made = plane.astype(np.float32)
            made += (title.planes[number] - made) * share
            planes.append((made + np.float32(0.5)).astype(plane.dtype))
        return Picture(tuple(planes), picture.format)

    def _mask(self, format: PictureFormat, number: int) -> Array:
        """The mask at the size of plane `number`: all that the title touches."""
        return _resized(self.mask, format, number)

    def _halo(self, format: PictureFormat, number: int) -> Array:
        """The mask with the rings that coding leaves around it, at the size of plane `number`."""
        side = 2 * max(1, round(HALO * format.width)) + 1
        return _resized(cv2.dilate(self.mask, np.ones((side, side), np.uint8)), format, number)

    def _smoothed(self, picture: Picture) -> Picture:
        """Filled evenly from around: enough for measuring motion, and for what lies beside."""
        planes = []
        for number, plane in enumerate(picture.planes):
            mask = self._halo(picture.format, number)
            window = _window(mask)
            part = plane[window].astype(np.float32)
            known = (mask[window] == 0).astype(np.float32)
            even = fill_unsure(np.dstack([part, part]), known)[..., 0]
            filled = plane.copy()
            filled[window] = np.where(known > 0, plane[window], (even + 0.5).astype(plane.dtype))
            planes.append(filled)
        return Picture(tuple(planes), picture.format)

    def _revealed(self, pictures: Sequence[Picture], moves: Sequence[Similarity]) -> Picture:
        """The last picture with what earlier ones saw behind the title, the latest first."""
        last = pictures[-1]
        planes = [plane.copy() for plane in last.planes]
        holes = [self._halo(last.format, number).copy() for number in range(len(planes))]
        for picture, move in _moved(pictures, moves):
            if not holes[0].any():
                break
            for number, hole in enumerate(holes):
                mask = self._halo(last.format, number)
                size = mask.shape[::-1]
                matrix = _matrix(move, last.format, number)
                # Beyond its border and on the title itself an earlier picture saw nothing either.
                blind = cv2.warpAffine(mask, matrix, size, borderValue=(255,))
                new = (hole > 0) & (blind == 0)
                placed = cv2.warpAffine(
                    picture.planes[number], matrix, size, borderMode=cv2.BORDER_REPLICATE
                )
                planes[number][new] = placed[new]
                hole[new] = 0
        for number, hole in enumerate(holes):
            if hole.any():
                window = _window(hole)
                planes[number][window] = _inpaint(planes[number][window], hole[window])
        return Picture(tuple(planes), last.format)


def find_overlay(pictures: Sequence[Picture], moves: Sequence[Similarity]) -> Overlay | None:
    """The titles and logos in `pictures`; None where there are none, or nothing moves under them.

    Args:
        pictures: The known ones, the one beside the join last.
        moves: The camera's move from each to the next, full-size pixels.
    """
    if len(pictures) < LEAST_PICTURES:
        return None
    format = pictures[-1].format
    spread = np.linspace(0, len(pictures) - 1, SAMPLES)
    chosen = sorted({round(float(place)) for place in spread})
    path = Similarity()
    for move in moves:
        path = path.then(move)
    lumas = [luma8(pictures[number], WIDTH) for number in chosen]
    height, width = lumas[0].shape
    field = path.displacement(height, width, width / format.width)
    far = np.sqrt((field**2).sum(-1))
    if np.median(far) < TRAVEL * width:
        return None
    if not _explained(pictures, moves, chosen[:-1]):
        return None
    # Where the camera is headed nothing moves, and nothing can be told.
    path_here = field / np.maximum(far, 1e-3)[..., None] * (far > TRAVEL * width)[..., None]
    mask = _what_stays(lumas, path_here)
    if not mask.any() or (mask > 0).mean() > MOST:
        return None
    full = cv2.resize(mask, (format.width, format.height), interpolation=cv2.INTER_LINEAR)
    return Overlay(np.where(full > 0, np.uint8(255), np.uint8(0)))


def _explained(
    pictures: Sequence[Picture], moves: Sequence[Similarity], steps: Sequence[int]
) -> bool:
    """Whether the camera's moves explain what changes over some of the steps better than its
    standing still does."""
    carried = stood = 0.0
    for step in steps:
        before, after = (luma8(pictures[number], STEP_WIDTH) for number in (step, step + 1))
        height, width = before.shape
        move = Similarity(moves[step].a, moves[step].b * width / pictures[step].format.width)
        matrix = move.matrix(height, width)
        size = (width, height)
        seen = cv2.warpAffine(np.full_like(before, 255), matrix, size, flags=cv2.INTER_NEAREST)
        moved = cv2.warpAffine(before, matrix, size)
        carried += cv2.mean(cv2.absdiff(moved, after), seen)[0]
        stood += cv2.mean(cv2.absdiff(before, after), seen)[0]
    return carried < EXPLAINED * stood


def _what_stays(lumas: Sequence[Array], path: Array) -> Array:
    """The titles, H W uint8.

    Args:
        lumas: Pictures at some distance from each other in time.
        path: Which way each place has moved from the first to the last, H W 2, of length 1, or 0
            where it has not.
    """
    stack = np.stack(lumas).astype(np.float32)
    off = np.abs(stack - stack[-1])
    still = (off.mean(0) < STILL) & (off.max(0) < STILL_PEAK)
    across, down = _slopes(stack.mean(0))
    # Along its path the camera shows other edges than before: one that stays is not the scene's.
    seeds = still & (np.abs(across * path[..., 0] + down * path[..., 1]) > EDGE)
    outline = still & (cv2.magnitude(across, down) > EDGE / 3)
    return _letters(seeds, outline, still)


def _slopes(image: Array) -> tuple[Array, Array]:
    """Levels a pixel across and down."""
    return (
        cv2.Sobel(image, cv2.CV_32F, 1, 0, scale=1 / 8),
        cv2.Sobel(image, cv2.CV_32F, 0, 1, scale=1 / 8),
    )


def _letters(seeds: Array, outline: Array, still: Array) -> Array:
    """The letters and signs whose `outline` is sure at the `seeds`, filled; all H W, uint8."""
    side = 2 * max(1, round(LETTER * seeds.shape[1])) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    near = cv2.dilate(seeds.astype(np.uint8), kernel, iterations=NEAR)
    lines = ((outline & (near > 0)) | seeds).astype(np.uint8) * 255
    words = cv2.morphologyEx(lines, cv2.MORPH_CLOSE, kernel)
    count, labels = cv2.connectedComponents(words)
    sure = np.bincount(labels[seeds], minlength=count) >= LEAST_EDGES
    sure[0] = False
    words = np.take(sure.astype(np.uint8) * 255, np.asarray(labels, np.intp))
    outlines, _ = cv2.findContours(words, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros_like(words)
    cv2.drawContours(filled, outlines, -1, (255,), cv2.FILLED)
    filled[~still & (cv2.dilate(lines, np.ones((3, 3), np.uint8)) == 0)] = 0
    return cv2.dilate(filled, np.ones((3, 3), np.uint8))


def _moved(
    pictures: Sequence[Picture], moves: Sequence[Similarity]
) -> Iterator[tuple[Picture, Similarity]]:
    """Earlier pictures, the latest first, and the camera's move from each to the last."""
    path = Similarity()
    for picture, move in zip(pictures[-2::-1], moves[::-1], strict=True):
        path = move.then(path)
        yield picture, path


def _matrix(move: Similarity, format: PictureFormat, number: int) -> Array:
    """`move` for cv2.warpAffine on plane `number`."""
    height, width = format.plane_size(number)
    sx, sy = width / format.width, height / format.height
    whole = move.matrix(format.height, format.width)
    return np.diag([sx, sy]) @ whole @ np.diag([1 / sx, 1 / sy, 1])


def _resized(mask: Array, format: PictureFormat, number: int) -> Array:
    height, width = format.plane_size(number)
    if mask.shape == (height, width):
        return mask
    small = cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA)
    return np.where(small > 0, np.uint8(255), np.uint8(0))


def _window(mask: Array) -> tuple[slice, slice]:
    """What holds all of `mask` and its surroundings."""
    x, y, wide, high = cv2.boundingRect(mask)
    return slice(max(0, y - PAD), y + high + PAD), slice(max(0, x - PAD), x + wide + PAD)


def _inpaint(plane: Array, hole: Array) -> Array:
    """`plane` with `hole` filled after Telea (2004)."""
    return cv2.inpaint(np.ascontiguousarray(plane), hole, INPAINT_RADIUS, cv2.INPAINT_TELEA)
