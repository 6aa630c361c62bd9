"""Spots on the sensor are found where the scene moves behind them, and nowhere else."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from longtake_engine.luma import luma8
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.defect import Spots, SpotWatch
from longtake_engine.testing.picture import crossing, format_of, panning

FORMAT = format_of("gray", 320, 180)
BLACK = 16
SPOTS = ((80, 60, 0.3), (150, 140, 0.35), (230, 110, 0.3))  # x, y, share of the light


def through(size: tuple[int, int], spots: tuple[tuple[int, int, float], ...]) -> np.ndarray:
    """H W float32: the share of the light that dust on the sensor lets pass."""
    down, across = np.mgrid[: size[1], : size[0]]
    shares = np.ones(size[::-1], np.float32)
    for x, y, missing in spots:
        away = np.hypot(across - x, down - y) / (size[0] / 110)
        shares *= 1 - missing / (1 + np.exp(np.minimum(6 * (away - 1), 50)))
    return shares


def shaded(luma: np.ndarray, shares: np.ndarray) -> np.ndarray:
    return np.rint((luma.astype(np.float32) - BLACK) * shares + BLACK).astype(np.uint8)


def found(lumas: list[np.ndarray]) -> Spots:
    watch = SpotWatch()
    for luma in lumas:
        watch.see(luma)
    return watch.end()


def pan(step: tuple[int, int] = (4, 1), count: int = 36) -> list[np.ndarray]:
    return [luma8(picture) for picture in panning(FORMAT, count, step)]


def test_dust_on_the_sensor_is_found_where_the_scene_moves_behind_it():
    shares = through((320, 180), SPOTS)
    told = found([shaded(luma, shares) for luma in pan()])
    assert told.mask is not None
    assert all(told.mask[y, x] for x, y, _ in SPOTS)
    assert (told.mask[shares < 0.85] > 0).mean() > 0.95
    assert (told.mask[shares > 0.995] > 0).mean() < 0.01


def test_a_clean_scene_has_no_spot():
    told = found(pan())
    assert told.mask is None
    assert told.can_tell


def test_nothing_is_told_of_a_shot_that_stands_still():
    shares = through((320, 180), SPOTS)
    # Nor where a thing moves by itself: behind it the same comes again.
    for pictures in (panning(FORMAT, 24, (0, 0)), crossing(FORMAT, 36, 4, size=60)):
        told = found([shaded(luma8(picture), shares) for picture in pictures])
        assert told.mask is None
        assert not told.can_tell


def test_a_dead_pixel_is_found():
    lumas = pan((5, 0), 32)
    for luma in lumas:
        luma[91, 173] = 3
    told = found(lumas)
    assert told.mask is not None
    assert told.mask[91, 173]
    assert (told.mask > 0).sum() < 40


@pytest.mark.footage
def test_dust_on_the_sensor_is_told_from_a_real_scene(footage: Path):
    with VideoReader(probe(footage / "cotracker_bear" / "bear.mp4")) as reader:
        lumas = [luma8(picture) for picture in reader.frames(0, 40)]
    spots = ((560, 90, 0.3), (190, 160, 0.3), (680, 260, 0.3))
    shares = through((854, 480), spots)
    told = found([shaded(luma, shares) for luma in lumas])
    assert told.mask is not None
    assert sum(bool(told.mask[y, x]) for x, y, _ in spots) >= 2
    assert not told.mask[cv2.erode(shares, np.ones((9, 9))) > 0.995].any()
