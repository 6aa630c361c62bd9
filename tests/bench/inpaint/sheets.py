"""What is looked at: strips of frames, and cuts through time."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
from longtake_engine.media.still import write_png
from measure.sheet import write_strips

Array = np.ndarray
SHOWN = 12  # frames of a strip
TILE = (400, 225)  # width, height


def write_strip(path: Path, rows: Mapping[str, Sequence[Array]]) -> None:
    """Twelve frames of each row, in two lines of six."""
    lines = {}
    for name, frames in rows.items():
        numbers = np.linspace(0, len(frames) - 1, min(SHOWN, len(frames))).round().astype(int)
        chosen = [frames[number] for number in numbers]
        half = -(-len(chosen) // 2)
        chosen += chosen[-1:] * (2 * half - len(chosen))
        lines[name] = chosen[:half]
        lines[f"{name}, on"] = chosen[half:]
    write_strips(path, lines, TILE)


def write_slices(path: Path, rows: Mapping[str, Sequence[Array]], holes: Sequence[Array]) -> None:
    """The line of each frame on which most is hidden, time running down, side by side."""
    line = int(np.argmax(np.sum([hole.sum(1) for hole in holes], axis=0)))
    cuts = [np.stack([frame[line] for frame in frames]) for frames in rows.values()]
    times = max(1, 300 // len(holes))
    wide = [cv2.resize(cut, None, fx=1, fy=times, interpolation=cv2.INTER_NEAREST) for cut in cuts]
    gap = np.full((wide[0].shape[0], 4, 3), 255, np.uint8)
    joined = [piece for cut in wide for piece in (cut, gap)][:-1]
    write_png(path, np.ascontiguousarray(np.hstack(joined)))
