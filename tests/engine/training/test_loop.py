import json
import pickle
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import get_ident
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import torch
else:
    torch = pytest.importorskip("torch")
pytest.importorskip("safetensors")
from longtake_engine.errors import BadInput, MissingInput
from longtake_engine.training.__main__ import main
from longtake_engine.training.checkpoint import NAME, read_told
from longtake_engine.training.log import Log
from longtake_engine.training.loop import POOL, State, rate_at, train, validated
from longtake_engine.training.pool import AHEAD, Chunk, Pool
from longtake_engine.training.scenes import Drawn, SceneSettings
from longtake_engine.training.settings import TrainingSettings
from longtake_engine.training.task import Examples

SETTINGS = TrainingSettings(
    steps=4,
    batch=2,
    warm_up_steps=1,
    bf16=False,
    chunk=1,
    first_chunks=2,
    steps_a_chunk=1,
    kept_chunks=2,
    validation_chunks=1,
    log_steps=2,
    validation_steps=2,
    checkpoint_steps=2,
)


@dataclass
class Brighter:
    """Learns to tell a later frame from an earlier one by a single layer."""

    fails_at: int = -1
    drawn_in_bf16: int = 0
    figures_in_bf16: int = 0
    name: str = "motion"
    scene_size: int = 16
    scenes: SceneSettings = field(default_factory=SceneSettings)

    def build(self) -> torch.nn.Module:
        return torch.nn.Conv2d(3, 3, 3, padding=1)

    def times(self, generator: torch.Generator) -> Sequence[float]:
        return (0.0, float(torch.rand((), generator=generator)))

    def shown(self, drawn: Drawn) -> Examples:
        self.drawn_in_bf16 += torch.is_autocast_enabled("cpu")
        return {"first": drawn.frames[:, 0], "second": drawn.frames[:, 1]}

    def prepare(self, shown: Examples, generator: torch.Generator) -> Examples:
        return shown

    def loss(self, network, examples: Examples, step: int):
        if step == self.fails_at:
            raise KeyboardInterrupt
        return {"error": (network(examples["first"]) - examples["second"]).square().mean()}

    def validate(self, network, examples: Examples) -> dict[str, float]:
        self.figures_in_bf16 += torch.is_autocast_enabled("cpu")
        return {"error": float(self.loss(network, examples, -2)["error"])}


class Sending(ThreadPoolExecutor):
    """Has calls made by a thread, with all that belongs to them as another process has it."""

    def __init__(self, workers: int, context: object, start: object) -> None:
        super().__init__(workers)

    def submit(self, fn, /, *given, **named):
        sent = super().submit(*pickle.loads(pickle.dumps((fn, *given))), **named)
        wait([sent])
        return sent


def weights(state: State) -> dict[str, torch.Tensor]:
    return {
        f"{prefix}.{name}": tensor
        for prefix, part in (("network", state.network), ("average", state.average))
        for name, tensor in part.state_dict().items()
    }


def assert_alike(found: State, expected: State) -> None:
    """But for how they are rounded: another batch changes a weight by a thousandth."""
    others = weights(expected)
    for name, tensor in weights(found).items():
        torch.testing.assert_close(tensor, others[name], rtol=0, atol=1e-6)


def assert_same_lines(found: Path, expected: Path) -> None:
    pairs = zip(lines(found), lines(expected), strict=True)
    assert all(line == pytest.approx(other, rel=1e-4) for line, other in pairs)


def lines(folder: Path) -> list[dict[str, float]]:
    return [{**line, "hours": 0, "kind": 0} for line in Log(folder).lines()]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    return folder, train(Brighter(), SETTINGS, folder)


def test_a_killed_training_goes_on_as_if_it_had_not_been(whole, tmp_path):
    folder, state = whole
    with pytest.raises(KeyboardInterrupt):  # between two checkpoints
        train(Brighter(fails_at=3), SETTINGS, tmp_path)
    assert read_told(tmp_path).step == 2
    resumed = train(Brighter(), SETTINGS, tmp_path, resume=True)
    assert resumed.step == state.step == 4
    assert_alike(resumed, state)
    assert_same_lines(tmp_path, folder)


def test_scenes_drawn_on_the_device_make_no_difference_killed_or_not(whole, tmp_path, monkeypatch):
    monkeypatch.setattr("longtake_engine.training.pool.ProcessPoolExecutor", Sending)
    folder, state = whole
    settings = replace(SETTINGS, drawing="device", workers=1)
    with pytest.raises(KeyboardInterrupt):
        train(Brighter(fails_at=3), settings, tmp_path)
    assert_alike(train(Brighter(), settings, tmp_path, resume=True), state)
    assert_same_lines(tmp_path, folder)


def test_on_a_card_the_training_draws_and_workers_prepare(tmp_path, monkeypatch):
    monkeypatch.setattr("longtake_engine.training.pool.ProcessPoolExecutor", Sending)
    kept = []

    def keep(self, shown):
        kept.append((get_ident(), shown))

    monkeypatch.setattr(Chunk, "keep", keep)
    monkeypatch.setattr(Chunk, "some", lambda chunk, shares: {"first": torch.zeros(1)})
    settings = replace(SETTINGS, drawing="device", workers=1)
    with Pool(tmp_path, Brighter(), settings) as pool:
        pool.batch(0)
    assert len(kept) == AHEAD  # no more than that wait in memory, however long the window is
    assert all(thread != get_ident() for thread, _ in kept)
    assert all(shown["first"].shape == (1, 3, 16, 16) for _, shown in kept)


def test_scenes_are_drawn_on_cards_alone_unless_it_is_said():
    drawn_there = [
        replace(SETTINGS, drawing=drawing, device=device).draws_on_device
        for drawing in ("auto", "workers", "device")
        for device in ("cpu", "cuda:0")
    ]
    assert drawn_there == [False, True, False, False, True, True]


def test_validation_scenes_are_not_drawn_in_the_networks_precision(tmp_path):
    task, settings = Brighter(), replace(SETTINGS, bf16=True)
    with Pool(tmp_path, task, settings) as pool:
        validated(task, task.build(), pool, settings)
    assert (task.figures_in_bf16, task.drawn_in_bf16) == (1, 0)


def test_a_stopped_training_leaves_a_checkpoint_of_its_last_step(whole, tmp_path):
    _, state = whole
    train(Brighter(), SETTINGS, tmp_path, stopped=lambda: True)
    assert read_told(tmp_path).step == 1
    resumed = train(Brighter(), SETTINGS, tmp_path, resume=True)
    assert_alike(resumed, state)


def test_it_learns_and_the_average_follows(whole):
    folder, state = whole
    errors = [line["error"] for line in lines(folder) if "gradient" not in line]
    assert len(errors) == 3
    assert errors[-1] < errors[0]
    assert state.hours > 0


def test_chunks_that_no_step_learns_from_again_are_deleted(whole):
    folder, _ = whole
    kept = sorted(path.name for path in (folder / POOL).glob("training-*"))
    assert kept == ["training-000003.safetensors", "training-000004.safetensors"]


def test_who_draws_the_scenes_makes_no_difference(whole, tmp_path):
    folder, _ = whole
    with Pool(tmp_path, Brighter(), SETTINGS) as pool:
        again = pool.batch(3)
    with Pool(folder / POOL, Brighter(), SETTINGS) as pool:
        assert all(torch.equal(part, again[name]) for name, part in pool.batch(3).items())


def test_the_rate_warms_up_and_falls_to_its_last():
    settings = replace(SETTINGS, steps=100, warm_up_steps=10, learning_rate=1.0, last_rate=0.1)
    rates = [rate_at(step, settings) for step in range(101)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == rates[10] == pytest.approx(1.0)
    assert rates[100] == pytest.approx(0.1)
    assert rates[10:] == sorted(rates[10:], reverse=True)


def test_a_card_tells_command_hours_and_figures(whole, capsys):
    folder, _ = whole
    assert main(["card", "--out", str(folder)]) == 0
    card = (folder / "card.md").read_text()
    assert "--steps 4" in card
    assert "4 of 4 steps with seed 0" in card
    assert "Apache-2.0" in card
    assert "| step | error |" in card


def test_curves_are_drawn(whole, tmp_path):
    pytest.importorskip("matplotlib")
    folder, _ = whole
    path = tmp_path / "curves.png"
    assert main(["plot", "--out", str(folder), "--to", str(path)]) == 0
    assert path.read_bytes().startswith(b"\x89PNG")


def test_what_cannot_be_done_is_said(whole, tmp_path, capsys):
    folder, _ = whole
    assert main(["motion", "--out", str(folder)]) == 2
    assert "--resume" in capsys.readouterr().err
    assert main(["motion", "--out", str(tmp_path), "--resume"]) == 3
    assert "not there" in capsys.readouterr().err
    with pytest.raises(MissingInput):
        read_told(tmp_path)
    (tmp_path / NAME).write_bytes((folder / NAME).read_bytes())
    with pytest.raises(BadInput, match="other sizes"):

        class Wider(Brighter):
            def build(self):
                return torch.nn.Conv2d(3, 4, 3, padding=1)

        train(Wider(), SETTINGS, tmp_path, resume=True)


def test_a_line_that_a_kill_cut_short_is_left_out(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_text(json.dumps({"kind": "training", "step": 1}) + '\n{"kind": "tr')
    assert [line["step"] for line in Log(tmp_path).lines()] == [1]
