"""A store in which tiny random models lie under the names of real ones."""

import gc
from pathlib import Path

from longtake_engine.testing.tiny_weights import make_tiny
from longtake_engine.weights.adoption import AdoptOptions, adopt
from longtake_engine.weights.catalogue import Catalogue
from longtake_engine.weights.progress import StoreProgress
from longtake_engine.weights.store import ModelStore


def install_tiny(family: str, name: str, home: Path, seed: int = 0) -> ModelStore:
    """The store of the engine at `home`, with a tiny model of `family` in it that goes by the
    catalogue's `name`: made, looked through and taken into use as any folder is."""
    store = take_into_use(make_tiny(family, home / "tiny" / name, seed), home, name)
    # The libraries that are loaded by now stay: to look through their million objects whenever a
    # model is freed would take longer than all that a tiny model does.
    gc.collect()
    gc.freeze()
    return store


def take_into_use(folder: Path, home: Path, name: str = "") -> ModelStore:
    """The store of the engine at `home`, with the model in `folder` in it; `name` as in
    `AdoptOptions`."""
    store = ModelStore(home)
    for _ in adopt(Catalogue(), store, AdoptOptions(folder, name, accept_license=True), _ignore):
        pass
    return store


def _ignore(progress: StoreProgress) -> None:
    pass
