import importlib.util
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from longtake_engine.models.diffusion.backend import Diffusion
from longtake_engine.models.diffusion.table import family_of
from longtake_engine.weights.catalogue import Catalogue
from longtake_engine.weights.store import ModelStore


@pytest.fixture(scope="session")
def tiny_store(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], ModelStore]:
    """The store in which the tiny model of a family goes by a name of the catalogue; made once."""
    if importlib.util.find_spec("diffusers") is None:
        pytest.skip("diffusers is not installed (the extra `weights`)")
    import torch
    from longtake_engine.testing.tiny_store import install_tiny

    torch.set_num_threads(1)  # more hinder each other on models this small
    made: dict[tuple[str, str], ModelStore] = {}

    def store(family: str, name: str) -> ModelStore:
        key = (family, name)
        if key not in made:
            made[key] = install_tiny(family, name, tmp_path_factory.mktemp(family))
        return made[key]

    return store


@pytest.fixture
def tiny(tiny_store: Callable[[str, str], ModelStore]) -> Callable[..., Diffusion]:
    """A backend over a tiny model that takes a few steps; fields of its grid as given."""

    def make(family: str, name: str, **grid: Any) -> Diffusion:
        entry = Catalogue().find(name)
        runs: Any = family_of(entry)
        runs = replace(runs, steps=min(runs.steps, 3), grid=replace(runs.grid, **grid))
        return Diffusion(entry, runs, tiny_store(family, name))

    return make
