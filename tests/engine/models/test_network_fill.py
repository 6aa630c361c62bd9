"""The fill network beside an even filling: without torch, at any size, and never reading a hole."""

from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from longtake_engine.errors import BadInput, MissingInput
from longtake_engine.models.synthesis import Synthesis, fill_still
from longtake_engine.models.synthesis.network_fill import SHY, correct
from longtake_engine.models.synthesis.network_input import Shown
from longtake_engine.models.synthesis.network_run import FillRun
from longtake_engine.models.synthesis.settle import settled
from longtake_engine.picture import Picture
from longtake_engine.testing.picture import format_of

if TYPE_CHECKING:
    import torch
else:
    torch = pytest.importorskip("torch")
pytest.importorskip("safetensors")
from longtake_engine.models.synthesis.network import FillNetwork
from longtake_engine.models.synthesis.network_weights import read_fill_network
from safetensors.torch import save_file

WIDTHS = (8, 8, 8)


def network(*, blank=False):
    torch.manual_seed(1)
    made = FillNetwork(WIDTHS)
    if not blank:
        torch.nn.init.normal_(made.leave.weight, 0, 0.1)
    return made


def run_of(made):
    return FillRun({name: value.numpy() for name, value in made.state_dict().items()})


def pictures(kind="yuv420p", size=(150, 91)):
    """A picture whose hole holds nonsense, one of random colours, and the hole."""
    format = format_of(kind, *size)
    random = np.random.default_rng(3)
    hole = np.zeros((size[1], size[0]), np.uint8)
    cv2.circle(hole, (70, 45), 24, (1,), -1)
    cv2.line(hole, (5, 5), (30, 12), (1,), 5)
    shapes = [format.plane_size(number) for number in range(format.plane_count)]
    noise = [random.integers(0, format.max_value + 1, s).astype(format.dtype) for s in shapes]
    other = [random.integers(0, format.max_value + 1, s).astype(format.dtype) for s in shapes]
    return Picture(tuple(noise), format), Picture(tuple(other), format), hole > 0


def test_without_torch_the_numbers_are_the_same():
    made = network()
    channels = np.random.default_rng(0).normal(0, 1, (10, 24, 40)).astype(np.float32)
    with torch.no_grad():
        wanted = made(torch.from_numpy(channels)[None])
    for one, other in zip(run_of(made).run(channels), wanted, strict=True):
        assert np.abs(one - other[0].numpy()).max() < 1e-4


def test_weights_are_read_from_a_file_and_others_are_refused(tmp_path):
    made, path = network(), tmp_path / "fill.safetensors"
    save_file({name: value.contiguous() for name, value in made.state_dict().items()}, path)
    channels = np.ones((10, 16, 16), np.float32)
    for one, other in zip(
        read_fill_network(path).run(channels), run_of(made).run(channels), strict=True
    ):
        assert (one == other).all()
    save_file({"enter.weight": torch.zeros(2, 2, 3, 3)}, path)
    with pytest.raises(BadInput, match="does not hold the weights of the fill network"):
        read_fill_network(path)
    with pytest.raises(MissingInput, match="give the path"):
        read_fill_network(tmp_path / "none")


def test_an_untrained_network_adds_nothing_at_all():
    picture, made, hole = pictures()
    found = correct(run_of(network(blank=True)), picture, made, hole, np.ones(hole.shape))
    assert all((plane == 0).all() for plane in found.planes)
    assert (found.error[hole] > 0).all() and (found.error[~hole] == 0).all()


@pytest.mark.parametrize("kind", ["yuv420p", "yuv422p10le", "gbrp", "gray"])
def test_all_kinds_of_pictures_whatever_lies_in_the_hole(kind):
    picture, made, hole = pictures(kind)
    share = np.full(hole.shape, 0.5, np.float32)
    found = correct(run_of(network()), picture, made, hole, share)
    blackened = pictures(kind)[0]
    for plane, added in zip(blackened.planes, found.planes, strict=True):
        assert added.shape == plane.shape and np.isfinite(added).all() and added.any()
        plane[added != 0] = 0
    again = correct(run_of(network()), blackened, made, hole, share)
    for one, other in zip(found.planes, again.planes, strict=True):
        assert (one == other).all()
    assert (found.planes[0][~hole] == 0).all()


def test_it_betters_the_even_filling_of_a_settled_picture_and_an_untrained_one_does_not():
    picture, _, hole = pictures()
    made = fill_still(picture, hole)
    trained, untrained = run_of(network()), run_of(network(blank=True))
    without, same, other = (
        settled(picture, made.picture, hole, made.source, one) for one in (None, untrained, trained)
    )
    for number, plane in enumerate(without.planes):
        assert (plane == same.planes[number]).all()
        assert (plane != other.planes[number]).any()
    assert (other.luma[~hole] == picture.luma[~hole]).all()


def test_where_nothing_moves_nothing_flickers():
    picture, _, hole = pictures("gray")
    synthesis = Synthesis(cautious=True, network=run_of(network()))
    still = np.zeros((*hole.shape, 2), np.float32)
    first = synthesis.fill(picture, hole)
    for _ in range(2):
        assert (synthesis.fill(picture, hole, still).luma == first.luma).all()


def test_what_it_adds_begins_softly_at_the_edge_of_a_large_hole():
    made = network(blank=True)
    assert made.leave.bias is not None
    torch.nn.init.ones_(made.leave.bias[:12])  # of the three colours, four pixels each
    picture, other, _ = pictures("gray")
    hole = np.zeros((91, 150), np.uint8)
    cv2.circle(hole, (75, 45), 40, (1,), -1)
    added = correct(run_of(made), picture, other, hole > 0, np.ones(hole.shape)).planes[0]
    away = cv2.distanceTransform(hole, cv2.DIST_L2, 3)
    inside = added[away > 6]
    assert np.ptp(inside) < 1e-3 * inside.max()
    assert added[(away > 0) & (away < 1.5)].mean() < 0.8 * inside.mean()


def test_what_is_small_against_the_error_still_expected_is_left_out():
    """Four times the error, as little of the correction as Wiener's filter takes."""
    picture, other, hole = pictures("gray")
    added = []
    for expected in (0.0, 4.0):
        made = network(blank=True)
        assert made.leave.bias is not None
        torch.nn.init.ones_(made.leave.bias[:12])
        torch.nn.init.constant_(made.leave.bias[12:16], expected)
        added.append(correct(run_of(made), picture, other, hole, np.ones(hole.shape)).planes[0])
    sure, unsure = (np.abs(one).max() for one in added)
    wanted = (1 / (1 + SHY * np.exp(4.0))) / (1 / (1 + SHY))
    assert unsure / sure == pytest.approx(wanted, rel=0.01)


def test_a_hole_over_everything_or_a_thin_one_is_left_alone():
    picture, made, hole = pictures("gray")
    whole, thin = np.ones_like(hole), np.zeros_like(hole)
    thin[10] = True
    for one in (whole, thin, np.zeros_like(hole)):
        found = correct(run_of(network()), picture, made, one, np.ones(hole.shape))
        assert (found.planes[0] == 0).all()


def test_what_it_is_shown_goes_not_by_brightness():
    random = np.random.default_rng(5)
    known = random.normal(100, 20, (32, 32, 3)).astype(np.float32)
    made = random.normal(100, 20, (32, 32, 3)).astype(np.float32)
    hole = np.zeros((32, 32), bool)
    hole[12:20, 12:20] = True
    share = np.ones((32, 32), np.float32)
    one = Shown.of(known, hole, made, share)
    other = Shown.of(known + 10, hole, made + 10, share)
    assert np.abs(one.channels - other.channels).max() < 1e-3
    assert other.scale == pytest.approx(one.scale, rel=1e-4)
