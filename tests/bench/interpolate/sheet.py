"""Sheets: the frames that came out worst, and holes as strips."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
from longtake_engine.media.still import write_png
from quality import ClipResult

Array = np.ndarray
TILE_WIDTH, TILE_HEIGHT, LABEL_HEIGHT = 480, 270, 20
CLIPS_A_PAGE = 4
ZOOM_SHARE = 0.25  # of the frame's width that the lower row shows


def write_worst(
    path: Path, results: Sequence[ClipResult], rivals: Sequence[str], shown: str
) -> int:
    """Pages of the worst frame of each clip, whole and where `shown` is most wrong; their count."""
    worst = [result for result in results if result.worst]
    pages = range(0, len(worst), CLIPS_A_PAGE)
    for number, start in enumerate(pages):
        rows = [_rows(result, rivals, shown) for result in worst[start : start + CLIPS_A_PAGE]]
        page = path if not number else path.with_stem(f"{path.stem}-{number + 1}")
        write_png(page, np.vstack(rows))
    return len(pages)


def _rows(result: ClipResult, rivals: Sequence[str], shown: str) -> Array:
    worst = result.worst
    assert worst
    label = f"{result.clip} x{result.factor} frame {worst.frame}"
    frames = {label: worst.truth, **{name: worst.made[name] for name in rivals}}
    window = _most_wrong(worst.made[shown], worst.truth)
    whole = np.hstack([tile(frame, name) for name, frame in frames.items()])
    return np.vstack([whole, np.hstack([tile(frame[window], "") for frame in frames.values()])])


def _most_wrong(made: Array, truth: Array) -> tuple[slice, slice]:
    height, width = truth.shape[:2]
    high, wide = max(8, round(height * ZOOM_SHARE)), max(8, round(width * ZOOM_SHARE))
    error = cv2.absdiff(made, truth).astype(np.float32).mean(-1) ** 2
    around = cv2.blur(error, (wide, high), borderType=cv2.BORDER_CONSTANT)
    row, column = np.unravel_index(int(around.argmax()), around.shape)
    top = min(max(0, int(row) - high // 2), height - high)
    left = min(max(0, int(column) - wide // 2), width - wide)
    return np.s_[top : top + high], np.s_[left : left + wide]


def tile(frame: Array, text: str) -> Array:
    """A frame fitted into a tile with its label."""
    whole = np.zeros((TILE_HEIGHT + LABEL_HEIGHT, TILE_WIDTH, 3), np.uint8)
    height, width = frame.shape[:2]
    scale = min(TILE_WIDTH / width, TILE_HEIGHT / height)
    size = (round(width * scale), round(height * scale))
    kind = cv2.INTER_AREA if scale < 1 else cv2.INTER_NEAREST
    whole[: size[1], : size[0]] = cv2.resize(np.ascontiguousarray(frame), size, interpolation=kind)
    at = (4, TILE_HEIGHT + 14)
    cv2.putText(whole, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.42, (255, 255, 255), 1, cv2.LINE_AA)
    return whole


def write_strips(path: Path, rows: Mapping[str, Sequence[Array]]) -> None:
    """Rows of frames, each with its label on the first."""
    strips = [
        np.hstack([tile(frame, name if not number else "") for number, frame in enumerate(frames)])
        for name, frames in rows.items()
    ]
    write_png(path, np.vstack(strips))
