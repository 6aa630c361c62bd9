"""Reference pictures, read and brought to a size that models work on."""

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np

from longtake_engine.errors import BadInput, MissingInput

LARGEST = 1280  # pixels of the longer side: no model here looks at more
WHITE = 1.0  # what lies behind a transparent picture, as models were trained


def read_references(paths: Iterable[Path]) -> tuple[np.ndarray, ...]:
    """Each picture as H W 3 float32, R'G'B' 0 to 1, upright, its longer side at most `LARGEST`.

    Raises:
        MissingInput: One is not there.
        BadInput: One is no picture.
    """
    return tuple(_read(path) for path in paths)


def _read(path: Path) -> np.ndarray:
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        raise MissingInput(
            f"The reference picture {path} cannot be read ({error.strerror}); name one that is"
            " there."
        ) from error
    picture = cv2.imdecode(data, cv2.IMREAD_UNCHANGED) if data.size else None
    if picture is None:
        raise BadInput(f"{path} is no picture that can be read; give a PNG, JPEG or TIFF file.")
    if picture.ndim == 2 or picture.shape[2] == 3:
        # Read once more: this way the camera's note of which side is up is heeded.
        picture = cv2.imdecode(data, cv2.IMREAD_COLOR | cv2.IMREAD_ANYDEPTH)
        assert picture is not None  # it was a picture just now
    top = {np.uint8: 255.0, np.uint16: 65535.0}.get(picture.dtype.type, 1.0)
    values = picture.astype(np.float32) / top
    if values.shape[2] == 4:
        alpha = values[..., 3:]
        values = values[..., :3] * alpha + WHITE * (1 - alpha)
    shrink = LARGEST / max(values.shape[:2])
    if shrink < 1:
        size = (max(1, round(values.shape[1] * shrink)), max(1, round(values.shape[0] * shrink)))
        values = cv2.resize(values, size, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(np.clip(values[..., ::-1], 0, 1))
