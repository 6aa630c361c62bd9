"""A store in which tiny random models lie under the names of real ones."""

from pathlib import Path

from longtake_engine.testing.tiny_weights import make_tiny
from longtake_engine.weights.adoption import AdoptOptions, adopt
from longtake_engine.weights.catalogue import Catalogue
from longtake_engine.weights.progress import StoreProgress
from longtake_engine.weights.store import ModelStore


def install_tiny(family: str, name: str, home: Path, seed: int = 0) -> ModelStore:
    """The store of the engine at `home`, with a tiny model of `family` in it that goes by the
    catalogue's `name`: made, looked through and taken into use as any folder is."""
    store = ModelStore(home)
    folder = make_tiny(family, home / "tiny" / name, seed)
    options = AdoptOptions(folder, name, accept_license=True)
    for _ in adopt(Catalogue(), store, options, _hear_nothing):
        pass
    return store


def _hear_nothing(progress: StoreProgress) -> None:
    pass
