"""The fill network's training: what it draws, and that it learns from it."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    import torch
else:
    torch = pytest.importorskip("torch")
from longtake_engine.training.fill import TO_YUV, FillTraining
from longtake_engine.training.fill_holes import LEAST, MOST, draw_hole
from longtake_engine.training.fill_stills import SIDE, draw_still
from longtake_engine.training.scenes import draw


@pytest.fixture(scope="module")
def learnt_from():
    task = FillTraining(widths=(8, 8, 8))
    drawn = draw(1, 1, task.times(torch.Generator().manual_seed(1)), size=task.scene_size)
    return task, task.prepare(task.shown(drawn), torch.Generator().manual_seed(2))


def test_the_same_seed_draws_the_same_still_and_another_one_another():
    one, again, other = (draw_still(np.random.default_rng(seed)) for seed in (4, 4, 5))
    assert one.shape == (SIDE, SIDE, 3) and one.dtype == np.float32
    assert (one == again).all() and not np.allclose(one, other)
    assert one.min() >= 0 and one.max() <= 255 and one.std() > 1


def test_holes_leave_most_of_a_crop_known():
    for seed in range(20):
        share = draw_hole(np.random.default_rng(seed), 64).mean()
        assert LEAST < share < MOST


def test_grey_has_no_chroma():
    assert np.allclose(TO_YUV @ np.ones(3), [1, 0, 0], atol=1e-3)


def test_what_is_missing_of_an_even_filling_lies_in_the_hole(learnt_from):
    _, examples = learnt_from
    channels, rest = examples["channels"].float(), examples["rest"].float()
    assert channels.shape[2:] == (10, 64, 64) and rest.shape[2:] == (3, 64, 64)
    outside = (channels[:, :, 6:7] == 0).expand_as(rest)
    assert rest[outside].abs().max() == 0 and rest.abs().max() > 0.1


def test_an_untrained_network_is_as_good_as_an_even_filling(learnt_from):
    task, examples = learnt_from
    with torch.no_grad():
        figures = task.validate(task.build(), examples)
    assert figures["gain_db"] == 0


def test_a_few_steps_bring_the_error_down(learnt_from):
    task, examples = learnt_from
    torch.manual_seed(0)
    network = task.build()
    found = []
    for _ in range(4):
        losses = task.loss(network, examples, step=0)
        found.append(float(losses["ratio"].detach()))
        network.zero_grad()
        torch.stack(list(losses.values())).sum().backward()
        with torch.no_grad():  # plain descent: torch's optimizers take seconds to import
            for weights in network.parameters():
                if weights.grad is not None:
                    weights.sub_(weights.grad, alpha=0.02)
    assert found[0] == 0 and found[-1] < -0.001
