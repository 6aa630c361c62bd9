"""On a real clip: much nearer to the truth than what is spread in from the hole's edge."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Known
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.removal import make_removals
from longtake_engine.picture import Picture
from longtake_engine.work import Guidance

FRAMES = 9


def psnr_db(made: np.ndarray, true: np.ndarray, hole: np.ndarray) -> float:
    error = float(((made[hole].astype(float) - true[hole]) ** 2).mean())
    return float(10 * np.log10(255**2 / max(error, 1e-6)))


@pytest.mark.footage
def test_a_hole_over_a_real_clip_is_filled_with_what_was_there(footage: Path):
    reader = VideoReader(probe(footage / "sttn_dogs_jump_240p" / "video.mp4"))
    truth = list(reader.frames(0, FRAMES))
    known, holes, spread = {}, [], []
    for number, picture in enumerate(truth):
        mask = np.zeros(picture.luma.shape, np.uint8)
        cv2.circle(mask, (290 + 12 * number, 172), 24, (1,), -1)
        hole = mask > 0
        halves = cv2.resize(mask, picture.planes[1].shape[::-1], interpolation=cv2.INTER_NEAREST)
        covered = cv2.dilate(halves, np.ones((3, 3), np.uint8)) > 0
        grey = (np.where(covered, np.uint8(128), plane) for plane in picture.planes[1:])
        shown = Picture((np.where(hole, np.uint8(128), picture.luma), *grey), picture.format)
        known[number] = Known(shown, np.where(hole, np.float32(0), np.float32(1)))
        holes.append(hole)
        spread.append(cv2.inpaint(shown.luma, mask, 3, cv2.INPAINT_TELEA))
    canvas = Canvas(truth[0].format, reader.rate, known, range(FRAMES))
    made = list(make_removals()[0].complete(canvas, Guidance(), CancelToken()))
    gains = [
        psnr_db(one.picture.luma, true.luma, hole) - psnr_db(rival, true.luma, hole)
        for one, true, hole, rival in zip(made, truth, holes, spread, strict=True)
    ]
    assert np.mean(gains) > 3, gains
