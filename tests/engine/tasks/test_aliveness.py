"""How alive made frames are: as much, in the same places, without a jump."""

import cv2
import numpy as np
import pytest
from longtake_engine.picture import Picture
from longtake_engine.tasks.aliveness import BEST, measure_aliveness, measure_promise
from longtake_engine.testing.picture import format_of, panning, textured

FORMAT = format_of("yuv420p", 160, 96)


def rippling(count: int, *, period: int = 8, strength: float = 12.0) -> list[Picture]:
    """A still texture whose left half ripples."""
    base = textured(FORMAT)
    x = np.arange(FORMAT.width, dtype=np.float32)
    pictures = []
    for frame in range(count):
        wave = strength * np.sin(x / 5 + 2 * np.pi * frame / period) * (x < FORMAT.width / 2)
        luma = np.clip(base.luma + wave, 0, 255).astype(np.uint8)
        pictures.append(Picture((luma, *base.planes[1:]), FORMAT))
    return pictures


CLIP = rippling(52)
SHOWN, HIDDEN = CLIP[:40], CLIP[40:]


def test_what_goes_on_as_it_was_lives():
    assert measure_aliveness(CLIP[32:44], HIDDEN, SHOWN) == pytest.approx(BEST, abs=0.05)


def test_a_still_does_not_live():
    assert measure_aliveness([SHOWN[-1]] * 12, HIDDEN, SHOWN) == 0


def test_life_in_another_place_counts_for_nothing():
    elsewhere = [
        Picture((np.ascontiguousarray(p.luma[:, ::-1]), *p.planes[1:]), FORMAT) for p in HIDDEN
    ]
    assert measure_aliveness(elsewhere, HIDDEN, SHOWN) < 0.1


def test_a_jump_counts_against_it():
    jumping = list(CLIP[32:44])
    jumping[6] = Picture((255 - jumping[6].luma, *jumping[6].planes[1:]), FORMAT)
    assert measure_aliveness(jumping, HIDDEN, SHOWN) == 0


def test_what_was_never_done_before_cannot_be_kept_alive():
    hidden = []
    for number, picture in enumerate(HIDDEN):
        luma = picture.luma.copy()
        cv2.rectangle(luma, (4 * number, 20), (4 * number + 40, 70), 255 * (number % 2), -1)
        hidden.append(Picture((luma, *picture.planes[1:]), FORMAT))
    assert measure_promise(hidden, SHOWN) == 0
    assert measure_promise(HIDDEN, SHOWN) > 0.5


def test_a_moving_camera_cannot_be_gone_on_with():
    pan = panning(FORMAT, 52)
    assert measure_promise(pan[40:], pan[:40]) == 0


def test_nothing_lives_where_nothing_moved():
    still = [textured(FORMAT)] * 52
    assert measure_promise(still[40:], still[:40]) == 0
