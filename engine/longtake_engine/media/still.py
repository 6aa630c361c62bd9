"""Single pictures for people: previews and contact sheets."""

from pathlib import Path
from typing import cast

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation

from longtake_engine.errors import NotPossible
from longtake_engine.media.convert import gray_as_yuv, matrix_of, range_of
from longtake_engine.media.pixel import pack
from longtake_engine.picture import Picture

_JPEG_QUALITY = 80


def to_rgb8(picture: Picture, height: int | None = None) -> np.ndarray:
    """The picture as H W 3 uint8, red first, shrunk or grown to `height` where one is given.

    The transfer curve stays as it is: PQ and HLG pictures look flat.
    """
    if picture.format.family == "gray":
        picture = gray_as_yuv(picture)
    format = picture.format
    rows = height or format.height
    columns = max(round(format.width * rows / format.height), 1)
    frame = pack(picture)
    if format.family == "rgb":
        frame.color_range = 2
    else:
        frame.colorspace = matrix_of(format)
        frame.color_range = range_of(format)
    kind = Interpolation.AREA if rows < format.height else Interpolation.BICUBIC
    rgb = frame.reformat(
        width=columns,
        height=rows,
        format="rgb24",
        dst_color_range=2,
        interpolation=kind | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT,
        threads=1,
    )
    return _rgb_array(rgb)


def _rgb_array(frame: VideoFrame) -> np.ndarray:
    plane = frame.planes[0]
    # A frame's plane is a buffer, though PyAV's types do not say so.
    rows = np.frombuffer(cast(bytes, plane), np.uint8).reshape(frame.height, plane.line_size)
    return rows[:, : frame.width * 3].reshape(frame.height, frame.width, 3).copy()


def encode_jpeg(picture: Picture, max_width: int = 320) -> bytes:
    """A small JPEG file of the picture, at most `max_width` pixels wide."""
    format = picture.format
    scale = min(max_width / format.width, 1.0)
    rgb = to_rgb8(picture, max(round(format.height * scale), 1))
    done, data = cv2.imencode(".jpg", rgb[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    assert done
    return data.tobytes()


def encode_png(rgb: np.ndarray) -> bytes:
    """A PNG file of H W 3 uint8, red first."""
    done, data = cv2.imencode(".png", rgb[:, :, ::-1])
    assert done
    return data.tobytes()


def write_png(path: Path, rgb: np.ndarray) -> None:
    """Write H W 3 uint8, red first, as a PNG file.

    Raises:
        NotPossible: The file cannot be written there.
    """
    try:
        path.write_bytes(encode_png(rgb))
    except OSError as error:
        raise NotPossible(f"{path} cannot be written: {error.strerror}.") from error
