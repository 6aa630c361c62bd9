"""What is measured: the engine's backends, and what everybody has."""

from collections.abc import Callable, Iterator

import cv2
import numpy as np
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
from longtake_engine.models.border import make_borders
from longtake_engine.models.synthesis.sample import mask_of
from longtake_engine.picture import Picture
from longtake_engine.work import Guidance

Array = np.ndarray
BLUR = 0.04  # of the width: the blurred background behind a clip that does not fill the picture


def _replicate(known: Array, hidden: Array) -> Array:
    """The last known pixel of each line, on and on."""
    rows, columns = np.flatnonzero(~hidden.all(1)), np.flatnonzero(~hidden.all(0))
    inner = known[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    top, left = int(rows[0]), int(columns[0])
    below, right = known.shape[0] - top - inner.shape[0], known.shape[1] - left - inner.shape[1]
    return cv2.copyMakeBorder(inner, top, below, left, right, cv2.BORDER_REPLICATE)


def _blurred(known: Array, hidden: Array) -> Array:
    """The picture itself, enlarged and blurred."""
    rows, columns = np.flatnonzero(~hidden.all(1)), np.flatnonzero(~hidden.all(0))
    inner = known[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = known.shape
    scale = max(height / inner.shape[0], width / inner.shape[1])
    size = (round(inner.shape[1] * scale), round(inner.shape[0] * scale))
    large = cv2.resize(inner, size, interpolation=cv2.INTER_LINEAR)
    top, left = (large.shape[0] - height) // 2, (large.shape[1] - width) // 2
    cut = np.ascontiguousarray(large[top : top + height, left : left + width])
    return cv2.GaussianBlur(cut, (0, 0), BLUR * width)


def _telea(known: Array, hidden: Array) -> Array:
    """OpenCV's inpaint (Telea 2004)."""
    return cv2.inpaint(known, hidden.astype(np.uint8), 3, cv2.INPAINT_TELEA)


PLAIN: dict[str, Callable[[Array, Array], Array]] = {
    "replicate": _replicate,
    "blurred": _blurred,
    "telea": _telea,
}
NAMES = (*PLAIN, *(backend.info.name for backend in make_borders()))


def made(name: str, canvas: Canvas) -> Iterator[Completed]:
    """The frames of `canvas` with their borders made by one of `NAMES`."""
    if name not in PLAIN:
        backend = next(one for one in make_borders() if one.info.name == name)
        yield from backend.complete(canvas, Guidance(), CancelToken())
        return
    for frame in canvas.wanted:
        known = canvas.known[frame]
        assert known.mask is not None
        planes = []
        for number, plane in enumerate(known.picture.planes):
            hidden = mask_of(known.mask < 1, canvas.format, number)
            planes.append(np.where(hidden, PLAIN[name](plane, hidden), plane))
        yield Completed(frame, Picture(tuple(planes), canvas.format))
