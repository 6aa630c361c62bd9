"""Dissolves between real shots are found where they end, and none where there are none."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from longtake_engine.luma import luma8
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.tasks.dissolve import last_dissolve
from longtake_engine.tasks.glance import Glance
from longtake_engine.testing.picture import crossing, format_of, panning

RATE = 25.0
SIZE = (160, 90)
BEFORE, MIXED, AFTER = 20, 16, 12
FORMAT = format_of("yuv420p", *SIZE)

PAIRS = [
    ("cotracker_bear", "intel_bottle"),
    ("intel_bottle", "mdn_friday"),
    ("minimax_6", "pexels_tea"),
    ("sam2_01_dog", "pips2_camel"),
    ("trackanything_aquarium", "cotracker_bear"),
]
SHOTS = ["cotracker_bear", "sam2_bedroom", "vipe_dog", "pips2_camel", "tokenflow_woman_running"]


def lumas_of(footage: Path, name: str, count: int) -> list[np.ndarray]:
    (clip,) = sorted((footage / name).glob("*.mp4"))
    with VideoReader(probe(clip)) as reader:
        return [cv2.resize(luma8(p, 320), SIZE) for p in reader.frames(0, count)]


def glances(lumas: list[np.ndarray]) -> list[Glance]:
    return [Glance(luma, None) for luma in lumas]


def dissolve(first: list[np.ndarray], second: list[np.ndarray]) -> list[np.ndarray]:
    mixed = [
        cv2.addWeighted(first[BEFORE + n], 1 - share, second[n], share, 0)
        for n, share in enumerate(np.arange(1, MIXED + 1) / (MIXED + 1))
    ]
    return [*first[:BEFORE], *mixed, *second[MIXED : MIXED + AFTER]]


def test_two_shots_that_dissolve():
    first = [picture.luma for picture in crossing(FORMAT, 40)]
    second = [np.ascontiguousarray(luma[::-1, ::-1]) for luma in first]
    run = dissolve(first, second)
    assert abs(last_dissolve(glances(run), RATE) - BEFORE - MIXED) <= 2
    within = run[: BEFORE + MIXED - 4]
    assert last_dissolve(glances(within), RATE) >= len(within) - 1


@pytest.mark.parametrize("shot", [panning(FORMAT, 40, (4, 1)), crossing(FORMAT, 40)])
def test_what_moves_is_no_dissolve(shot):
    assert last_dissolve(glances([p.luma for p in shot]), RATE) == 0


@pytest.mark.footage
@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_real_shots_that_dissolve(footage, first, second):
    run = dissolve(lumas_of(footage, first, 40), lumas_of(footage, second, 40))
    end = BEFORE + MIXED
    assert end - 3 <= last_dissolve(glances(run), RATE) <= end + 6


@pytest.mark.footage
@pytest.mark.parametrize("name", SHOTS)
def test_real_shots_that_do_not(footage, name):
    assert last_dissolve(glances(lumas_of(footage, name, 50)), RATE) == 0
