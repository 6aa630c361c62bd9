"""Sheets of frames to look at."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
from longtake_engine.media.still import write_png

Array = np.ndarray
TILE = (480, 270)  # width, height
LABEL_HEIGHT = 20


def tile(frame: Array | None, text: str, size: tuple[int, int] = TILE) -> Array:
    """A frame (H W 3 uint8) fitted into a tile with its label below; black where there is none."""
    whole = np.zeros((size[1] + LABEL_HEIGHT, size[0], 3), np.uint8)
    if frame is not None:
        height, width = frame.shape[:2]
        scale = min(size[0] / width, size[1] / height)
        wide, high = round(width * scale), round(height * scale)
        kind = cv2.INTER_AREA if scale < 1 else cv2.INTER_NEAREST
        fitted = cv2.resize(np.ascontiguousarray(frame), (wide, high), interpolation=kind)
        left = (size[0] - wide) // 2
        whole[:high, left : left + wide] = fitted
    white, at = (255, 255, 255), (4, size[1] + 14)
    cv2.putText(whole, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.42, white, 1, cv2.LINE_AA)
    return whole


def write_strips(
    path: Path, rows: Mapping[str, Sequence[Array]], size: tuple[int, int] = TILE
) -> None:
    """Rows of as many frames each, with each row's label on its first."""
    strips = [
        np.hstack([tile(f, "" if number else name, size) for number, f in enumerate(frames)])
        for name, frames in rows.items()
    ]
    write_png(path, np.vstack(strips))
