"""A contact sheet: the frames on both sides of each join, one row a join."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from longtake_engine.media.probe import probe
from longtake_engine.media.sheet import text_line
from longtake_engine.media.still import to_rgb8, write_png
from longtake_engine.media.video_reader import VideoReader

BEFORE, AFTER = (-12, -3, -1), (0, 2, 5, 11)  # frames shown, counted from the first after the join
TILE_HEIGHT = 180
GAP = 4


def write_sheet(video: Path, png: Path, joins: Sequence[int]) -> None:
    """Write a PNG of the frames of `video` around each join (the first frame after it).

    Raises:
        EngineError: The video cannot be read or the sheet not be written.
    """
    info = probe(video)
    with VideoReader(info) as reader:
        rows = [_row(reader, join) for join in joins]
    width = max(row.shape[1] for row in rows)
    padded = [np.pad(row, ((0, GAP), (0, width - row.shape[1]), (0, 0))) for row in rows]
    write_png(png, np.vstack(padded))


def _row(reader: VideoReader, join: int) -> np.ndarray:
    tiles = []
    for offset in (*BEFORE, *AFTER):
        frame = min(max(join + offset, 0), reader.frame_count - 1)
        picture = next(iter(reader.frames(frame, frame + 1)))
        tiles.append(_tile(to_rgb8(picture, TILE_HEIGHT), frame, joined=offset == 0))
    return np.hstack(tiles)


def _tile(image: np.ndarray, frame: int, *, joined: bool) -> np.ndarray:
    """A picture with its number under it, a bright edge before the first after a join."""
    text = f"frame {frame}" + (" | join" if joined else "")
    tile = np.vstack([image, text_line(image.shape[1], text, (255, 255, 255))])
    color = (255, 170, 0) if joined else (0, 0, 0)
    return cv2.copyMakeBorder(tile, 0, 0, GAP, 0, cv2.BORDER_CONSTANT, value=color)
