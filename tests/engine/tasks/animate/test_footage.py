"""Parts of real pictures moved; skips where the shared clips are not."""

from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from longtake_engine.luma import luma8
from longtake_engine.picture import Picture
from longtake_engine.work import Box, BoxPath, Length, Stroke

pytestmark = pytest.mark.footage
WIDTH, HEIGHT = 428, 240


@pytest.fixture
def swan(footage: Path, tmp_path: Path) -> Path:
    """A black swan on dark water, before a wall and a hedge."""
    frame = cv2.imread(str(footage / "davis_blackswan_480p" / "frames" / "00000.jpg"))
    assert frame is not None
    small = cv2.resize(frame, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(tmp_path / "swan.png"), small)
    return tmp_path / "swan.png"


@pytest.fixture
def matte(footage: Path) -> np.ndarray:
    """Where the swan is, H W bool."""
    mask = cv2.imread(str(footage / "davis_blackswan_480p" / "masks" / "00000.png"), 0)
    assert mask is not None
    small = cv2.resize((mask > 0).astype(np.uint8), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return small > 0


def flow(first: Picture, second: Picture) -> np.ndarray:
    measure = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    before, after = (np.ascontiguousarray(luma8(picture)) for picture in (first, second))
    return measure.calc(before, after, np.empty(0, np.float32))


def test_water_flows_as_asked_and_loops(swan, matte, move, tmp_path):
    water = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.fillPoly(water, [np.array([(0, 140), (428, 75), (428, 240), (0, 240)])], (255,))
    beside = cv2.dilate(matte.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    water[beside] = 0
    cv2.imwrite(str(tmp_path / "water.png"), water)
    stroke = Stroke(tmp_path / "water.png", -24, 0)
    made = move(swan, [stroke], duration=Length(frames=36), loop=True).pictures()
    core = cv2.erode(water, np.ones((31, 31), np.uint8), borderValue=255) > 0
    ways = [np.median(flow(a, b)[core], axis=0) for a, b in pairwise(made[:30])]
    assert np.mean(ways, axis=0) == pytest.approx((-1, 0), abs=0.15)
    lumas = [luma8(picture)[core].astype(float) for picture in made]
    contrast = [luma.std() for luma in lumas]
    assert min(contrast) > 0.85 * contrast[0]
    steps = [np.abs(b - a).mean() for a, b in pairwise(lumas)]
    assert np.abs(lumas[0] - lumas[-1]).mean() < 1.25 * np.median(steps)
    for picture in made:
        assert np.array_equal(picture.luma[water == 0], made[0].luma[water == 0])


def test_the_swan_swims_on(swan, matte, move):
    path = BoxPath((Box(70, 35, 190, 160, 0), Box(150, 37, 190, 160, 8)))
    made = move(swan, (), [path], duration=Length(frames=9)).pictures()
    moved = np.roll(matte, (2, 80), (0, 1))
    shifted = np.roll(luma8(made[0]).astype(float), (2, 80), (0, 1))
    off = np.abs(luma8(made[8]) - shifted)[moved]
    assert np.mean(off < 8) > 0.85, "it is where its last box is"
    left = matte & ~cv2.dilate(moved.astype(np.uint8), np.ones((9, 9), np.uint8)).astype(bool)
    change = np.abs(luma8(made[8]).astype(float) - luma8(made[0]))[left & (luma8(made[0]) < 45)]
    assert np.median(change) > 12, "and no longer where it was"
