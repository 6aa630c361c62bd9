"""Contact sheets: for each clip the last real frame, then made frames over the true ones."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from longtake_engine.media.still import write_png
from measure.sheet import tile
from quality import SHOWN, ClipResult

TILE = (384, 216)  # width, height
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
    made = [tile(result.last, f"{result.clip}, last real", TILE)]
    made += [tile(result.made.get(offset), f"+{offset} made ({by})", TILE) for offset in offsets]
    true = [tile(result.last, f"{result.clip}, last real", TILE)]
    true += [tile(result.truth[offset], f"+{offset} true", TILE) for offset in offsets]
    return np.vstack([np.hstack(made), np.hstack(true)])
