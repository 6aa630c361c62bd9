"""Contact sheets: for each clip the last real frame, then made frames over the true ones."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from longtake_engine.media.still import write_png
from quality import SHOWN, ClipResult

TILE_WIDTH, TILE_HEIGHT = 384, 216
LABEL_HEIGHT = 20
CLIPS_A_PAGE = 5


def write_sheets(path: Path, results: Sequence[ClipResult], rival: str) -> list[Path]:
    """Write pages of five clips each: PATH, PATH-2, ...; returns them."""
    pages = []
    for start in range(0, len(results), CLIPS_A_PAGE):
        number = start // CLIPS_A_PAGE
        page = path if not number else path.with_stem(f"{path.stem}-{number + 1}")
        rows = [_rows(result, rival) for result in results[start : start + CLIPS_A_PAGE]]
        write_png(page, np.vstack(rows))
        pages.append(page)
    return pages


def _rows(result: ClipResult, rival: str) -> np.ndarray:
    model = result.outcomes[rival].model
    by = f"{rival}: {model}" if model else rival
    offsets = [offset for offset in SHOWN if offset <= result.horizon]
    made = [tile(result.last, f"{result.clip}, last real")]
    made += [tile(result.made.get(offset), f"+{offset} made ({by})") for offset in offsets]
    true = [tile(result.last, f"{result.clip}, last real")]
    true += [tile(result.truth[offset], f"+{offset} true") for offset in offsets]
    return np.vstack([np.hstack(made), np.hstack(true)])


def tile(frame: np.ndarray | None, text: str) -> np.ndarray:
    """A frame fitted into a tile with its label; black where there is none."""
    whole = np.zeros((TILE_HEIGHT + LABEL_HEIGHT, TILE_WIDTH, 3), np.uint8)
    if frame is not None:
        height, width = frame.shape[:2]
        scale = min(TILE_WIDTH / width, TILE_HEIGHT / height)
        size = (round(width * scale), round(height * scale))
        kind = cv2.INTER_AREA if scale < 1 else cv2.INTER_NEAREST
        fitted = cv2.resize(np.ascontiguousarray(frame), size, interpolation=kind)
        left = (TILE_WIDTH - size[0]) // 2
        whole[: size[1], left : left + size[0]] = fitted
    white, at = (255, 255, 255), (4, TILE_HEIGHT + 14)
    cv2.putText(whole, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.42, white, 1, cv2.LINE_AA)
    return whole
