"""Defects are found by themselves, and a clean clip has none."""

from pathlib import Path

import numpy as np
import pytest
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.defect import find_dust
from longtake_engine.picture import Picture
from longtake_engine.testing.picture import crossing, format_of, panning

SIZE = (320, 180)
FORMAT = format_of("yuv420p", *SIZE)


def spoiled(picture: Picture, row: int, column: int, level: int, side: int = 5) -> Picture:
    """`picture` with a square of one level on its luma."""
    luma = picture.luma.copy()
    luma[row : row + side, column : column + side] = level
    return Picture((luma, *picture.planes[1:]), picture.format)


def mattes(pictures: list[Picture]) -> list[np.ndarray]:
    """Of every frame, bool."""
    known = dict(enumerate(pictures))
    nothing = np.zeros(pictures[0].luma.shape, bool)
    found = []
    for number, dusty in enumerate(find_dust(known, range(len(pictures)))):
        assert dusty.frame == number
        found.append(nothing if dusty.matte is None else dusty.matte > 0)
    return found


@pytest.mark.parametrize("step", [(0, 0), (2, 0), (5, 1)])
@pytest.mark.parametrize("level", [2, 250])
def test_a_spot_on_one_frame_is_found_there_only(step, level):
    pictures = panning(FORMAT, 5, step)
    pictures[2] = spoiled(pictures[2], 80, 140, level)
    found = mattes(pictures)
    assert found[2][80:85, 140:145].all()
    assert found[2].sum() < 200
    assert not any(found[n].any() for n in (0, 1, 3, 4))


def test_dust_deeper_than_eight_bits_is_found():
    deep = format_of("yuv422p10le", *SIZE)
    pictures = panning(deep, 3)
    pictures[1] = spoiled(pictures[1], 40, 60, 1010)
    assert mattes(pictures)[1][40:45, 60:65].all()


@pytest.mark.parametrize("step", [2, 6])
def test_a_thing_that_moves_is_no_dust(step):
    assert not any(matte.any() for matte in mattes(crossing(FORMAT, 6, step)))


def test_a_small_thing_that_flies_by_is_no_dust():
    still = panning(FORMAT, 6, (0, 0))
    flying = [spoiled(one, 90, 40 + 12 * n, 250) for n, one in enumerate(still)]
    assert not any(matte.any() for matte in mattes(flying)[1:-1])


def test_a_dead_pixel_is_found_on_every_frame():
    pictures = [spoiled(one, 91, 173, 3, side=1) for one in panning(FORMAT, 32, (5, 0))]
    assert all(matte[91, 173] for matte in mattes(pictures))
    assert not any(matte.any() for matte in mattes(panning(FORMAT, 32, (5, 0))))


@pytest.mark.footage
@pytest.mark.parametrize(
    "clip", ["sam2_bedroom/bedroom.mp4", "sam2_05_default_juggle/05_default_juggle.mp4"]
)
def test_dust_is_told_from_real_motion(footage: Path, clip):
    with VideoReader(probe(footage / clip)) as reader:
        pictures = list(reader.frames(10, 15))
    assert np.mean([matte.mean() for matte in mattes(pictures)]) < 2e-4
    pictures[2] = spoiled(pictures[2], 100, 300, 255)
    assert mattes(pictures)[2][100:105, 300:305].all()
