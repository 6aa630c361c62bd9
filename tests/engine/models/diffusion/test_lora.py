"""Camera moves that were taught beside a model, through the real loading code."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas
from longtake_engine.errors import BadInput, NotPossible
from longtake_engine.models.diffusion.lora import add_lora, addition_for
from longtake_engine.models.guidance.unheard import unheard
from longtake_engine.testing.picture import format_of
from longtake_engine.weights.catalogue import Catalogue
from longtake_engine.weights.lora import CameraLora, LoraShelf, Wanted
from longtake_engine.work import CameraKind, CameraMove, Guidance

pytest.importorskip("peft")
NAME = "wan-t2v-1.3b"


@pytest.fixture
def shelf(tiny_store, monkeypatch):
    """The camera moves beside the tiny Wan; none afterwards."""
    store = tiny_store("wan-t2v", NAME)
    monkeypatch.setenv("LONGTAKE_HOME", str(store.folder.parent))
    shelf = LoraShelf(store)
    yield shelf
    for lora in shelf.every(NAME):
        shelf.forget(NAME, lora.camera)


@pytest.fixture
def teach(shelf: LoraShelf, tmp_path: Path):
    """Takes a tiny file for a move of the camera into use."""
    from longtake_engine.testing.tiny_weights.lora import make_lora

    def call(camera: CameraKind = "dolly_in", strength: float = 1.0, **how) -> CameraLora:
        path = make_lora(tmp_path / f"{camera}.safetensors", **how)
        wanted = Wanted(path, Catalogue().find(NAME), camera, strength)
        return shelf.take(wanted, lambda progress: None)

    return call


def make(tiny, camera: CameraMove | None) -> tuple[np.ndarray, tuple[str, ...]]:
    """The last frame of a shot of words, and what was remarked of it."""
    cancel = CancelToken()
    canvas = Canvas(format_of("gbrp16", 32, 32), Fraction(16), {}, range(5))
    said = Guidance(prompt="a harbour", camera=camera)
    *_, last = tiny("wan-t2v", NAME).complete(canvas, said, cancel)
    return last.picture.planes[0], cancel.remarks_on(NAME)


def test_a_taught_move_changes_the_shot_by_its_strength_and_is_told(tiny, teach):
    plain, nothing = make(tiny, CameraMove("dolly_in"))
    teach("dolly_in", 0.5)
    taught, (said,) = make(tiny, CameraMove("dolly_in"))
    other, unsaid = make(tiny, CameraMove("pan_left"))
    assert nothing == unsaid == ()
    assert said == "The camera's move was made by dolly_in.safetensors, at strength 0.5."
    assert np.array_equal(other, plain)  # another move, which nothing was taught of
    assert not np.array_equal(taught, plain)
    harder, _ = make(tiny, CameraMove("dolly_in", 1.0))
    assert not np.array_equal(harder, taught)


def test_what_is_taught_is_not_said_to_be_told_in_words_alone(teach):
    said = Guidance(prompt="a harbour", camera=CameraMove("dolly_in"))
    assert "in words alone" in unheard(said, NAME)[0]
    teach("dolly_in")
    assert unheard(said, NAME) == ()


def test_a_file_for_a_model_of_another_size_is_a_sentence(tiny, teach):
    teach("dolly_in", width=32)
    with pytest.raises(BadInput, match=f"does not go with {NAME}"):
        make(tiny, CameraMove("dolly_in"))


def test_a_file_with_nothing_for_this_model_is_a_sentence(tiny, shelf, tmp_path):
    import torch
    from safetensors.torch import save_file

    path = tmp_path / "other.safetensors"
    save_file({"lora_te.layer.lora_A.weight": torch.zeros(2, 2)}, path)
    shelf.take(Wanted(path, Catalogue().find(NAME), "dolly_in"), lambda progress: None)
    with pytest.raises(BadInput, match=f"does not go with {NAME}"):
        make(tiny, CameraMove("dolly_in"))


def test_a_model_that_takes_none_is_a_sentence(teach):
    addition = addition_for(teach(), CameraMove("dolly_in"))
    with pytest.raises(NotPossible, match="no camera moves as files"):
        add_lora(object(), "svd", addition)


@pytest.mark.parametrize(("amount", "strength"), [(0.0, 0.8), (0.5, 0.8), (1.0, 1.2), (0.25, 0.6)])
def test_the_amount_of_a_move_is_a_share_of_its_strength(teach, amount, strength):
    addition = addition_for(teach(strength=0.8), CameraMove("dolly_in", amount))
    assert addition.strength == pytest.approx(strength)
