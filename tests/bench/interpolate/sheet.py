"""Sheets of the frames that came out worst."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from longtake_engine.media.still import write_png
from measure.sheet import tile
from quality import ClipResult, Worst

Array = np.ndarray
CLIPS_A_PAGE = 4
STRIP = 5  # frames side by side
BRIGHTER = 4  # times that errors are shown
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


def write_lowest(
    path: Path, results: Sequence[ClipResult], without: str, shown: str, count: int
) -> None:
    """The frames of all clips at which `shown` is lowest in one picture: in each column the truth,
    both rivals and their errors."""
    found = [(worst.psnr_db[shown], result, worst) for result in results for worst in result.lowest]
    chosen = sorted(found, key=lambda one: one[0])[:count]
    columns = [_column(result, worst, without, shown) for _, result, worst in chosen]
    columns += [np.zeros_like(columns[0])] * (-len(columns) % STRIP)
    strips = [np.hstack(columns[n : n + STRIP]) for n in range(0, len(columns), STRIP)]
    write_png(path, np.vstack(strips))


def _column(result: ClipResult, worst: Worst, without: str, shown: str) -> Array:
    tiles = [tile(worst.truth, f"{result.clip} x{result.factor} frame {worst.frame}")]
    rivals = {name: worst.made[name] for name in (without, shown)}
    for name, frame in rivals.items():
        tiles.append(tile(frame, f"{name}: {worst.psnr_db[name]:.2f} dB"))
    for name, frame in rivals.items():
        error = np.minimum(cv2.absdiff(frame, worst.truth).astype(np.uint16) * BRIGHTER, 255)
        tiles.append(tile(error.astype(np.uint8), f"errors of {name}, times {BRIGHTER}"))
    return np.vstack(tiles)


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
