from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from longtake_engine.models.between import Between, Pair, make_between
from longtake_engine.models.between.network import CHANNELS
from longtake_engine.models.between.network.evidence import DIFFERENCE, LEFT, OTHERS, SAME, SHARE
from longtake_engine.models.between.network.refiner import changed
from longtake_engine.testing.picture import crossing, format_of, textured

if TYPE_CHECKING:
    import torch
else:
    torch = pytest.importorskip("torch")
pytest.importorskip("safetensors")
from longtake_engine.errors import BadInput, MissingInput
from longtake_engine.models.between.network.compiled import (
    SHIPPED,
    CompiledRefiner,
    shipped_refiner,
)
from longtake_engine.models.between.network.estimation import Estimation, EstimationSettings
from longtake_engine.models.between.network.learned import LearnedRefiner, load
from longtake_engine.models.between.network.refinement import (
    Refinement,
    RefinementSettings,
    reversed_in_time,
)
from longtake_engine.training.export import write_onnx
from safetensors.torch import save_file

FORMAT = format_of("yuv420p", 100, 66)  # fields of a size that the network's steps do not divide
TINY = RefinementSettings(width=4, depth=1)


@pytest.fixture(scope="module")
def between() -> Between:
    clip = crossing(FORMAT, 4)
    three = [Between.measure(a, b) for a, b in pairwise(clip)]
    return three[1].beside(three[0], three[2])


def moving_network() -> Refinement:
    """One that changes ways at random."""
    torch.manual_seed(1)
    network = Refinement(TINY)
    torch.nn.init.normal_(network.out.weight, std=0.5)
    torch.nn.init.normal_(network.out.bias, std=0.5)  # pyright: ignore
    return network


def test_a_network_that_has_learnt_nothing_returns_the_classical_result_bit_by_bit(between):
    refiner = LearnedRefiner(Refinement(TINY))
    plain, refined = between.make(0.5), between.make(0.5, refiner=refiner)
    for a, b in zip(plain.picture.planes, refined.picture.planes, strict=True):
        assert np.array_equal(a, b)
    way, evidence = refiner.refine(between.evidence(0.25)), between.evidence(0.25)
    assert np.array_equal(way.share, evidence.way.share)
    assert np.array_equal(way.to_first, evidence.way.to_first)


def test_where_the_ends_agree_or_show_the_same_nothing_is_changed(between):
    evidence = between.evidence(0.5)
    refiner = LearnedRefiner(moving_network())
    channels = evidence.channels.copy()
    channels[LEFT], channels[SAME] = 1.0, 0.0
    channels[SAME, :, :10], channels[LEFT, :, 20:] = 1.0, 0.0
    way = refiner.refine(replace(evidence, channels=channels))
    changed = np.abs(way.to_first - evidence.way.to_first).max(2)
    assert changed[:, :10].max() == 0
    assert changed[:, 20:].max() == 0
    assert changed[:, 12:18].min() > 0
    assert way.share.min() >= 0 and way.share.max() <= 1


def test_moved_in_time_only_where_the_neighbours_agree_and_never_far(between):
    evidence = between.evidence(0.5)
    channels = evidence.channels.copy()
    channels[OTHERS] = 0
    channels[OTHERS.start + 4] = 0.5
    channels[OTHERS.start + 6, :, :12] = -0.5  # evenly faster on the left
    channels[OTHERS.start + 6, :, 12:] = 0.5  # a jolt on the right
    told = replace(evidence, channels=channels)
    both = np.zeros((5, *channels.shape[1:]), np.float32)
    both[[0, 2]] = 0.1
    moved = changed(told, both).to_first - evidence.way.to_first
    assert np.allclose(moved[:, :9, 0], 0.07, atol=0.001)
    assert np.abs(moved[:, 15:]).max() < 0.01
    far = changed(told, 100 * both).to_second - evidence.way.to_second
    assert 0.1 < far.max() < 0.5
    apart = both.copy()
    apart[2] = -0.1  # against each other: another motion, not another moment
    ways = changed(told, apart)
    assert np.allclose((ways.to_first - evidence.way.to_first)[..., 0], 0.1, atol=0.001)
    assert np.allclose((ways.to_second - evidence.way.to_second)[..., 0], -0.1, atol=0.001)


def test_the_measurements_of_best_are_changed_alike(between):
    best = Between.measure(between.first, between.second, "best")
    refiner = LearnedRefiner(moving_network())
    refined = best.make(0.5, refiner=refiner).picture
    main = replace(best, others=()).make(0.5, refiner=refiner).picture
    assert not np.array_equal(refined.luma, best.make(0.5).picture.luma)
    assert not np.array_equal(refined.luma, main.luma)
    still = best.make(0.5, refiner=LearnedRefiner(Refinement(TINY))).picture
    for a, b in zip(still.planes, best.make(0.5).picture.planes, strict=True):
        assert np.array_equal(a, b)


def test_a_whole_clip_is_refined():
    clip = crossing(FORMAT, 4)
    pairs = [Pair(a, b, (0.5,), True) for a, b in zip(clip[::2], clip[2::2], strict=False)]
    refiner = LearnedRefiner(moving_network())
    made = list(make_between([replace(pair, refiner=refiner) for pair in pairs]))
    plain = list(make_between(pairs))
    assert len(made) == len(plain) == 1
    assert not np.array_equal(made[0][0].picture.luma, plain[0][0].picture.luma)


def test_evidence_is_of_both_ends_along_the_way():
    still = textured(FORMAT)
    channels = Between.measure(still, still).evidence(0.25).channels
    assert channels.shape[0] == CHANNELS
    assert np.abs(channels[DIFFERENCE]).max() == 0
    assert channels[SAME].min() == 1
    assert np.allclose(channels[SHARE], 0.25)


def test_run_backwards_the_evidence_is_that_of_the_other_way(between):
    back = replace(
        between,
        first=between.second,
        second=between.first,
        small=between.small[::-1],
        forward=between.backward,
        backward=between.forward,
        sure_forward=between.sure_backward,
        sure_backward=between.sure_forward,
        bends=between.bends[::-1],
        steady=between.steady[::-1],
    )
    expected = torch.from_numpy(between.evidence(0.25).channels)[None]
    found = torch.from_numpy(back.evidence(0.75).channels)[None]
    off = (reversed_in_time(found) - expected).abs().mean((0, 2, 3))
    assert off.max() < 0.01  # but for what stands still, which is told from the first picture
    assert (found - expected).abs().mean((0, 2, 3)).max() > 0.1


def test_an_estimation_learns_to_find_a_shift():
    torch.manual_seed(2)
    estimation = Estimation(EstimationSettings(features=6, width=12, memory=4, most_levels=2))
    optimizer = torch.optim.Adam(estimation.parameters(), 0.01)
    time = torch.full((4, 1, 1, 1), 0.5)
    errors = []
    for _ in range(40):
        ground = torch.nn.functional.avg_pool2d(torch.rand(4, 1, 26, 36), 3, 1)
        lumas = torch.cat((ground[..., 2:-2], ground[..., 4:]), 1)  # all has gone 2 to the left
        motion, _ = estimation(lumas, time)
        error = (motion[:, 0] - 1).abs().mean() + (motion[:, 2] + 1).abs().mean()
        optimizer.zero_grad()
        error.backward()
        optimizer.step()
        errors.append(float(error.detach()))
    assert errors[0] == pytest.approx(2, abs=0.01)
    assert errors[-1] < 1.5


def test_motion_of_its_own_is_found_for_any_size_and_begins_with_none(between, tmp_path):
    torch.manual_seed(1)
    network = Refinement(replace(TINY, estimation=EstimationSettings(3, 6, 2)))
    plain, refined = between.make(0.5), between.make(0.5, refiner=LearnedRefiner(network))
    assert np.array_equal(plain.picture.luma, refined.picture.luma)
    torch.nn.init.normal_(network.out.weight, std=0.5)
    torch.nn.init.normal_(network.get_parameter("estimation.out.weight"), std=0.5)
    save_file(network.state_dict(), tmp_path / "weights.safetensors")
    again = load(tmp_path / "weights.safetensors")
    evidence = between.evidence(0.5)
    ways = [LearnedRefiner(one).refine(evidence) for one in (network, again)]
    assert np.abs(ways[0].to_first - evidence.way.to_first).max() > 0.1
    # One network may round otherwise in its next run: torch sums in an order that depends on where
    # in memory the numbers lie.
    assert np.allclose(ways[0].to_first, ways[1].to_first, atol=1e-3)
    for name, weights in network.state_dict().items():
        assert torch.equal(weights, again.state_dict()[name])


def test_without_torch_the_same_network_runs_by_opencv(between, tmp_path):
    pytest.importorskip("onnx")
    weights, compiled = tmp_path / "weights.safetensors", tmp_path / "network.onnx"
    save_file(moving_network().state_dict(), weights)
    write_onnx(weights, compiled)
    evidence = between.evidence(0.25)
    expected = LearnedRefiner(load(weights)).refine(evidence)
    found = CompiledRefiner(compiled).refine(evidence)
    assert np.abs(expected.to_first - evidence.way.to_first).max() > 0.1
    for name in ("to_first", "to_second", "share"):
        assert np.allclose(getattr(found, name), getattr(expected, name), atol=1e-3)
    compiled.write_bytes(b"nothing")
    with pytest.raises(BadInput, match="no network"):
        CompiledRefiner(compiled)


def test_what_ships_runs_here_and_changes_little():
    refiner = shipped_refiner()
    if refiner is None:
        assert not SHIPPED.exists()
        pytest.skip("no network ships")
    clip = crossing(FORMAT, 4)
    three = [Between.measure(a, b) for a, b in pairwise(clip)]
    evidence = three[1].beside(three[0], three[2]).evidence(0.5)
    way = refiner.refine(evidence)
    assert np.abs(way.to_first - evidence.way.to_first).max() < 8


def test_weights_are_read_at_any_size_and_others_refused(tmp_path):
    network = moving_network()
    path = tmp_path / "weights.safetensors"
    save_file(network.state_dict(), path)
    again = load(path).state_dict()
    assert all(torch.equal(part, again[name]) for name, part in network.state_dict().items())
    with pytest.raises(MissingInput):
        load(tmp_path / "none.safetensors")
    save_file({"other": torch.zeros(1)}, path)
    with pytest.raises(BadInput, match="does not hold"):
        load(path)
    path.write_bytes(b"nothing")
    with pytest.raises(BadInput):
        load(path)
