from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    import torch
else:
    torch = pytest.importorskip("torch")
pytest.importorskip("safetensors")
from longtake_engine.models.between.network.estimation import EstimationSettings
from longtake_engine.models.between.network.refinement import RefinementSettings
from longtake_engine.training.__main__ import main
from longtake_engine.training.loop import begin, one_step
from longtake_engine.training.motion import (
    SPANS,
    TIMES,
    MotionTask,
    motion_training,
    squared_error,
    turned,
)
from longtake_engine.training.pool import Chunk
from longtake_engine.training.scenes import SceneSettings, draw
from longtake_engine.training.settings import TrainingSettings

TASK = MotionTask(RefinementSettings(width=4, depth=1), core=12, margin=6, side=28)
SETTINGS = TrainingSettings(batch=6, bf16=False, warm_up_steps=1, learning_rate=0.01)


@pytest.fixture(scope="module")
def examples():
    torch.set_num_threads(1)
    scenes = SceneSettings(speed=5, still_share=0, noise_share=0)
    drawn = draw(1, 2, TIMES, size=TASK.scene_size, settings=scenes)
    with torch.no_grad():
        return TASK.prepare(TASK.shown(drawn), torch.Generator().manual_seed(0))


def test_each_scene_and_span_is_an_example(examples):
    assert {len(part) for part in examples.values()} == {2 * len(SPANS)}
    assert examples["fields"].shape[1:] == (32, 12, 12)
    assert examples["wanted"].shape[2:] == (36, 36)
    assert examples["ends"].shape[2:] == (72, 72)


def test_what_is_drawn_on_a_device_stays_there_until_it_is_shown(tmp_path):
    chunk = Chunk(TASK, replace(SETTINGS, chunk=1), tmp_path, "training", 0)
    expected = chunk.shown()
    with torch.device("meta"):  # where whatever does not say its device would have no values
        found = chunk.shown()
    assert found.keys() == expected.keys()
    assert all(np.array_equal(part, expected[name]) for name, part in found.items())
    assert {part.dtype for part in found.values()} == {np.dtype("uint8"), np.dtype("float16")}


def test_before_it_has_learnt_the_network_gains_and_loses_nothing(examples):
    found = TASK.validate(TASK.build(), examples)
    assert found["gain_db"] == found["worst_tenth_db"] == 0
    losses = TASK.loss(TASK.build(), examples, 0)
    assert float(losses["error"].detach()) == pytest.approx(0, abs=1e-6)
    assert float(losses["worse"].detach()) == pytest.approx(0, abs=1e-6)


def test_it_learns_what_it_is_shown(examples):
    state = begin(TASK, SETTINGS)
    for _ in range(15):
        one_step(TASK, state, examples, SETTINGS)
    assert TASK.validate(state.network, examples)["gain_db"] > 0.01


def test_a_network_that_finds_motion_itself_learns_that_too(examples):
    estimation = EstimationSettings(features=4, width=8, memory=2, most_levels=2)
    task = replace(TASK, network=replace(TASK.network, estimation=estimation))
    assert task.validate(task.build(), examples)["gain_db"] == 0
    state = begin(task, SETTINGS)
    found = [one_step(task, state, examples, SETTINGS) for _ in range(3)]
    assert {"estimate", "estimated motion"} <= set(found[0])
    for name in ("estimation.out.weight", "estimation.told.0.weight"):
        learnt = state.network.get_parameter(name).detach()
        assert not torch.equal(learnt, begin(task, SETTINGS).network.get_parameter(name)), name
    taken = state.network.get_parameter("out.weight").detach()[-3:]
    assert float(taken.abs().max()) > 0


def test_mirrored_and_run_backwards_the_classical_picture_is_as_good(examples):
    still = torch.zeros(2 * len(SPANS), 5, 12, 12)
    expected = squared_error(TASK._made(examples, still), examples)
    for seed in range(8):  # all of the eight ways among them
        other = turned(examples, torch.Generator().manual_seed(seed))
        found = squared_error(TASK._made(other, still), other)
        assert torch.allclose(found, expected, rtol=1e-3)


def test_true_motion_leads_to_the_same_point(examples):
    """Along the true motion both ends show what is wanted, where they show it at all."""
    told = examples["true"][:, 4:].amin((1, 2, 3)) > 0
    off = examples["fields"][:, 28:32].float() - examples["true"][:, :4].float()
    if bool(told.any()):
        assert off[told].abs().median() < 1


def test_the_large_network_keeps_within_its_bounds():
    task, settings = motion_training("full")
    assert sum(part.numel() for part in task.build().parameters()) <= 3_000_000
    assert settings.device == "cuda"
    small, _ = motion_training("small")
    assert sum(part.numel() for part in small.build().parameters()) <= 500_000


def test_the_command_trains_in_slices(tmp_path, monkeypatch, capsys):
    def tiny(size):
        return TASK, replace(SETTINGS, chunk=1, first_chunks=1, batch=2, validation_chunks=1)

    monkeypatch.setattr("longtake_engine.training.tasks.motion_training", tiny)
    out = str(tmp_path)
    assert main(["motion", "--out", out, "--steps", "2", "--minutes", "0"]) == 0
    assert main(["motion", "--out", out, "--resume"]) == 0
    assert "validation 2" in capsys.readouterr().out
    assert main(["weights", "--out", out]) == 0
    assert (tmp_path / "weights.safetensors").is_file()
