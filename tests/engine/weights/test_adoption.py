"""Weights that are here already, used where they lie."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from longtake_engine.errors import (
    BadInput,
    EngineError,
    LicenseNotAccepted,
    MissingInput,
    WrongCall,
)
from longtake_engine.testing.hub import tiny_pipeline, tiny_weights
from longtake_engine.weights.adoption import AdoptOptions, Unused, adopt
from longtake_engine.weights.catalogue import Catalogue

NAME = "wan-vace-1.3b"
LAST = "vae/diffusion_pytorch_model.safetensors"
SECOND = "transformer/diffusion_pytorch_model-2-of-2.safetensors"


@pytest.fixture
def save(tmp_path) -> Callable[..., Path]:
    """Saves a tiny pipeline in a folder, as diffusers would."""

    def call(folder: str, **what) -> Path:
        for path, content in tiny_pipeline(**what).items():
            target = tmp_path / folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        return tmp_path / folder

    return call


@pytest.fixture
def take(store) -> Callable[..., list]:
    def call(folder: Path, name: str = "", *, accept: bool = False) -> list:
        told = []
        options = AdoptOptions(folder, name, accept)
        return list(adopt(Catalogue(), store, options, told.append))

    return call


def test_a_saved_pipeline_is_used_where_it_lies_and_forgotten_without_a_loss(save, take, store):
    folder = save("models/mine")
    [manifest] = take(folder)
    assert manifest.name == NAME
    model = store.find(NAME)
    assert (model.folder, model.manifest.imported) == (folder, True)
    removed = store.remove(NAME)
    assert (removed.freed_bytes, removed.kept_files) == (0, True)
    assert (folder / LAST).is_file()
    assert store.standing(NAME).state == "missing"


def test_models_of_one_pipeline_are_told_apart_by_their_size(save, take):
    save("ComfyUI/models/diffusers/small", layers=30)
    save("ComfyUI/models/diffusers/large", layers=40)
    found = take(save("ComfyUI/models/diffusers/other", pipeline="FooPipeline").parents[2])
    names = {one.name for one in found if not isinstance(one, Unused)}
    assert names == {"wan-vace-1.3b", "wan-vace-14b"}
    [unused] = [one for one in found if isinstance(one, Unused)]
    assert "FooPipeline" in unused.sentence


def test_what_it_may_be_is_said_and_can_be_chosen(save, take, store):
    folder = save("i2v", pipeline="WanImageToVideoPipeline")
    with pytest.raises(WrongCall, match=r"wan-i2v-14b-480p or .*--as NAME"):
        take(folder)
    take(folder, "wan-i2v-14b-720p")
    assert store.find("wan-i2v-14b-720p").folder == folder


def test_a_hubs_cache_is_used_with_its_commit_and_its_hashes(install, home, cache, take, store):
    install()
    shutil.rmtree(home / "models")
    [manifest] = take(cache)
    assert (manifest.name, manifest.revision) == (NAME, Catalogue().find(NAME).revision)
    store.remove(NAME)
    blob = (manifest.folder / LAST).resolve()
    blob.write_bytes(tiny_weights(77, 100_000))
    with pytest.raises(BadInput, match="its hash is another"):
        take(cache)
    assert store.standing(NAME).state == "missing"


def test_an_unfinished_cache_is_not_used(begun, home, cache, take, store):
    begun()
    shutil.rmtree(home / "models")
    with pytest.raises(MissingInput):
        take(cache)
    assert store.standing(NAME).state == "missing"


SPOILT = {  # a file, what it holds or None where it is gone, and what is said of that
    "no weights": (LAST, None, MissingInput, "lacks the weights of its part vae"),
    "pickle in disguise": (LAST, b"\x80pickle", BadInput, "pickled"),
    "cut off": (LAST, tiny_weights(1)[:-9], BadInput, "no whole"),
    "no piece": (SECOND, None, MissingInput, f"lacks {SECOND}"),
    "no part": ("scheduler/scheduler_config.json", None, MissingInput, "the part scheduler"),
    "no index": ("model_index.json", b"{", BadInput, "no model that Longtake knows"),
}


@pytest.mark.parametrize("case", SPOILT)
def test_what_is_not_whole_or_not_safe_is_refused(case, save, take, store):
    path, content, error, words = SPOILT[case]
    folder = save("mine")
    if content is None:
        (folder / path).unlink()
    else:
        (folder / path).write_bytes(content)
    with pytest.raises(error, match=words):
        take(folder)
    assert store.standing(NAME).state == "missing"


def test_pickled_weights_are_refused(save, take, store):
    folder = save("mine")
    (folder / LAST).rename(folder / "vae/model.bin")
    with pytest.raises(BadInput, match=r"pickled weights only for a part \(vae/model\.bin"):
        take(folder)
    assert store.standing(NAME).state == "missing"


def test_terms_hold_for_what_is_here_as_well(save, take, store):
    folder = save("hunyuan", pipeline="HunyuanVideoPipeline")
    with pytest.raises(LicenseNotAccepted, match="European Union"):
        take(folder)
    take(folder, accept=True)
    assert store.find("hunyuan-video")


BARE = {  # a file in a folder without a pipeline, and what is said of that
    "notes.txt": (b"", MissingInput, "holds no model"),
    "checkpoints/old.ckpt": (b"\x80", BadInput, "pickled"),
    "diffusion_models/wan.safetensors": (tiny_weights(1), BadInput, "one file each"),
}


@pytest.mark.parametrize("path", BARE)
def test_a_folder_without_a_pipeline(path, take, tmp_path):
    content, error, words = BARE[path]
    target = tmp_path / "folder" / path
    target.parent.mkdir(parents=True)
    target.write_bytes(content)
    with pytest.raises(error, match=words):
        take(tmp_path / "folder")


def test_a_folder_that_is_not_there(take, tmp_path):
    with pytest.raises(MissingInput, match="no folder"):
        take(tmp_path / "nothing")


def test_one_that_is_installed_is_not_replaced(save, take, store):
    take(save("one"))
    with pytest.raises(EngineError, match="installed already"):
        take(save("two"))
    assert store.find(NAME).folder.name == "one"
