"""Files of camera moves, taken into use where they lie."""

from collections.abc import Callable
from pathlib import Path

import pytest
from longtake_engine.errors import BadInput, MissingInput, WrongCall
from longtake_engine.testing.hub import tiny_weights
from longtake_engine.weights.catalogue import Catalogue
from longtake_engine.weights.lora import CameraLora, LoraShelf, Wanted
from longtake_engine.weights.store import ModelStore

NAME = "wan-t2v-1.3b"


@pytest.fixture
def shelf(tmp_path: Path) -> LoraShelf:
    return LoraShelf(ModelStore(tmp_path / "home"))


@pytest.fixture
def lora(tmp_path: Path) -> Path:
    import numpy as np
    from safetensors.numpy import save_file

    path = tmp_path / "push in.safetensors"
    save_file({"diffusion_model.blocks.0.self_attn.q.lora_A.weight": np.zeros((2, 4))}, path)
    return path


@pytest.fixture
def take(shelf: LoraShelf) -> Callable[..., CameraLora]:
    def call(path: Path, model: str = NAME, strength: float = 0.0) -> CameraLora:
        wanted = Wanted(path, Catalogue().find(model), "dolly_in", strength)
        return shelf.take(wanted, lambda progress: None)

    return call


def test_another_strength_is_another_way_of_making_things(take, lora, tmp_path):
    store = ModelStore(tmp_path / "home")
    take(lora, strength=0.75)
    stamp = store.stamp()
    take(lora, strength=0.5)
    assert store.stamp() != stamp


def test_a_file_is_used_where_it_lies_and_forgotten_without_a_loss(shelf, take, lora):
    taken = take(lora, strength=0.75)
    assert shelf.find(NAME, "dolly_in") == taken == shelf.every(NAME)[0]
    assert (taken.path, taken.strength) == (lora, 0.75)
    assert shelf.find(NAME, "pan_left") is None
    assert shelf.find("wan-t2v-14b", "dolly_in") is None
    shelf.forget(NAME, "dolly_in")
    assert shelf.every(NAME) == ()
    assert lora.is_file()
    with pytest.raises(WrongCall, match="no camera move dolly-in"):
        shelf.forget(NAME, "dolly_in")


def test_a_file_that_is_gone_or_changed_is_a_sentence(shelf, take, lora):
    take(lora)
    kept = lora.read_bytes()
    lora.write_bytes(kept + b" ")
    with pytest.raises(MissingInput, match="import it again"):
        shelf.find(NAME, "dolly_in")
    lora.unlink()
    with pytest.raises(MissingInput, match="--camera dolly-in"):
        shelf.find(NAME, "dolly_in")


def _pickle(path: Path) -> Path:
    other = path.with_suffix(".pt")
    other.write_bytes(b"PK")
    return other


def _disguise(path: Path) -> Path:
    path.write_bytes(b"\x80\x04" + bytes(100))
    return path


def _weights(path: Path) -> Path:
    path.write_bytes(tiny_weights(1))
    return path


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (_pickle, "is pickled"),
        (_disguise, "pickled weights under the name"),
        (_weights, "holds no LoRA"),
        (lambda path: path.with_name("nowhere.safetensors"), "no file"),
    ],
)
def test_what_is_none_is_refused(shelf, take, lora, harm: Callable[[Path], Path], words: str):
    with pytest.raises((BadInput, MissingInput), match=words):
        take(harm(lora))
    assert shelf.every(NAME) == ()


def test_it_is_for_models_that_make_pictures_and_in_measure(take, lora):
    with pytest.raises(WrongCall, match="makes no pictures"):
        take(lora, "qwen2.5-1.5b-instruct")
    with pytest.raises(WrongCall, match="over 0 to 4"):
        take(lora, strength=9.0)
