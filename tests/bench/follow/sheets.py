"""What is looked at: strips of frames with outlines."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from longtake_engine.media.still import write_png
from measure.sheet import tile
from shots import Shot

Array = np.ndarray
SHOWN, COLUMNS = 12, 4
TILE = (400, 225)  # width, height
TRUE, FOUND = (0, 255, 0), (255, 0, 0)


def write_strip(path: Path, shot: Shot, mattes: Sequence[Array], trust: Sequence[float]) -> None:
    """Twelve frames with the true outline in green and the found one in red."""
    numbers = np.linspace(0, len(shot.pictures) - 1, SHOWN).round().astype(int)
    pictures = shot.rgb()
    tiles = []
    for number in numbers:
        drawn = np.ascontiguousarray(pictures[number])
        for matte, colour in ((shot.mattes[number], TRUE), (mattes[number], FOUND)):
            way = cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
            outlines, _ = cv2.findContours(matte.astype(np.uint8), *way)
            cv2.drawContours(drawn, outlines, -1, colour, max(1, drawn.shape[1] // 400))
        tiles.append(tile(drawn, f"frame {number}, confidence {trust[number]:.2f}", TILE))
    rows = [np.hstack(tiles[at : at + COLUMNS]) for at in range(0, SHOWN, COLUMNS)]
    write_png(path, np.vstack(rows))
