"""A contact sheet: frames of several files, a row a file, each frame with its number under it."""

from collections.abc import Sequence

import cv2
import numpy as np

from longtake_engine.errors import BadInput
from longtake_engine.media.probe import probe
from longtake_engine.media.still import encode_png, to_rgb8
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.work import SheetRow

Array = np.ndarray

TILE_HEIGHT = 144
TEXT_HEIGHT = 22
GAP = 4
WHITE, GREY, MARK, BLACK = (255, 255, 255), (170, 170, 170), (255, 170, 0), (0, 0, 0)


def draw_sheet(rows: Sequence[SheetRow]) -> bytes:
    """A PNG of `rows`, from top to bottom.

    Raises:
        BadInput: A file holds no picture, or none of a frame that is asked for.
        MissingInput: A file is not there.
    """
    drawn = [_row(row) for row in rows]
    width = max(row.shape[1] for row in drawn)
    padded = [np.pad(row, ((0, GAP), (0, width - row.shape[1]), (0, 0))) for row in drawn]
    return encode_png(np.vstack(padded))


def _row(row: SheetRow) -> Array:
    tiles = []
    with VideoReader(probe(row.media_path)) as reader:
        for frame in row.frames:
            if not 0 <= frame < reader.frame_count:
                raise BadInput(
                    f"{row.media_path.name} has {reader.frame_count} frames and none of number"
                    f" {frame}; it is not the file that was made."
                )
            picture = next(iter(reader.frames(frame, frame + 1)))
            tiles.append(_tile(to_rgb8(picture, TILE_HEIGHT), frame))
    strip = np.hstack(tiles)
    color = MARK if row.marked else WHITE
    whole = np.vstack([text_line(strip.shape[1], row.label, color), strip])
    return cv2.copyMakeBorder(
        whole, GAP, GAP, GAP, GAP, cv2.BORDER_CONSTANT, value=MARK if row.marked else BLACK
    )


def _tile(image: Array, frame: int) -> Array:
    tile = np.vstack([image, text_line(image.shape[1], f"frame {frame}", GREY)])
    return cv2.copyMakeBorder(tile, 0, 0, 0, GAP, cv2.BORDER_CONSTANT, value=BLACK)


def text_line(width: int, text: str, color: tuple[int, int, int]) -> Array:
    """A black line `width` pixels wide with `text` on it, as H W 3 uint8."""
    line = np.zeros((TEXT_HEIGHT, width, 3), np.uint8)
    plain = text.encode("ascii", "replace").decode()  # all that OpenCV's letters hold
    return cv2.putText(line, plain, (6, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.45, color, 1, cv2.LINE_AA)
