"""Tiny models are taken for real ones by the code that loads real ones."""

import hashlib
from pathlib import Path

import pytest
from longtake_engine.testing.tiny_weights import FAMILIES, make_tiny
from longtake_engine.weights.check import check_whole, choose_safe

pytest.importorskip("diffusers")


def files_of(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_tiny_model_is_whole_small_and_loads_without_a_network(family, tmp_path):
    from diffusers import DiffusionPipeline  # pyright: ignore[reportPrivateImportUsage]
    from longtake_engine.testing.tiny_weights.cosmos import standing_in_for_guardrail

    folder = make_tiny(family, tmp_path / family)
    paths = list(files_of(folder))
    assert choose_safe(paths, family) == paths  # nothing pickled
    check_whole(folder, paths)
    assert sum((folder / path).stat().st_size for path in paths) < 20_000_000
    with standing_in_for_guardrail():
        pipeline = DiffusionPipeline.from_pretrained(folder, local_files_only=True)
    assert "unet" in pipeline.components or "transformer" in pipeline.components


def test_equal_seeds_give_equal_weights(tmp_path):
    first = make_tiny("wan-t2v", tmp_path / "first", seed=3)
    again = make_tiny("wan-t2v", tmp_path / "again", seed=3)
    other = make_tiny("wan-t2v", tmp_path / "other", seed=4)
    weights = "transformer/diffusion_pytorch_model.safetensors"
    assert files_of(first) == files_of(again)
    assert files_of(first)[weights] != files_of(other)[weights]
