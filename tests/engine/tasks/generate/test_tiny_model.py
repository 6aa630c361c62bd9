"""A shot by a video model of tiny random weights, through the real loading code."""

import importlib.util
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from longtake_engine.models.diffusion.backend import Diffusion
from longtake_engine.models.diffusion.table import family_of
from longtake_engine.models.schedule import Scheduled
from longtake_engine.weights.catalogue import Catalogue
from longtake_engine.work import Guidance

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("diffusers") is None, reason="diffusers is not installed"
)


@pytest.fixture
def use_tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    def use(family: str, name: str) -> None:
        import torch
        from longtake_engine.testing.tiny_store import install_tiny

        torch.set_num_threads(1)
        store = install_tiny(family, name, tmp_path / "models")
        entry = Catalogue().find(name)
        runs: Any = family_of(entry)
        runs = replace(runs, steps=2, grid=replace(runs.grid, area=32 * 32, max_frames=9))
        model = Scheduled(Diffusion(entry, runs, store))
        monkeypatch.setattr("longtake_engine.models.catalog.installed", lambda: (model,))
        monkeypatch.setattr("longtake_engine.tasks.generate.maker.installed", lambda: (model,))

    return use


@pytest.mark.parametrize("frames", [7, 31])  # one window of the model, and several
def test_words_become_a_shot_of_any_length_and_size(
    generate: Callable[..., Any], use_tiny: Callable[[str, str], None], tmp_path: Path, frames: int
) -> None:
    use_tiny("wan-t2v", "wan-t2v-1.3b")
    said = Guidance(prompt="a harbour", seed=3)
    shots = [
        generate(frames=frames, size=(50, 38), guidance=said, path=tmp_path / f"{name}.mkv")
        for name in "ab"
    ]
    assert shots[0].take.model == "wan-t2v-1.3b"
    first, again = (shot.pictures() for shot in shots)
    assert len(first) == frames
    assert (first[0].format.width, first[0].format.height) == (50, 38)
    assert all(map(np.array_equal, first[3].planes, again[3].planes))
