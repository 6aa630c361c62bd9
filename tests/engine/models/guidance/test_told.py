"""What guidance does to a tiny Wan VACE, through the real loading code and windows."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.models.diffusion.backend import Diffusion
from longtake_engine.models.diffusion.table import family_of
from longtake_engine.models.diffusion.wan_vace import WanVace
from longtake_engine.models.diffusion.wish import Wish
from longtake_engine.models.schedule import Scheduled
from longtake_engine.testing.picture import canvas_of, format_of, panning
from longtake_engine.weights.catalogue import Catalogue
from longtake_engine.work import Box, BoxPath, CameraMove, Guidance, Stroke
from msgspec.structs import replace as replace_fields

pytest.importorskip("diffusers")
NAME = "wan-vace-1.3b"
PLAIN = Guidance(prompt="a dog", seed=3)
PATH = BoxPath((Box(2, 2, 10, 10, 12), Box(18, 16, 12, 12, 40)))


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Scheduled:
    import torch
    from longtake_engine.testing.tiny_store import install_tiny

    torch.set_num_threads(1)
    store = install_tiny("wan-vace", NAME, tmp_path_factory.mktemp("home"))
    entry = Catalogue().find(NAME)
    family: Any = family_of(entry)
    family = replace(family, steps=2, grid=replace(family.grid, max_frames=17))
    return Scheduled(Diffusion(entry, family, store))


@pytest.fixture
def runs(backend: Scheduled, monkeypatch: pytest.MonkeyPatch) -> Callable[[Guidance], list]:
    """What each of two windows after a clip was told, and made: (wish, T H W 3)."""
    heard: list[tuple[Wish, np.ndarray]] = []
    run = WanVace.run

    def spy(family, pipe, block, wish, steps):
        made = run(family, pipe, block, wish, steps)
        heard.append((wish, made))
        return made

    monkeypatch.setattr(WanVace, "run", spy)
    canvas = canvas_of(panning(format_of("yuv420p", 32, 32), 12), range(12, 34))

    def complete(guidance: Guidance) -> list[tuple[Wish, np.ndarray]]:
        heard.clear()
        assert len(list(backend.complete(canvas, guidance, CancelToken()))) == 22
        assert len(heard) == 2
        return list(heard)

    return complete


@pytest.mark.parametrize(
    "changes",
    [
        {"box_paths": (PATH,)},
        {"camera": CameraMove("orbit_left")},
        {"strokes": (Stroke(None, 40, 0, box=Box(0, 20, 32, 12)),)},
    ],
    ids=["boxes", "camera", "strokes"],
)
def test_what_is_drawn_reaches_every_window(runs, changes):
    plain, told = runs(PLAIN), runs(replace_fields(PLAIN, **changes))
    for (silent, made), (wish, led) in zip(plain, told, strict=True):
        assert silent.control is None
        assert wish.control.shape == led.shape
        assert wish.control.min() < 0.9
        assert (made != led).any()


def test_boxes_go_on_from_window_to_window(runs):
    (first, _), (second, _) = runs(replace_fields(PLAIN, box_paths=(PATH,)))

    def middle(picture: np.ndarray) -> float:
        return float(np.nonzero(picture[..., 0] < 0.5)[1].mean())

    courses = [middle(picture) for wish in (first, second) for picture in wish.control]
    assert middle(first.control[0]) < middle(first.control[-1]) < middle(second.control[-1])
    assert max(np.abs(np.diff(courses))) < 6  # no jump between the two


def test_references_reach_the_model(runs, tmp_path: Path):
    picture = np.random.default_rng(1).integers(0, 255, (40, 60, 3), np.uint8)
    cv2.imwrite(str(tmp_path / "dog.png"), picture)
    plain = runs(PLAIN)
    told = runs(replace_fields(PLAIN, reference_paths=(tmp_path / "dog.png",)))
    for (_, made), (wish, led) in zip(plain, told, strict=True):
        assert len(wish.references) == 1
        assert (made != led).any()
