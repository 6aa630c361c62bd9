"""Scratches along the film: thin upright lines that do not go with the scene.

A line is claimed where the scene goes by on both sides of it while it does not, as the camera's own
move and the motion beside it both say; or, where nothing goes by, if it runs alone from edge to
edge of the picture.
"""

from collections import deque
from dataclasses import dataclass, field

import cv2
import numpy as np

from longtake_engine.models.defect.line import BANDS, Line, find_lines, vote
from longtake_engine.models.defect.passing import Passing
from longtake_engine.models.defect.track import VISIBLE, Track
from longtake_engine.models.flow import Array

WIDEST = 2048  # pixels; a wider picture is looked at at half its size
WINDOW = 24  # frames that are looked at together
STEP = 12  # frames from one window to the next
ASTRAY = 5.0  # pixels between where a line is found and where it should be
BESIDE = 0.045  # of the width: where the scene at the sides of a line is looked at
LOST = 2  # windows without it, after which a line has ended
REACH = 1.5  # pixels beyond its width: soft edges, and what coding leaves around it


@dataclass(frozen=True, slots=True)
class Scratch:
    """A scratch, and where it is on each frame."""

    frames: range
    columns: Array  # of each frame: x at half the height, full-size pixels
    lean: float  # pixels to the right from the top to the bottom
    top: float  # 0 to 1, of the height
    bottom: float
    width: float  # pixels

    def matte(self, frame: int, size: tuple[int, int]) -> Array:
        """What it covers on one of `frames`, H W uint8: 255 on it."""
        height, width = size
        half = self.width / 2 + REACH
        x = float(self.columns[frame - self.frames.start])
        rows = np.arange(round(self.top * height), round(self.bottom * height))
        middle = x + self.lean * ((rows + 0.5) / height - 0.5)
        across = np.arange(width)
        matte = np.zeros(size, np.uint8)
        matte[rows] = (np.abs(across - middle[:, None]) <= half) * np.uint8(255)
        return matte


@dataclass(slots=True)
class ScratchWatch:
    """Watches a shot frame by frame, in time order. Memory holds one window and the lines."""

    start_frame: int = 0
    _scale: float = 1.0  # full-size pixels a pixel that is looked at
    _width: int = 0
    _passing: Passing = field(default_factory=Passing)
    _votes: deque[Array] = field(default_factory=lambda: deque(maxlen=WINDOW))
    _flows: deque[Array] = field(default_factory=lambda: deque(maxlen=WINDOW))
    _seen: int = 0
    _looked: int = 0  # frames of the last window's end
    _open: list[Track] = field(default_factory=list)
    _found: list[Scratch] = field(default_factory=list)

    def see(self, luma: Array) -> None:
        """The next frame, H W uint8."""
        if luma.shape[1] > WIDEST:
            self._scale = 2.0
            luma = cv2.resize(luma, (luma.shape[1] // 2, luma.shape[0] // 2), interpolation=3)
        self._width = luma.shape[1]
        self._votes.append(vote(luma))
        step = self._passing.see(luma)
        if step is None:
            across = np.zeros((2, BANDS, 1), np.float32)
        else:
            scale = self._width / step.seen.shape[1]
            across = np.stack([_banded(f[..., 0]) for f in (step.seen, step.camera)]) * scale
        self._flows.append(across)
        self._seen += 1
        if self._seen >= self._looked + STEP and self._seen >= WINDOW:
            self._look()

    def end(self) -> tuple[Scratch, ...]:
        """The scratches of the shot, which is over."""
        if self._seen > self._looked and self._seen >= WINDOW:
            self._look()
        for track in self._open:
            self._close(track)
        self._open = []
        return tuple(self._found)

    def _look(self) -> None:
        start = self.start_frame + self._seen - WINDOW
        fresh = min(WINDOW, self._seen - self._looked)
        self._looked = self._seen
        lines = find_lines(np.stack(self._votes))
        for track in sorted(self._open, key=lambda t: -t.lines[-1].strength):
            here = track.next_column(start)
            near = [
                line
                for line in lines
                if line.sign == track.lines[-1].sign and abs(line.middle - here) < ASTRAY
            ]
            if near:
                line = min(near, key=lambda one: abs(one.middle - here))
                lines.remove(line)
                track.lines.append(line)
                track.starts.append(start)
                track.pass_by(self._steps(line)[-fresh:])
        ended = [t for t in self._open if start - t.starts[-1] >= LOST * STEP]
        self._open = [t for t in self._open if start - t.starts[-1] < LOST * STEP]
        for track in ended:
            self._close(track)
        for line in lines:
            nothing = np.zeros((3, BANDS))
            track = Track(start, [line], [start], nothing, nothing, nothing)
            track.pass_by(self._steps(line))
            self._open.append(track)

    def _steps(self, line: Line) -> Array:
        """How far the scene goes by at the line's left, at its right, and by the camera's move,
        from frame to frame; T 3 BANDS."""
        steps = []
        away = BESIDE * self._width
        for x, flow in zip(line.columns, self._flows, strict=True):
            width = flow.shape[2]
            at = np.array([x - away, x + away, x]) * width / self._width
            left, right, here = np.clip(at.astype(int), 0, width - 1)
            steps.append([flow[0, :, left], flow[0, :, right], flow[1, :, here]])
        own = np.diff(line.columns, prepend=line.columns[0])
        # What goes by while the line is not to be seen may have hidden it.
        visible = line.votes > VISIBLE
        return (np.array(steps) - own[:, None, None]) * visible[:, None]

    def _close(self, track: Track) -> None:
        if not track.is_scratch(self._width):
            return
        found, columns = track.course()
        frames = range(int(found.min()), int(found.max()) + 1)
        # Later windows come last, and know more of what comes after.
        known = dict(zip(found.tolist(), columns.tolist(), strict=True))
        x = np.interp(frames, list(known), list(known.values()))
        bands = np.mean([line.bands for line in track.lines], axis=0)
        shown = np.flatnonzero(bands > VISIBLE)
        self._found.append(
            Scratch(
                frames=frames,
                columns=(x * self._scale).astype(np.float32),
                lean=float(np.mean([line.lean for line in track.lines])) * self._scale,
                top=float(shown[0]) / BANDS,
                bottom=float(shown[-1] + 1) / BANDS,
                width=float(np.median([line.width for line in track.lines])) * self._scale,
            )
        )


def _banded(plane: Array) -> Array:
    """BANDS W: the middle row of each band."""
    rows = ((np.arange(BANDS) + 0.5) * plane.shape[0] / BANDS).astype(int)
    return plane[rows]
