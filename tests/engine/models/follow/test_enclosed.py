import cv2
import numpy as np
import pytest
from longtake_engine.models.follow.enclosed import in_box
from longtake_engine.models.follow.moving import moving_odds

WIDTH, HEIGHT, RADIUS = 160, 120, 18
BOX = (52, 34, 112, 82)  # round the disc, not close


def speckled() -> np.ndarray:
    """Speckles that look alike everywhere, H W 3 uint8."""
    noise = np.random.default_rng(0).normal(size=(HEIGHT, WIDTH, 3)).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), 1.5)
    return np.clip(128 + 120 * soft, 0, 255).astype(np.uint8)


def look_with_a_disc(offset: int) -> tuple[np.ndarray, np.ndarray]:
    """A disc of the ground's own speckles, 4 pixels a frame to the right, before a camera that
    goes 2 pixels a frame; its matte."""
    ground = np.roll(speckled(), -2 * offset, axis=1)
    disc = np.roll(speckled(), (40, 4 * offset + 70), axis=(0, 1))
    matte = cv2.circle(np.zeros((HEIGHT, WIDTH), np.uint8), (80 + 4 * offset, 60), RADIUS, (1,), -1)
    return np.where(matte[..., None] > 0, disc, ground), matte > 0


def iou(found: np.ndarray, true: np.ndarray) -> float:
    return float(((found > 0.5) & true).sum() / ((found > 0.5) | true).sum())


def test_what_moves_against_the_camera_is_told_though_it_looks_as_its_ground():
    seen, true = look_with_a_disc(0)
    near = {offset: look_with_a_disc(offset)[0] for offset in (-6, -3, 3, 6)}
    left, top, right, bottom = BOX
    box = np.s_[top:bottom, left:right]
    odds, true_there = moving_odds(seen, near, BOX)[box], true[box]
    assert odds[true_there].mean() > 0.7
    assert odds[~true_there].mean() < -0.7
    assert iou(in_box(seen, BOX, near), true) > 0.7


@pytest.mark.parametrize("near", [{}, {3: 0}, {-12: 0, -6: 0}])
def test_where_nothing_moves_the_looks_tell(near):
    seen, true = look_with_a_disc(0)
    seen[true] = (seen[true] // 2 + np.array([0, 60, 0])).astype(np.uint8)
    same = {offset: seen for offset in near}
    assert iou(in_box(seen, BOX, same), true) > 0.9


def test_a_box_with_no_thing_in_it_is_not_told_to_hold_a_speck():
    rows, columns = np.mgrid[:72, :128]
    ground = 120 + 60 * np.sin(columns / 8 - 0.9) * np.sin(
        rows / 8
    )  # soft blobs, a box between two
    seen = np.repeat(ground[..., None], 3, axis=2).astype(np.uint8)
    seen[:18] = 40  # a plain band above
    found = in_box(seen, (40, 20, 64, 36))
    assert found[20:36, 40:64].mean() > 0.12
