from itertools import pairwise

import cv2
import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.models.motion import Motion
from longtake_engine.picture import Picture
from longtake_engine.testing.picture import (
    canvas_of,
    crossing,
    format_of,
    panning,
    psnr_db,
    textured,
)
from longtake_engine.work import Guidance

FORMAT = format_of("yuv420p", 160, 96)


def carried_on(pictures: list[Picture], count: int, *, head: bool = False) -> list[Picture]:
    """`count` pictures after (or before) the given ones, in time order."""
    wanted = range(-count, 0) if head else range(len(pictures), len(pictures) + count)
    made = Motion().complete(canvas_of(pictures, wanted), Guidance(), CancelToken())
    return [one.picture for one in made]


def shift_x(first: Picture, second: Picture) -> float:
    """How far the middle of the picture went to the right, in pixels."""
    inside = np.s_[16:-16, 24:-24]
    a, b = (p.luma[inside].astype(np.float32) for p in (first, second))
    window = cv2.createHanningWindow((a.shape[1], a.shape[0]), cv2.CV_32F)
    return cv2.phaseCorrelate(a, b, window)[0][0]


@pytest.mark.parametrize("step", [(2, 0), (-3, 1), (0, 2)])
def test_a_pan_goes_on(step):
    origin = (60, 0) if step[0] < 0 else (0, 0)
    clip = [textured(FORMAT, origin[0] + step[0] * n, origin[1] + step[1] * n) for n in range(20)]
    made = carried_on(clip[:14], 6)
    for n, least_gain in ((0, 10), (1, 8), (5, 4)):  # dB over showing the last frame again
        truth = clip[14 + n]
        assert psnr_db(made[n], truth) > psnr_db(clip[13], truth) + least_gain


def test_a_pan_goes_on_in_the_chroma_too():
    clip = panning(FORMAT, 16)
    made = carried_on(clip[:14], 2)
    for plane in (1, 2):
        assert psnr_db(made[0], clip[14], plane) > psnr_db(clip[13], clip[14], plane) + 4


def test_a_head_is_a_pan_that_came_from_somewhere():
    clip = panning(FORMAT, 20)
    made = carried_on(clip[6:], 6, head=True)
    assert psnr_db(made[-1], clip[5]) > psnr_db(clip[6], clip[5]) + 10
    assert psnr_db(made[0], clip[0]) > psnr_db(clip[6], clip[0]) + 4


def test_the_move_comes_to_rest_without_a_step():
    clip = panning(FORMAT, 14)
    made = carried_on(clip, 70)
    steps = [shift_x(a, b) for a, b in zip([clip[-1], *made], made, strict=False)]
    assert steps[0] == pytest.approx(-2, abs=0.35)
    speed = [np.mean(np.abs(steps[n : n + 10])) for n in range(0, 70, 10)]
    assert all(later < sooner + 0.1 for sooner, later in pairwise(speed))
    assert speed[-1] < 0.25 * speed[0]
    assert abs(sum(steps)) > 12  # it did go on


def test_a_still_clip_stays_still():
    made = carried_on([textured(FORMAT)] * 8, 12)
    still = textured(FORMAT)
    for picture in made:
        for plane, kept in zip(picture.planes, still.planes, strict=True):
            assert np.abs(plane.astype(int) - kept).max() <= 1


def test_grain_does_not_make_a_still_clip_swim():
    random = np.random.default_rng(3)
    clip = []
    for _ in range(10):
        planes = [p + random.normal(0, 1.5, p.shape) for p in textured(FORMAT).planes]
        clip.append(Picture(tuple(np.rint(p).astype(np.uint8) for p in planes), FORMAT))
    for picture in carried_on(clip, 24)[::6]:
        assert psnr_db(picture, textured(FORMAT)) > 36


def test_what_moves_goes_on_and_what_stands_stays():
    clip = crossing(FORMAT, 20)
    made = carried_on(clip[:14], 6)
    for n in range(3):
        box = np.s_[36:60, 16 + 2 * (14 + n) : 40 + 2 * (14 + n)]
        error, frozen = (
            np.abs(p.luma[box].astype(int) - clip[14 + n].luma[box]).mean()
            for p in (made[n], clip[13])
        )
        assert error < 0.75 * frozen
    above = np.s_[:20]
    for picture in made:
        assert np.abs(picture.luma[above].astype(int) - clip[0].luma[above]).mean() < 2


def test_borders_come_from_what_earlier_frames_saw():
    # Out to the right and half way back: what comes in at the left was seen on the way out.
    places = [*range(0, 34, 2), *range(30, 8, -2)]
    clip = [textured(FORMAT, x) for x in places]
    for n, picture in enumerate(carried_on(clip, 3), 1):
        strip = np.s_[:, : 2 * n]
        truth = textured(FORMAT, places[-1] - 2 * n).luma[strip].astype(int)
        mirrored = clip[-1].luma[:, 2 * n : 0 : -1].astype(int)
        error = np.abs(picture.luma[strip] - truth).mean()
        assert error < 0.65 * np.abs(mirrored - truth).mean()


def test_ten_bit_pictures_move_as_eight_bit_ones():
    deep = format_of("yuv420p10le", 160, 96)
    eight = carried_on(panning(FORMAT, 10), 3)
    ten = carried_on(panning(deep, 10), 3)
    for a, b in zip(eight, ten, strict=True):
        assert np.abs(b.luma / 4 - a.luma).mean() < 1.5
