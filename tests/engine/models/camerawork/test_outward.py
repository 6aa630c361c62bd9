import numpy as np
import pytest
from longtake_engine.models.camerawork.outward import grow_outward

HEIGHT, WIDTH, UNSEEN = 120, 200, 24


def stripes(slope: float) -> np.ndarray:
    """A slanted line pattern that goes on alike everywhere, H W uint8."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    return (128 + 90 * np.sin((x + slope * y) * 2 * np.pi / 20)).astype(np.uint8)


def mirrored(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The picture with its right border mirrored over what is unseen, and the mask of the rest."""
    seen = np.full(picture.shape, 255, np.uint8)
    seen[:, -UNSEEN:] = 0
    mirror = picture.copy()
    mirror[:, -UNSEEN:] = picture[:, -2 * UNSEEN - 1 : -UNSEEN - 1][:, ::-1]
    return mirror, seen


def turned(image: np.ndarray, side: str) -> np.ndarray:
    """`image` with its right side where `side` is; twice it is as it was."""
    match side:
        case "left":
            return np.ascontiguousarray(image[:, ::-1])
        case "bottom":
            return np.ascontiguousarray(image.T)
        case "top":
            return np.ascontiguousarray(image[::-1, ::-1].T)
        case _:
            return image.copy()


@pytest.mark.parametrize("side", ["right", "left", "bottom", "top"])
def test_slanted_lines_go_on_slanted(side):
    truth = stripes(0.6)
    start, seen = mirrored(truth)
    plane = turned(start, side)
    grow_outward([plane], turned(seen, side), 255)
    made = turned(plane, side)
    assert np.array_equal(made[:, :-UNSEEN], truth[:, :-UNSEEN])  # what was seen stays
    outer = np.s_[25:-25, -UNSEEN // 2 :]
    error = np.abs(made[outer].astype(int) - truth[outer]).mean()
    assert error < 0.5 * np.abs(start[outer].astype(int) - truth[outer]).mean()


def test_what_nothing_near_goes_on_from_stays_mirrored():
    random = np.random.default_rng(0)
    picture = random.integers(0, 256, (HEIGHT, WIDTH)).astype(np.uint8)
    picture = np.repeat(np.repeat(picture[::12, ::12], 12, 0), 12, 1)[:HEIGHT, :WIDTH]
    start, seen = mirrored(picture)
    plane = start.copy()
    grow_outward([plane], seen, 255)
    assert np.array_equal(plane, start)


def test_where_all_is_seen_nothing_is_made_up():
    plane = stripes(1)
    grow_outward([plane], np.full(plane.shape, 255, np.uint8), 255)
    assert np.array_equal(plane, stripes(1))


def test_chroma_goes_along():
    truth = stripes(0.6)
    start, seen = mirrored(truth)
    chroma = start[::2, ::2].copy()
    grow_outward([start, chroma], seen, 255)
    outer = np.s_[15:-15, -UNSEEN // 4 :]
    error = np.abs(chroma[outer].astype(int) - truth[::2, ::2][outer]).mean()
    before = np.abs(mirrored(truth)[0][::2, ::2][outer].astype(int) - truth[::2, ::2][outer])
    assert error < 0.5 * before.mean()
