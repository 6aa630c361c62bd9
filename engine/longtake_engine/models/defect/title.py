"""Subtitles and captions: writing that comes up at once, stays as it is, and goes at once.

Told from the scene by its edges: many of them, close together, all born within a few frames and
unchanged since, leading up as far as down, round strokes of one brightness.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np

from longtake_engine.models.flow import Array

EDGE = 16.0  # 8-bit levels a pixel
CHANGED = 0.4  # of its length: how far a gradient may go from what it was at its birth
STAYS = 12  # frames after which an edge is one that stays
AT_ONCE = 8  # frames over which a fade brings up all of a title
TOGETHER = 1.7  # frames: spread of the births of a title, by a fade as well
LOOK_EVERY = 4  # frames
GROUPED = 0.02  # of the width: gaps between letters and words
LEAST_EDGES = 160  # pixels
DENSE = 0.14  # share of all that lies near them that edges fill
BALANCE = 0.25
STROKE = 0.011  # of the width: strokes are no thicker
CONTRAST = 35.0  # 8-bit levels that strokes stand out by
EVEN = 22.0  # 8-bit levels between the middle and the upper end of its strokes' brightness
ENOUGH = 0.08  # share of what lies at its edges that is the middle of a stroke
GONE = 0.5  # share of its edges that are left of a title that goes
MARGIN = 3  # frames before and after, for what a fade begins and ends with
MOST = 0.3  # of the picture


@dataclass(frozen=True, slots=True)
class Shown:
    """A title and when it is shown."""

    start_frame: int
    stop_frame: int
    mask: Array  # H W uint8, 255 on it


@dataclass(slots=True)
class _Title:
    start_frame: int
    edges: Array
    mask: Array


@dataclass(slots=True)
class TitleWatch:
    """Watches a shot frame by frame, in time order, and tells each title when it has gone."""

    _birth: Array | None = None  # H W int32: frame since which an edge is as it is, -1 for none
    _across: Array = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    _down: Array = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    _luma: Array = field(default_factory=lambda: np.zeros((0, 0), np.uint8))
    _first: int = 0
    _shown: list[_Title] = field(default_factory=list)

    def see(self, frame: int, luma: Array) -> list[Shown]:
        """The titles that are gone with this frame, H W uint8, the next one."""
        across = cv2.Sobel(luma, cv2.CV_32F, 1, 0, scale=1 / 8)
        down = cv2.Sobel(luma, cv2.CV_32F, 0, 1, scale=1 / 8)
        length = cv2.magnitude(across, down)
        if self._birth is None:
            self._first = frame
            self._birth = np.where(length > EDGE, frame, -1).astype(np.int32)
            self._across, self._down, self._luma = across, down, luma
            return []
        was = cv2.magnitude(self._across, self._down)
        off = cv2.magnitude(across - self._across, down - self._down)
        same = (self._birth >= 0) & (off < CHANGED * was + 4)
        died = (self._birth >= 0) & ~same & (frame - self._birth >= STAYS)
        before = self._birth
        gone = self._gone(frame, same) + self._left(frame, died & (before == self._first))
        self._birth = np.where(same, before, np.where(length > EDGE, frame, -1)).astype(np.int32)
        self._across = np.where(same, self._across, across)
        self._down = np.where(same, self._down, down)
        self._luma = luma
        if (frame - self._first) % LOOK_EVERY == 0:
            self._welcome(frame)
        return gone

    def end(self, frame: int) -> list[Shown]:
        """The titles that are still shown where the shot ends, at `frame`, the first after it."""
        shown = [Shown(one.start_frame, frame, one.mask) for one in self._shown]
        self._shown.clear()
        return shown

    def _welcome(self, frame: int) -> None:
        """Take up the titles that have come up and stayed."""
        assert self._birth is not None
        age = frame - self._birth
        fresh = (self._birth > self._first) & (age >= STAYS) & (age < STAYS + AT_ONCE)
        for one in self._shown:
            fresh &= one.mask == 0
        for edges, mask in self._titles(fresh):
            born = self._birth[edges]
            start, most = (int(np.quantile(born, share)) for share in (0.2, 0.8))
            # What a fade brings up last must have come, too.
            if born.std() > TOGETHER or frame - start < STAYS + AT_ONCE - LOOK_EVERY:
                continue
            start = max(self._first, start - MARGIN - 2 * (most - start))
            self._shown.append(_Title(start, edges, mask))

    def _gone(self, frame: int, same: Array) -> list[Shown]:
        gone = [one for one in self._shown if same[one.edges].mean() < GONE]
        self._shown = [one for one in self._shown if same[one.edges].mean() >= GONE]
        return [Shown(one.start_frame, frame + MARGIN, one.mask) for one in gone]

    def _left(self, frame: int, died: Array) -> list[Shown]:
        """Titles that were there from the start, as they go."""
        return [Shown(self._first, frame + MARGIN, mask) for _, mask in self._titles(died)]

    def _titles(self, edges: Array) -> list[tuple[Array, Array]]:
        """What among `edges` is writing: its edges (H W bool) and what it covers (H W uint8)."""
        if not LEAST_EDGES <= edges.sum() <= MOST * edges.size:
            return []
        width = edges.shape[1]
        side = 2 * max(2, round(GROUPED * width)) + 1
        kernel = np.ones((max(3, side // 2 | 1), side), np.uint8)
        # Single edges that happen to be born now would join it with others all over the picture.
        share = cv2.boxFilter(edges.astype(np.float32), -1, kernel.shape[::-1])
        close = edges & (share > 0.6 * DENSE)
        groups = cv2.dilate(close.astype(np.uint8), kernel)
        count, labels, _, _ = cv2.connectedComponentsWithStats(groups, connectivity=8)
        found = []
        for number in range(1, count):
            group = labels == number
            own = edges & group
            if own.sum() > max(LEAST_EDGES, DENSE * group.sum()) and self._is_writing(own):
                found.append((own, _covered(own, max(3, round(STROKE * width)))))
        return found

    def _is_writing(self, edges: Array) -> bool:
        """Whether `edges` (H W bool) go round strokes of one brightness."""
        across, down = self._across[edges], self._down[edges]
        left = float(np.hypot(across.sum(), down.sum()))
        if left > BALANCE * float(np.hypot(across, down).sum()):
            return False
        thick = 2 * max(2, round(STROKE * edges.shape[1])) + 1
        x, y, wide, high = cv2.boundingRect(edges.astype(np.uint8))
        window = np.s_[max(0, y - thick) : y + high + thick, max(0, x - thick) : x + wide + thick]
        near = cv2.dilate(edges[window].astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        part = self._luma[window]
        return any(_even_strokes(kind, near, thick) for kind in (part, 255 - part))


def _even_strokes(luma: Array, near: Array, thick: int) -> bool:
    """Whether what is thin and bright in `luma`, `near` the edges, is enough of it and of one
    brightness."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (thick, thick))
    strokes = near & (cv2.morphologyEx(luma, cv2.MORPH_TOPHAT, kernel) > CONTRAST)
    # Only the middle of strokes: their edges have every brightness.
    middle = strokes & (luma >= cv2.dilate(luma, np.ones((3, 3), np.uint8)) - 12)
    if middle.sum() < ENOUGH * near.sum():
        return False
    low, high = np.quantile(luma[middle], [0.5, 0.9])
    return bool(high - low < EVEN)


def _covered(edges: Array, reach: int) -> Array:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1,) * 2)
    closed = cv2.morphologyEx(edges.astype(np.uint8) * 255, cv2.MORPH_CLOSE, kernel)
    return cv2.dilate(closed, np.ones((5, 5), np.uint8))
