"""Spectrograms to look at for seams and repeats."""

from pathlib import Path

import cv2
import numpy as np
from longtake_engine.splice.sound.spectrum import decibel, spectra

WIDTH, HEIGHT = 1600, 300
LOWEST_HZ = 30.0
SHOWN_DB = (-115.0, -25.0)


def draw(sound: np.ndarray, rate: int, join_s: float, label: str) -> np.ndarray:
    """A picture of `sound`, C S: time to the right, pitch upwards, the join marked at both rims."""
    size = 1 << int(np.log2(0.06 * rate))
    hop = max(1, (sound.shape[1] - size) // WIDTH)
    level = decibel((np.abs(spectra(sound, size, hop)) ** 2).mean(axis=0)).T
    pitches = np.geomspace(LOWEST_HZ, rate / 2, HEIGHT)[::-1]
    rows = np.clip(pitches * size / rate, 0, len(level) - 1)
    low = np.floor(rows).astype(int)
    part = (rows - low)[:, None]
    shown = level[low] * (1 - part) + level[np.minimum(low + 1, len(level) - 1)] * part
    grey = np.clip((shown - SHOWN_DB[0]) / (SHOWN_DB[1] - SHOWN_DB[0]), 0, 1) * 255
    picture = cv2.resize(
        cv2.applyColorMap(grey.astype(np.uint8), cv2.COLORMAP_INFERNO), (WIDTH, HEIGHT)
    )
    at = int(join_s * rate / sound.shape[1] * WIDTH)
    for rim in (slice(0, 8), slice(-8, None)):
        picture[rim, at : at + 2] = 255
    cv2.putText(picture, label, (6, 22), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255, 255, 255), 1)
    return picture


def write_sheet(path: Path, pictures: list[np.ndarray]) -> None:
    """All of them, one below the other."""
    cv2.imwrite(str(path), np.concatenate(pictures))
