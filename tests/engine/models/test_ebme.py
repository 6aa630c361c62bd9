# torch is an extra, which need not be here:
# pyright: reportMissingImports=false

from pathlib import Path

import cv2
import numpy as np
import pytest
from longtake_engine.errors import BadInput
from longtake_engine.models.between import Between
from longtake_engine.models.between.preset import PRESETS
from longtake_engine.testing.picture import format_of, psnr_db, textured

pytest.importorskip("torch", reason="torch is not installed: pip install 'longtake[gpu]'")


@pytest.fixture(scope="module")
def weights() -> Path:
    for parent in Path(__file__).resolve().parents:
        path = parent / "shared" / "weights" / "ebme_biflow" / "ebme_bi-flownet.pkl"
        if path.is_file():
            return path
    pytest.skip("EBME's weights are not in shared/weights beside the repository")


@pytest.fixture(scope="module")
def flow(weights):
    from longtake_engine.models.between.ebme import EbmeFlow

    return EbmeFlow(weights, PRESETS["standard"])


def shifted(x: float, y: float, size: tuple[int, int]) -> np.ndarray:
    """A view of the painted world at `size` (width, height) whose content lies `x`, `y` further."""
    world = textured(format_of("gray", size[0] + 112, size[1] + 112)).luma
    move = np.array([[1, 0, x - 56], [0, 1, y - 56]], np.float32)
    return cv2.warpAffine(world, move, size, flags=cv2.INTER_CUBIC)


# Sizes that no pyramid divides are meant.
@pytest.mark.parametrize("size", [(256, 224), (301, 173)])
@pytest.mark.parametrize("shift", [(3.5, 1.2), (-11.3, 6.4), (24, -9.5), (38, 13.25)])
def test_a_shift_is_found_within_a_pixel(flow, shift, size):
    forward, backward = flow.between(shifted(0, 0, size), shifted(shift[0], shift[1], size))
    assert forward.shape == backward.shape == (size[1], size[0], 2)
    assert forward.dtype == np.float32
    inner = np.s_[44:-44, 44:-44]
    for field, truth in ((forward[inner], shift), (backward[inner], (-shift[0], -shift[1]))):
        assert np.linalg.norm(field - np.array(truth, np.float32), axis=2).mean() < 1


def test_between_takes_it_as_a_source(flow):
    shape = format_of("yuv420p", 320, 192)
    first, second = textured(shape, 20), textured(shape, 44)
    made = Between.measure(first, second, source=flow).at(0.5)
    assert psnr_db(made, textured(shape, 32), inset=30) > 30


def test_small_pictures_have_motion_too(flow):
    forward, _ = flow.between(shifted(0, 0, (9, 5)), shifted(1, 0, (9, 5)))
    assert forward.shape == (5, 9, 2)
    assert np.isfinite(forward).all()


def test_a_file_of_something_else_is_refused_by_name(tmp_path):
    import torch
    from longtake_engine.models.between.ebme import load

    other = tmp_path / "other.pkl"
    torch.save({"weight": torch.zeros(3)}, other)
    with pytest.raises(BadInput, match=r"other\.pkl does not hold"):
        load(other)
    with pytest.raises(BadInput, match="absent"):
        load(tmp_path / "absent.pkl")


def test_what_meets_is_averaged_and_what_is_left_is_empty():
    import torch
    from longtake_engine.models.between.ebme import splatted

    image = torch.tensor([[[[2.0, 4.0, 6.0, 8.0]]]])
    flow = torch.zeros(1, 2, 1, 4)
    flow[0, 0, 0] = torch.tensor([1.0, 0.0, 0.5, 9.0])
    assert splatted(image, flow)[0, 0, 0].tolist() == [0, 3, 6, 6]
