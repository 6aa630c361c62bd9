"""Defects are found by themselves, and a clean clip has none."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.defect import Standing, find_dust, find_logo
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


def ink(text: str, place: tuple[int, int], thick: int = 2) -> np.ndarray:
    """H W float32, 0 to 1: how far writing covers each pixel."""
    image = np.zeros(SIZE[::-1], np.uint8)
    cv2.putText(image, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.7, (255,), thick, cv2.LINE_AA)
    return image.astype(np.float32) / 255


def overlaid(picture: Picture, cover: np.ndarray, level: float = 240) -> Picture:
    """`picture` with `level` on its luma as far as `cover` (H W, 0 to 1) says."""
    luma = np.rint(picture.luma * (1 - cover) + level * cover).astype(picture.luma.dtype)
    return Picture((luma, *picture.planes[1:]), picture.format)


def standing(pictures: list[Picture]) -> tuple[Standing, ...]:
    return find_logo(dict(enumerate(pictures)), range(len(pictures)))


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_a_logo_is_found_where_the_scene_moves_under_it(share):
    cover = ink("LONGTAKE", (150, 40))
    pictures = [overlaid(one, share * cover) for one in panning(FORMAT, 48, (6, 1))]
    (found,) = standing(pictures)
    assert found.frames == range(48)
    assert found.matte[cover > 0.2].mean() > 0.97
    assert found.matte.mean() < 0.12


def test_scenery_is_no_logo():
    assert not standing(panning(FORMAT, 48, (6, 1)))
    assert not standing(panning(FORMAT, 48, (0, 0)))


def test_a_title_is_found_for_as_long_as_it_is_shown():
    cover = ink("SOMEWHERE ELSE", (60, 160))
    pictures = panning(FORMAT, 70, (1, 0))
    for number in range(18, 50):
        pictures[number] = overlaid(pictures[number], cover)
    (found,) = standing(pictures)
    assert 12 <= found.frames.start <= 18
    assert 50 <= found.frames.stop <= 56
    assert found.matte[cover > 0.2].mean() > 0.95


def test_a_title_that_is_there_from_the_start_is_found_as_it_goes():
    cover = ink("ONCE UPON A TIME", (40, 160))
    pictures = [
        overlaid(one, cover) if number < 30 else one
        for number, one in enumerate(panning(FORMAT, 45, (0, 0)))
    ]
    (found,) = standing(pictures)
    assert found.frames.start == 0
    assert 30 <= found.frames.stop <= 36
    assert found.matte[cover > 0.2].mean() > 0.95


@pytest.mark.footage
def test_a_logo_is_told_from_a_real_scene(footage: Path):
    with VideoReader(probe(footage / "cotracker_bear" / "bear.mp4")) as reader:
        pictures = list(reader.frames(0, 80))
    assert not standing(pictures)
    cover = np.zeros(pictures[0].luma.shape, np.uint8)
    cv2.putText(cover, "TV24", (700, 60), cv2.FONT_HERSHEY_DUPLEX, 1.2, (255,), 2, cv2.LINE_AA)
    share = cover.astype(np.float32) / 255 * 0.6
    (found,) = standing([overlaid(one, share) for one in pictures])
    assert found.matte[cover > 100].mean() > 0.95
    assert found.matte.mean() < 0.02
